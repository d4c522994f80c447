// NumPy's .npy files, read and written: float32 and int64, little endian, C order.
//
// Format: NumPy Enhancement Proposal 1 and numpy.lib.format. Written as version 1.0; read as 1.0 to 3.0 (they differ only in
// the width of the header's length and its text encoding).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace lenet::data {

/// An array in C order: the last index varies fastest. An empty shape is a scalar with one value.
template <class T>
struct NpyArray {
  std::vector<int> shape;
  std::vector<T> values;  ///< as many as the product of the shape
};
using NpyFloats = NpyArray<float>;
using NpyInts = NpyArray<std::int64_t>;

/// Largest array that is read: 2 GiB of values in at most 16 dimensions.
inline constexpr std::uint64_t kMaxNpyBytes = std::uint64_t{1} << 31;
inline constexpr std::size_t kMaxNpyDimensions = 16;

/// Reads a whole file's bytes; `name` is its name for error messages. Throw Error when it is no .npy file, has another type,
/// byte order or Fortran order, announces an absurd shape or a header beyond its end, or has too few or too many values.
NpyFloats parse_npy_floats(std::span<const std::byte> file, const std::string& name);
NpyInts parse_npy_ints(std::span<const std::byte> file, const std::string& name);

/// The bytes of a .npy file, as NumPy itself would write it. Throw std::logic_error when shape and values do not fit.
std::vector<std::byte> format_npy(std::span<const int> shape, std::span<const float> values);
std::vector<std::byte> format_npy(std::span<const int> shape, std::span<const std::int64_t> values);

/// The same from and to a file on disk. Throw Error also when it cannot be read or written.
NpyFloats load_npy_floats(const std::filesystem::path& path);
NpyInts load_npy_ints(const std::filesystem::path& path);
void save_npy(const std::filesystem::path& path, std::span<const int> shape, std::span<const float> values);
void save_npy(const std::filesystem::path& path, std::span<const int> shape, std::span<const std::int64_t> values);

}  // namespace lenet::data
