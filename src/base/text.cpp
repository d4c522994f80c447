#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace lenet {

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) text += separator;
    text += part;
  }
  return text;
}

std::optional<double> read_decimal(std::string_view text) {
  // strtod takes spaces, hexadecimal digits, "inf" and "nan" as well.
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  // Not from_chars: the libc++ that comes with Emscripten has none for numbers with a fraction. Not a stream: it would bring 200 kB of
  // locales into the page. The decimal point is the C locale's, since the program sets no other.
  const std::string digits(text);
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  if (digits.empty() || end != digits.c_str() + digits.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

namespace {

template <class T>
std::string shortest_text(T value) {
  char text[64];
  const T size = value < 0 ? -value : value;
  const bool usual = size == 0 || (size >= T(1e-6) && size < T(1e15));  // 0.0001, where to_chars alone would write 1e-04
  const auto [end, error] =
      std::to_chars(text, text + sizeof(text), value, usual ? std::chars_format::fixed : std::chars_format::scientific);
  return {text, error == std::errc() ? end : text};
}

}  // namespace

std::string decimal_text(double value) { return shortest_text(value); }

std::string float_text(float value) { return shortest_text(value); }

}  // namespace lenet
