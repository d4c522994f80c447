#include "data/gzip.h"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"

namespace lenet::data {
namespace {

constexpr std::byte kMagic0{0x1f};
constexpr std::byte kMagic1{0x8b};
constexpr std::size_t kOutputSize = std::size_t{64} * 1024;
constexpr std::size_t kMaxInput = std::size_t{1} << 30;  // zlib counts in unsigned int

}  // namespace

struct GzipReader::Inflater {
  z_stream stream{};
  std::array<std::byte, kOutputSize> output;

  explicit Inflater(const std::string& name) {
    constexpr int kGzipOnly = 15 + 16;  // largest window, gzip header required
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) throw Error(name + ": there is not enough memory to decompress it.");
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

GzipReader::GzipReader(std::string name) : name_(std::move(name)) {}
GzipReader::~GzipReader() = default;
GzipReader::GzipReader(GzipReader&&) noexcept = default;
GzipReader& GzipReader::operator=(GzipReader&&) noexcept = default;

void GzipReader::push(std::span<const std::byte> bytes, const Sink& sink) {
  refuse_if_failed();
  failed_ = true;  // until the end of this call is reached: whatever throws, here or in the sink, closes the reader
  while (!bytes.empty()) {
    switch (state_) {
      case State::kPlain:
        sink(bytes);
        bytes = {};
        break;
      case State::kInflating: bytes = inflate_some(bytes, sink); break;
      case State::kStart:
      case State::kBetweenMembers: bytes = take_magic(bytes, sink); break;
    }
  }
  failed_ = false;
}

void GzipReader::finish() {
  refuse_if_failed();
  if (state_ == State::kInflating || magic_half_seen_) {
    failed_ = true;
    throw Error(name_ + " is cut short: the file ends in the middle of its gzip data. Download or copy it again.");
  }
}

/// Looks at one byte where gzip data may begin, and returns what is left.
std::span<const std::byte> GzipReader::take_magic(std::span<const std::byte> bytes, const Sink& sink) {
  if (!magic_half_seen_ && bytes[0] == kMagic0) {
    magic_half_seen_ = true;
    return bytes.subspan(1);
  }
  if (magic_half_seen_ && bytes[0] == kMagic1) {
    begin_member(sink);
    return bytes.subspan(1);
  }
  if (state_ == State::kBetweenMembers) {
    throw Error(name_ + " is damaged: unknown bytes follow the end of its gzip data. Download or copy it again.");
  }
  state_ = State::kPlain;
  if (std::exchange(magic_half_seen_, false)) sink(std::span(&kMagic0, 1));
  return bytes;
}

void GzipReader::begin_member(const Sink& sink) {
  if (!inflater_) inflater_ = std::make_unique<Inflater>(name_);
  inflateReset(&inflater_->stream);
  magic_half_seen_ = false;
  state_ = State::kInflating;
  const std::array magic = {kMagic0, kMagic1};  // zlib wants to see the header from its first byte
  inflate_some(magic, sink);
}

/// Decompresses from `bytes` until they are used up or a member ends, and returns what is left.
std::span<const std::byte> GzipReader::inflate_some(std::span<const std::byte> bytes, const Sink& sink) {
  z_stream& stream = inflater_->stream;
  std::array<std::byte, kOutputSize>& output = inflater_->output;
  const std::size_t offered = std::min(bytes.size(), kMaxInput);
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(offered);
  int status = Z_OK;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(output.data());
    stream.avail_out = static_cast<uInt>(output.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      const std::string reason = stream.msg ? stream.msg : "error " + std::to_string(status);
      throw Error(name_ + " is damaged: its gzip data is corrupt (" + reason + "). Download or copy it again.");
    }
    const std::size_t produced = output.size() - stream.avail_out;
    if (produced > 0) sink(std::span(output).first(produced));
    // A full output buffer may hide more output although all input is taken.
  } while (status == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
  if (status == Z_STREAM_END) state_ = State::kBetweenMembers;
  return bytes.subspan(offered - stream.avail_in);
}

void GzipReader::refuse_if_failed() const {
  if (failed_) throw Error(name_ + ": reading it failed before. Load the file again from its beginning.");
}

}  // namespace lenet::data
