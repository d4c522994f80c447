// Reading and writing descriptions: words and numbers, the same on every platform and in every locale.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lenet {

/// The parts of `text` between any of the characters in `separators`; empty parts are left out.
std::vector<std::string_view> split(std::string_view text, std::string_view separators);

/// The parts with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The whole of `text` as a decimal integer, such as "12"; nothing when it is anything else or does not fit `Integer`.
template <class Integer>
std::optional<Integer> read_whole(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The whole of `text` as a finite decimal number, such as "0.5" or "1e-4"; nothing when it is anything else.
std::optional<double> read_decimal(std::string_view text);

/// The fewest digits that read_decimal() turns into exactly this finite number; with an exponent only below 1e-6 and from 1e15 on.
std::string decimal_text(double value);
/// The fewest digits that give exactly this float again: 0.1 and not 0.10000000149011612.
std::string float_text(float value);

}  // namespace lenet
