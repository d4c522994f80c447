#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

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

/// A number as sign, digits without the zeros at their end, and the power of ten of the first digit: 0.0123 is "", "123", −2.
struct Digits {
  std::string sign, digits;
  int exponent = 0;
};

/// The fewest digits that give a finite value back. Not to_chars: its tables would be 115 kB of the page.
template <class T>
Digits shortest_digits(T value) {
  char text[40];
  for (int count = std::numeric_limits<T>::digits10; count <= std::numeric_limits<T>::max_digits10; ++count) {
    std::snprintf(text, sizeof(text), "%.*e", count - 1, static_cast<double>(value));
    if (static_cast<T>(std::strtod(text, nullptr)) == value) break;
  }
  Digits parts;
  const char* next = text;
  if (*next == '-') parts.sign = *next++;
  for (; *next != 'e'; ++next) {
    if (*next != '.') parts.digits += *next;
  }
  parts.exponent = std::atoi(next + 1);
  parts.digits.resize(parts.digits.find_last_not_of('0') + 1);
  return parts;
}

template <class T>
std::string shortest_text(T value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  auto [sign, digits, exponent] = shortest_digits(value);
  if (digits.empty()) return sign + "0";
  const T size = value < 0 ? -value : value;
  if (size >= T(1e-6) && size < T(1e15)) {
    if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0');
    return sign + digits.insert(whole, ".");
  }
  if (digits.size() > 1) digits.insert(1, ".");
  const std::string power = std::to_string(exponent < 0 ? -exponent : exponent);
  return sign + digits + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
}

}  // namespace

std::string decimal_text(double value) { return shortest_text(value); }

std::string float_text(float value) { return shortest_text(value); }

}  // namespace lenet
