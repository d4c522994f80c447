// Numbers as text: thousands separators, real minus signs, sensible digits.
#pragma once

#include <cstdint>
#include <string>

namespace lenet::ui {

/// snprintf into a string.
[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...);

/// 12,345
std::string grouped(std::uint64_t value);
/// Three significant digits with a minus sign that is as wide as a plus: −0.123, 12.3, 1.2e−4, 7e8.
std::string number(double value, int digits = 3);
/// The same with the sign always there.
std::string signed_number(double value, int digits = 3);
/// The same with so many decimals, to be compared in a column: +0.03, −1.20. What has no room for them is as signed_number() has it.
std::string signed_decimals(double value, int decimals = 2);
/// 98.31 %
std::string percent(double fraction, int decimals = 2);
/// 12.3 s, 2 min 05 s
std::string duration(double seconds);

}  // namespace lenet::ui
