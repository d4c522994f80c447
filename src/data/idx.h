// Incremental parser of the IDX files that MNIST and its relatives come in.
//
// Format (Y. LeCun, C. Cortes, C. Burges, "The MNIST database"): big-endian 32-bit numbers, first a magic number (two zero
// bytes, the type 08 = unsigned byte, the number of dimensions), then one size per dimension, then the bytes.
// The parser owns the bytes, in blocks that never move: a span to an item stays valid as long as the parser lives, and a
// header that promises gigabytes allocates nothing before they arrive.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"

namespace lenet::data {

/// What an IDX file holds; the value is its magic number.
enum class IdxKind : std::uint32_t {
  kImages = 0x00000803,  ///< bytes [count][rows][cols]
  kLabels = 0x00000801,  ///< bytes [count], each 0 to 9
};

/// Takes an uncompressed IDX file in pieces of any size. After an Error, do not push again (it throws); what had arrived
/// before stays readable.
class IdxParser {
 public:
  static constexpr std::uint32_t kMaxSide = 1024;                     ///< largest rows or cols
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30;  ///< largest file body

  /// `name` is the file's name for error messages.
  IdxParser(IdxKind kind, std::string name);

  /// Takes the next bytes of the file. Throws Error on a wrong magic number, sizes of zero or beyond the limits, more bytes
  /// than the sizes allow, and a label over 9.
  void push(std::span<const std::byte> bytes);

  /// Says that the file is over. Throws Error when bytes are missing.
  void finish() const;

  /// True once the sizes are known.
  bool has_header() const { return count_ > 0; }
  /// Declared number of items; 0 while the header has not arrived.
  int count() const { return count_; }
  /// Items that have arrived completely.
  int available() const { return available_; }
  /// Height and width of an image in pixels (1 and 1 for labels); 0 while unknown.
  int rows() const { return rows_; }
  int cols() const { return cols_; }
  /// Bytes of item i, [rows][cols]. Throws std::logic_error unless 0 <= i < available().
  std::span<const std::uint8_t> item(int i) const;
  /// Hash over everything that has arrived, header included.
  const Hash& hash() const { return hash_; }

 private:
  std::size_t header_size() const { return kind_ == IdxKind::kImages ? 16 : 8; }
  std::size_t take_header(std::span<const std::byte> bytes);
  std::size_t take_body(std::span<const std::byte> bytes);
  void check_magic() const;
  void read_sizes();
  void check_labels(std::span<const std::byte> bytes) const;

  IdxKind kind_;
  std::string name_;
  bool failed_ = false;
  std::array<std::byte, 16> header_{};
  std::size_t header_filled_ = 0;
  int count_ = 0;
  int available_ = 0;
  int rows_ = 0;
  int cols_ = 0;
  std::size_t item_size_ = 0;        // bytes
  std::size_t items_per_block_ = 0;  // an item never crosses a block
  std::size_t body_size_ = 0;        // bytes, declared
  std::size_t body_filled_ = 0;      // bytes, arrived
  std::vector<std::vector<std::uint8_t>> blocks_;
  Hash hash_;
};

}  // namespace lenet::data
