// Numbers as text.
#include "ui/format.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace lenet::ui {

namespace {

/// ASCII hyphens to minus signs.
std::string with_minus(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 3) text.replace(at, 1, "−");
  return text;
}

/// 7e+08 to 7e8, 5e-05 to 5e-5.
std::string short_exponent(std::string text) {
  const std::size_t sign = text.find('e') + 1;
  std::size_t digits = sign + 1;
  while (digits + 1 < text.size() && text[digits] == '0') ++digits;
  return text.substr(0, sign) + (text[sign] == '-' ? "-" : "") + text.substr(digits);
}

}  // namespace

std::string print(const char* format, ...) {
  char text[256];
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string number(double value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size < 1e-4 || size >= 1e5) return with_minus(short_exponent(print("%.*e", std::max(0, digits - 2), value)));
  const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
  const int decimals = before >= digits ? 0 : digits - before;
  return with_minus(print("%.*f", decimals, value));
}

std::string signed_number(double value, int digits) { return (value > 0 ? "+" : "") + number(value, digits); }

std::string signed_decimals(double value, int decimals) {
  if (!std::isfinite(value) || std::abs(value) >= 1000) return signed_number(value);
  const std::string text = print("%+.*f", decimals, value);
  const bool zero = text.find_first_of("123456789") == std::string::npos;  // "-0.00" says a sign that nobody can see
  return zero ? text.substr(1) : with_minus(text);
}

std::string percent(double fraction, int decimals) {
  if (!std::isfinite(fraction)) return "–";
  if (fraction >= 10) return number(fraction * 100, 3) + " %";
  return print("%.*f %%", decimals, fraction * 100);
}

std::string duration(double seconds) {
  if (seconds < 120) return print("%.1f s", seconds);
  const int whole = static_cast<int>(seconds);
  if (whole < 7200) return print("%d min %02d s", whole / 60, whole % 60);
  return print("%d h %02d min", whole / 3600, whole / 60 % 60);
}

}  // namespace lenet::ui
