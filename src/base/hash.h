// A 64-bit content hash for weights and data sets: equal bits, equal hash. Not for security.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace lenet {

/// FNV-1a over bytes; feed several buffers one after the other.
class Hash {
 public:
  void add(std::span<const std::byte> bytes) {
    for (const std::byte b : bytes) value_ = (value_ ^ static_cast<std::uint64_t>(b)) * 0x100000001B3ull;
  }
  template <class T>
  void add_values(std::span<const T> values) {
    add(std::as_bytes(values));
  }
  std::uint64_t value() const { return value_; }
  /// Sixteen hexadecimal digits.
  std::string text() const {
    std::string digits(16, '0');
    for (int i = 0; i < 16; ++i) digits[static_cast<std::size_t>(i)] = "0123456789abcdef"[(value_ >> (60 - 4 * i)) & 15];
    return digits;
  }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325ull;
};

}  // namespace lenet
