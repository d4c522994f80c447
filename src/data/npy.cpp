#include "data/npy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <ios>
#include <stdexcept>
#include <string_view>

#include "base/error.h"
#include "data/npy_header.h"

namespace lenet::data {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they lie in memory");

constexpr std::array<unsigned char, 6> kMagic = {0x93, 'N', 'U', 'M', 'P', 'Y'};
constexpr std::size_t kAlignment = 64;  // of the first value, as NumPy writes it

template <class T>
constexpr std::string_view kType = "";
template <>
constexpr std::string_view kType<float> = "<f4";
template <>
constexpr std::string_view kType<std::int64_t> = "<i8";

template <class T>
constexpr const char* kTypeName = "";
template <>
constexpr const char* kTypeName<float> = "float32";
template <>
constexpr const char* kTypeName<std::int64_t> = "int64";

/// Where the header text lies in the file.
struct HeaderPlace {
  std::size_t begin;
  std::size_t size;
};

HeaderPlace find_header(std::span<const std::byte> file, const std::string& name) {
  if (file.empty()) throw Error(name + " is empty.");
  const std::size_t common = std::min(file.size(), kMagic.size());
  if (std::memcmp(file.data(), kMagic.data(), common) != 0) {
    throw Error(name + " is not a NumPy .npy file: it does not begin with \\x93NUMPY. Write it with numpy.save.");
  }
  const int version = file.size() > 6 ? std::to_integer<int>(file[6]) : 1;
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t begin = 8 + length_bytes;
  if (file.size() < begin) throw Error(name + " is cut short: it ends inside its header.");
  if (version < 1 || version > 3) {
    throw Error(name + " is a .npy file of version " + std::to_string(version) + ", which is not known here (1 to 3 are).");
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) size |= std::to_integer<std::size_t>(file[8 + i]) << (8 * i);
  if (size > file.size() - begin) {
    throw Error(name + " is cut short or damaged: its header should take " + std::to_string(size) + " bytes, but only " +
                std::to_string(file.size() - begin) + " follow.");
  }
  return {begin, size};
}

/// Bytes of all values. Refuses shapes beyond the limits before anything is allocated.
std::size_t checked_size(const std::vector<int>& shape, std::size_t value_size, const std::string& name) {
  if (shape.size() > kMaxNpyDimensions) {
    throw Error(name + " announces an absurd shape: it has " + std::to_string(shape.size()) + " dimensions.");
  }
  std::uint64_t bytes = value_size;
  for (const int side : shape) {
    bytes *= static_cast<std::uint64_t>(side);  // at most 2^31 times 2^31
    if (bytes > kMaxNpyBytes) {
      throw Error(name + " announces an absurd shape: more than " + std::to_string(kMaxNpyBytes >> 20) + " MiB of values.");
    }
  }
  return static_cast<std::size_t>(bytes);
}

template <class T>
NpyArray<T> parse(std::span<const std::byte> file, const std::string& name) {
  const HeaderPlace place = find_header(file, name);
  const auto* text = reinterpret_cast<const char*>(file.data() + place.begin);
  NpyHeader header = parse_npy_header({text, place.size}, name);
  if (header.type != kType<T>) {
    throw Error(name + " holds values of type '" + header.type + "', but " + kTypeName<T> + " ('" + std::string(kType<T>) +
                "') is needed. Save array.astype('" + std::string(kType<T>) + "').");
  }
  if (header.fortran_order && header.shape.size() > 1) {
    throw Error(name + " is in Fortran order, but C order is needed. Save numpy.ascontiguousarray(array).");
  }
  const std::size_t expected = checked_size(header.shape, sizeof(T), name);
  const std::span<const std::byte> body = file.subspan(place.begin + place.size);
  if (body.size() != expected) {
    throw Error(name + (body.size() < expected ? " is cut short: " : " is too long: ") + "its shape asks for " +
                std::to_string(expected) + " bytes of values, but " + std::to_string(body.size()) + " are there.");
  }
  NpyArray<T> array{std::move(header.shape), std::vector<T>(expected / sizeof(T))};
  if (expected > 0) std::memcpy(array.values.data(), body.data(), expected);
  return array;
}

template <class T>
std::vector<std::byte> format(std::span<const int> shape, std::span<const T> values) {
  std::uint64_t count = 1;
  for (const int side : shape) {
    if (side < 0) throw std::logic_error("format_npy: a negative dimension");
    count *= static_cast<std::uint64_t>(side);
  }
  if (count != values.size()) throw std::logic_error("format_npy: shape and values do not fit");
  std::string text = format_npy_header(kType<T>, shape);
  constexpr std::size_t kPreamble = 10;  // magic, version, length
  while ((kPreamble + text.size() + 1) % kAlignment != 0) text += ' ';
  text += '\n';
  if (text.size() > 0xFFFF) throw std::logic_error("format_npy: too many dimensions");

  std::vector<std::byte> file(kPreamble + text.size() + values.size_bytes());
  std::memcpy(file.data(), kMagic.data(), kMagic.size());
  file[6] = std::byte{1};
  file[7] = std::byte{0};
  file[8] = static_cast<std::byte>(text.size() & 0xFF);
  file[9] = static_cast<std::byte>(text.size() >> 8);
  std::memcpy(file.data() + kPreamble, text.data(), text.size());
  if (!values.empty()) std::memcpy(file.data() + kPreamble + text.size(), values.data(), values.size_bytes());
  return file;
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream) throw Error("The file " + path.string() + " cannot be opened. Does it exist, and may you read it?");
  const std::streamoff size = stream.tellg();
  constexpr std::uint64_t kMaxHeader = std::uint64_t{1} << 20;
  if (size < 0 || static_cast<std::uint64_t>(size) > kMaxNpyBytes + kMaxHeader) {
    throw Error("The file " + path.string() + " cannot be read: it is no ordinary file, or larger than " +
                std::to_string(kMaxNpyBytes >> 20) + " MiB.");
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  stream.seekg(0);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (stream.gcount() != static_cast<std::streamsize>(size)) {
    throw Error("Reading the file " + path.string() + " failed in the middle.");
  }
  return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) throw Error("The file " + path.string() + " cannot be written. Does its folder exist, and is there space?");
}

}  // namespace

NpyFloats parse_npy_floats(std::span<const std::byte> file, const std::string& name) { return parse<float>(file, name); }
NpyInts parse_npy_ints(std::span<const std::byte> file, const std::string& name) { return parse<std::int64_t>(file, name); }

std::vector<std::byte> format_npy(std::span<const int> shape, std::span<const float> values) { return format(shape, values); }
std::vector<std::byte> format_npy(std::span<const int> shape, std::span<const std::int64_t> values) {
  return format(shape, values);
}

NpyFloats load_npy_floats(const std::filesystem::path& path) { return parse_npy_floats(read_file(path), path.string()); }
NpyInts load_npy_ints(const std::filesystem::path& path) { return parse_npy_ints(read_file(path), path.string()); }

void save_npy(const std::filesystem::path& path, std::span<const int> shape, std::span<const float> values) {
  write_file(path, format(shape, values));
}
void save_npy(const std::filesystem::path& path, std::span<const int> shape, std::span<const std::int64_t> values) {
  write_file(path, format(shape, values));
}

}  // namespace lenet::data
