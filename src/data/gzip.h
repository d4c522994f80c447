// Decompression of a file that arrives in pieces: gzip by its magic bytes, anything else is passed through unchanged.
//
// Used by the readers of data files, in the page (pieces of a download) and natively (pieces of a file) alike. The reader
// holds one fixed buffer, so a file that expands to gigabytes costs no memory here: the sink decides when it is too much.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace lenet::data {

/// Incremental gzip reader (RFC 1952, several members allowed) over zlib.
/// After an Error from push or from the sink the reader stays closed: every later call throws as well.
class GzipReader {
 public:
  /// Receives decompressed bytes; the span is valid during the call only.
  using Sink = std::function<void(std::span<const std::byte>)>;

  /// `name` is the file's name for error messages.
  explicit GzipReader(std::string name);
  ~GzipReader();
  GzipReader(GzipReader&&) noexcept;
  GzipReader& operator=(GzipReader&&) noexcept;

  /// Takes the next bytes of the file, in pieces of any size, and hands on what they decompress to.
  /// Throws Error when the compressed data is corrupt or something follows its end.
  void push(std::span<const std::byte> bytes, const Sink& sink);

  /// Says that the file is over. Throws Error when it was cut short.
  void finish();

 private:
  enum class State { kStart, kPlain, kInflating, kBetweenMembers };
  struct Inflater;

  std::span<const std::byte> take_magic(std::span<const std::byte> bytes, const Sink& sink);
  std::span<const std::byte> inflate_some(std::span<const std::byte> bytes, const Sink& sink);
  void begin_member(const Sink& sink);
  void refuse_if_failed() const;

  std::string name_;
  State state_ = State::kStart;
  bool magic_half_seen_ = false;  // the byte 1f came, 8b is still to come
  bool failed_ = false;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace lenet::data
