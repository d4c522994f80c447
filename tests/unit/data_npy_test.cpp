// Tests of data/npy.h: round trips, what NumPy itself writes, and hostile headers.
#include <cstring>
#include <filesystem>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "data/npy.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::format_npy;
using data::parse_npy_floats;
using data::parse_npy_ints;

namespace {

/// A version 1 file with this header text and body.
Bytes npy(const std::string& header, const Bytes& body = {}) {
  Bytes file = bytes_of("\x93NUMPY\x01");
  file.push_back(std::byte{0});
  file.push_back(static_cast<std::byte>(header.size() & 0xFF));
  file.push_back(static_cast<std::byte>(header.size() >> 8));
  return file + bytes_of(header) + body;
}

std::string header(const std::string& type, const std::string& shape, const std::string& fortran = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

std::string error_of(const Bytes& file) {
  return message_of<Error>([&] { parse_npy_floats(file, "x.npy"); });
}

}  // namespace

TEST_CASE("npy: float32 and int64 come back as they were") {
  for (const std::vector<int>& shape : {std::vector<int>{}, {0}, {6}, {2, 3}, {1, 2, 1, 3, 1}, {3, 0, 2}}) {
    std::size_t count = 1;
    for (const int side : shape) count *= static_cast<std::size_t>(side);
    std::vector<float> floats = random_values<float>(count, 1, -1e30, 1e30);
    if (count > 2) floats[1] = -0.0f, floats[2] = std::numeric_limits<float>::infinity();
    std::vector<std::int64_t> ints(count, -7);
    if (count > 1) ints[1] = std::numeric_limits<std::int64_t>::min();
    const Bytes float_file = format_npy(shape, std::span<const float>(floats));
    CHECK((float_file.size() - floats.size() * 4) % 64 == 0);
    const auto f = parse_npy_floats(float_file, "f.npy");
    CHECK(f.shape == shape);
    REQUIRE(f.values.size() == count);
    if (count > 0) CHECK(std::memcmp(f.values.data(), floats.data(), count * 4) == 0);
    const auto i = parse_npy_ints(format_npy(shape, std::span<const std::int64_t>(ints)), "i.npy");
    CHECK(i.shape == shape);
    CHECK(i.values == ints);
  }
}

TEST_CASE("npy: written as NumPy writes it") {
  const std::vector<int> shape = {2};
  const Bytes file = format_npy(shape, std::span<const float>(std::vector<float>{1.0f, 2.0f}));
  std::string expected = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  expected += std::string(128 - 10 - 1 - expected.size(), ' ') + "\n";
  CHECK(file == npy(expected, {std::byte{0}, std::byte{0}, std::byte{0x80}, std::byte{0x3F}, std::byte{0}, std::byte{0},
                               std::byte{0}, std::byte{0x40}}));
}

TEST_CASE("npy: other versions, spacing, quotes and key orders are read") {
  const Bytes body(8);
  CHECK(parse_npy_floats(npy("{\"shape\":(1,2),\"descr\":\"<f4\",\"fortran_order\":False}", body), "x").shape ==
        std::vector<int>{1, 2});
  CHECK(parse_npy_floats(npy(header("<f4", "(2,)", "True"), body), "x").values.size() == 2);  // one dimension has one order
  const std::string text = header("<f4", "(2, )");
  Bytes version2 = bytes_of("\x93NUMPY\x02");
  version2.push_back(std::byte{0});
  version2.push_back(static_cast<std::byte>(text.size()));
  version2.resize(version2.size() + 3);
  CHECK(parse_npy_floats(version2 + bytes_of(text) + body, "x").values.size() == 2);
}

TEST_CASE("npy: wrong types and orders say what to do") {
  CHECK(contains(error_of(npy(header("<f8", "(1,)"), Bytes(8))), "'<f8', but float32"));
  CHECK(contains(error_of(npy(header(">f4", "(1,)"), Bytes(4))), "astype"));
  CHECK(contains(message_of<Error>([&] { parse_npy_ints(npy(header("<i4", "(1,)"), Bytes(4)), "y.npy"); }), "int64"));
  CHECK(contains(error_of(npy(header("<f4", "(1, 2)", "True"), Bytes(8))), "Fortran"));
  CHECK(contains(error_of(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", Bytes(4))), "fields"));
}

TEST_CASE("npy: truncated at every length") {
  const Bytes good = npy(header("<f4", "(2,)"), Bytes(8));
  CHECK(parse_npy_floats(good, "x.npy").values.size() == 2);
  CHECK(contains(error_of({}), "empty"));
  for (std::size_t size = 1; size < good.size(); ++size) {
    const std::string message = error_of(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK(contains(message, "x.npy is cut short"));
  }
  CHECK(contains(error_of(good + bytes_of("x")), "too long"));
}

TEST_CASE("npy: hostile files") {
  CHECK(contains(error_of(bytes_of("PK\x03\x04")), "not a NumPy"));
  CHECK(contains(error_of(bytes_of(std::string("\x93NUMPY\x09\x00\xFF\xFF\xFF\xFF", 12))), "version 9"));
  CHECK(contains(error_of(bytes_of(std::string("\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF", 12))), "4294967295"));
  CHECK(contains(error_of(npy(header("<f4", "(99999999999999999999,)"))), "absurd shape"));
  CHECK(contains(error_of(npy(header("<f4", "(2147483647, 2147483647, 2147483647)"))), "absurd shape"));
  CHECK(contains(error_of(npy(header("<f4", "(65536, 65536, 65536, 65536)"))), "absurd shape"));
  std::string many = "(1";
  for (int i = 0; i < 30; ++i) many += ", 1";
  CHECK(contains(error_of(npy(header("<f4", many + ")"))), "absurd shape"));
  for (const std::string text :
       {"", "{", "{}", "{'descr': '<f4'", "{'descr': '<f4', 'shape': (1,)}", "{'a': 1}", "[1]",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,"}) {
    CAPTURE(text);
    CHECK(contains(error_of(npy(text, Bytes(4))), "not understood"));
  }
}

TEST_CASE("npy: on disk") {
  const auto path = temporary_path("test.npy");
  const std::vector<int> shape = {3, 1};
  const std::vector<float> values = {1, 2, 3};
  data::save_npy(path, shape, std::span<const float>(values));
  CHECK(data::load_npy_floats(path).values == values);
  const std::vector<std::int64_t> labels = {5, 0, 4};
  data::save_npy(path, shape, std::span<const std::int64_t>(labels));
  CHECK(data::load_npy_ints(path).values == labels);
  CHECK(contains(message_of<Error>([&] { data::load_npy_floats(path); }), "test.npy"));
  std::filesystem::remove(path);
  CHECK(contains(message_of<Error>([&] { data::load_npy_ints(path); }), "cannot be opened"));
  CHECK(contains(message_of<Error>([&] { data::save_npy(path / "a" / "b.npy", shape, std::span<const float>(values)); }),
                 "cannot be written"));
}

TEST_CASE("npy: a shape that does not fit its values is our own mistake") {
  const std::vector<int> shape = {2, 2};
  const std::vector<float> values = {1, 2, 3};
  CHECK_THROWS_AS(format_npy(shape, std::span<const float>(values)), std::logic_error);
  const std::vector<int> negative = {-1};
  CHECK_THROWS_AS(format_npy(negative, std::span<const float>()), std::logic_error);
}
