#include "data/idx.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/error.h"

namespace lenet::data {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr int kLargestLabel = 9;

std::uint32_t big_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte b : bytes.first(4)) value = (value << 8) | std::to_integer<std::uint32_t>(b);
  return value;
}

std::string hexadecimal(std::uint32_t value) {
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[(value >> shift) & 15];
  return text;
}

const char* plural(IdxKind kind) { return kind == IdxKind::kImages ? "images" : "labels"; }

IdxKind other(IdxKind kind) { return kind == IdxKind::kImages ? IdxKind::kLabels : IdxKind::kImages; }

/// What a file that is no IDX file probably is; empty when its first bytes say nothing.
std::string guess_format(std::uint32_t magic) {
  switch (magic) {
    case 0x504b0304: return "It looks like a ZIP archive: unpack it first.";
    case 0x3c21444f:  // <!DO
    case 0x3c21646f:  // <!do
    case 0x3c68746d:  // <htm
    case 0x3c48544d:  // <HTM
      return "It looks like a web page: the download gave a page instead of the file.";
    case 0x89504e47: return "It looks like a PNG image.";
    case 0x934e554d: return "It looks like a NumPy file.";
    default: break;
  }
  if (magic >> 16 == 0x1f8b) return "It looks compressed twice: decompress it once by hand.";
  return "";
}

}  // namespace

IdxParser::IdxParser(IdxKind kind, std::string name) : kind_(kind), name_(std::move(name)) {}

void IdxParser::push(std::span<const std::byte> bytes) {
  if (failed_) throw Error(name_ + ": reading it failed before. Load the file again from its beginning.");
  failed_ = true;  // until the end of this call is reached
  while (!bytes.empty()) {
    const std::size_t taken = has_header() ? take_body(bytes) : take_header(bytes);
    bytes = bytes.subspan(taken);
  }
  failed_ = false;
}

void IdxParser::finish() const {
  if (header_filled_ == 0) throw Error(name_ + " is empty. Download or copy it again.");
  if (!has_header()) {
    throw Error(name_ + " is cut short: it ends inside its header, after " + std::to_string(header_filled_) + " bytes.");
  }
  if (body_filled_ < body_size_) {
    throw Error(name_ + " is cut short: it announces " + std::to_string(count_) + " " + plural(kind_) + " but ends after " +
                std::to_string(available_) + ". Download or copy it again.");
  }
}

std::span<const std::uint8_t> IdxParser::item(int i) const {
  if (i < 0 || i >= available_) throw std::logic_error("IdxParser::item: no such item");
  const auto index = static_cast<std::size_t>(i);
  const std::vector<std::uint8_t>& block = blocks_[index / items_per_block_];
  return std::span(block).subspan(index % items_per_block_ * item_size_, item_size_);
}

std::size_t IdxParser::take_header(std::span<const std::byte> bytes) {
  const std::size_t taken = std::min(bytes.size(), header_size() - header_filled_);
  std::copy_n(bytes.begin(), taken, header_.begin() + static_cast<std::ptrdiff_t>(header_filled_));
  hash_.add(bytes.first(taken));
  const bool magic_is_new = header_filled_ < 4;
  header_filled_ += taken;
  if (magic_is_new && header_filled_ >= 4) check_magic();
  if (header_filled_ == header_size()) read_sizes();
  return taken;
}

void IdxParser::check_magic() const {
  const std::uint32_t magic = big_endian(header_);
  if (magic == static_cast<std::uint32_t>(kind_)) return;
  if (magic == static_cast<std::uint32_t>(other(kind_))) {
    throw Error(name_ + " has the wrong magic number: these are " + plural(other(kind_)) + ", but a file of " + plural(kind_) +
                " is needed here. Are two files swapped?");
  }
  std::string message = name_ + " has the wrong magic number: an IDX file of " + plural(kind_) + " begins with " +
                        hexadecimal(static_cast<std::uint32_t>(kind_)) + ", this one with " + hexadecimal(magic) + ".";
  const std::string guess = guess_format(magic);
  if (!guess.empty()) message += " " + guess;
  throw Error(message);
}

void IdxParser::read_sizes() {
  const std::span<const std::byte> header = header_;
  const bool images = kind_ == IdxKind::kImages;
  const std::uint64_t count = big_endian(header.subspan(4));
  const std::uint64_t rows = images ? big_endian(header.subspan(8)) : 1;
  const std::uint64_t cols = images ? big_endian(header.subspan(12)) : 1;
  std::string sizes = std::to_string(count) + " " + plural(kind_);
  if (images) sizes += " of " + std::to_string(rows) + " x " + std::to_string(cols) + " pixels";
  if (count == 0 || rows == 0 || cols == 0) {
    throw Error(name_ + " holds nothing: its header announces " + sizes + ". Download or copy it again.");
  }
  // The sides are checked first, so that the product below stays under 2^52.
  if (rows > kMaxSide || cols > kMaxSide || count * rows * cols > kMaxBytes) {
    throw Error(name_ + " is damaged or too large: its header announces " + sizes + "; the limits are " +
                std::to_string(kMaxSide) + " pixels a side and " + std::to_string(kMaxBytes >> 20) + " MiB.");
  }
  rows_ = static_cast<int>(rows);
  cols_ = static_cast<int>(cols);
  item_size_ = static_cast<std::size_t>(rows * cols);
  items_per_block_ = std::max<std::size_t>(1, kBlockBytes / item_size_);
  body_size_ = static_cast<std::size_t>(count) * item_size_;
  count_ = static_cast<int>(count);
}

std::size_t IdxParser::take_body(std::span<const std::byte> bytes) {
  if (body_filled_ == body_size_) {
    throw Error(name_ + " is too long: bytes follow the " + std::to_string(count_) + " " + plural(kind_) +
                " that its header announces. Download or copy it again.");
  }
  const std::size_t full_block = items_per_block_ * item_size_;
  const std::size_t place = body_filled_ % full_block;
  const std::size_t block_size = std::min(full_block, body_size_ - (body_filled_ - place));
  const std::size_t taken = std::min(bytes.size(), block_size - place);
  if (kind_ == IdxKind::kLabels) check_labels(bytes.first(taken));
  if (place == 0) blocks_.emplace_back(block_size);
  std::memcpy(blocks_.back().data() + place, bytes.data(), taken);
  hash_.add(bytes.first(taken));
  body_filled_ += taken;
  available_ = static_cast<int>(body_filled_ / item_size_);
  return taken;
}

void IdxParser::check_labels(std::span<const std::byte> bytes) const {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int label = std::to_integer<int>(bytes[i]);
    if (label > kLargestLabel) {
      throw Error(name_ + ": the label at position " + std::to_string(body_filled_ + i) + " (counted from 0) is " +
                  std::to_string(label) + ", but labels are digits from 0 to 9.");
    }
  }
}

}  // namespace lenet::data
