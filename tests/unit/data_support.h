// Shared by the tests of src/data: bytes, small IDX and gzip files made in memory, and pushing in pieces.
#pragma once

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "support.h"

namespace lenet::test {

using Bytes = std::vector<std::byte>;

inline Bytes bytes_of(const std::string& text) {
  Bytes bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// The numbers as big-endian 32-bit words.
inline Bytes words(std::initializer_list<std::uint32_t> values) {
  Bytes bytes;
  for (const std::uint32_t v : values) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>((v >> shift) & 0xFF));
  }
  return bytes;
}

/// An IDX file of `count` images whose pixel k is (7 k + salt) mod 256.
inline Bytes idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t cols, std::uint32_t salt = 0) {
  Bytes file = words({0x803, count, rows, cols});
  for (std::uint32_t k = 0; k < count * rows * cols; ++k) file.push_back(static_cast<std::byte>((7 * k + salt) & 0xFF));
  return file;
}

/// An IDX file of `count` labels 0, 1, … 9, 0, ….
inline Bytes idx_labels(std::uint32_t count) {
  Bytes file = words({0x801, count});
  for (std::uint32_t k = 0; k < count; ++k) file.push_back(static_cast<std::byte>(k % 10));
  return file;
}

inline Bytes gzip(const Bytes& plain) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(deflateBound(&stream, static_cast<uLong>(plain.size())) + 64);
  stream.next_in = reinterpret_cast<const Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// Calls push with pieces of `size` bytes (the last may be shorter).
template <class Push>
void in_pieces(std::span<const std::byte> bytes, std::size_t size, Push&& push) {
  for (std::size_t at = 0; at < bytes.size(); at += size) push(bytes.subspan(at, std::min(size, bytes.size() - at)));
}

/// A path that no other run uses: the tests run natively and as wasm at the same time.
inline std::filesystem::path temporary_path(const std::string& name) {
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const auto salt = std::to_string(now) + "-" + std::to_string(std::random_device{}());
  return std::filesystem::temp_directory_path() / ("lenet-lab-" + salt + "-" + name);
}

/// A folder that is removed again.
struct TemporaryFolder {
  std::filesystem::path path;
  explicit TemporaryFolder(const std::string& name) : path(temporary_path(name)) { std::filesystem::create_directories(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace lenet::test
