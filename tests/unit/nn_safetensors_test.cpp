// Tests of src/nn/safetensors.h: the layout of the file, and every way in which one can be broken.
#include "nn/safetensors.h"

#include <cstring>
#include <limits>

#include "base/error.h"
#include "nn/half.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;

namespace {

using Bytes = std::vector<std::byte>;

/// A file of a header text and `count` floats 0, 1, 2, …
Bytes file_of(const std::string& header, std::size_t count, std::uint64_t claimed_length = 0) {
  const std::uint64_t length = claimed_length > 0 ? claimed_length : header.size();
  Bytes bytes(8 + header.size() + 4 * count);
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(length >> (8 * i));
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0f);
  if (count > 0) std::memcpy(bytes.data() + 8 + header.size(), values.data(), 4 * count);
  return bytes;
}

std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets,
                   const std::string& dtype = "F32") {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

void expect_error(const Bytes& bytes, const std::vector<std::string>& words) {
  const std::string message = test::message_of<Error>([&] { read_safetensors(bytes, "weights.bin"); });
  CAPTURE(message);
  CHECK(message.starts_with("weights.bin"));
  CHECK(message.ends_with('.'));
  for (const std::string& word : words) {
    CAPTURE(word);
    CHECK(message.find(word) != std::string::npos);
  }
}

TensorFile sample() {
  TensorFile file;
  file.tensors.push_back({"conv1.weight", {2, 1, 2, 2}, test::random_values<float>(8, 1)});
  file.tensors.push_back({"conv1.bias", {2}, {-0.0f, std::numeric_limits<float>::denorm_min()}});
  file.tensors.push_back({"scalar", {}, {std::numeric_limits<float>::max()}});
  file.metadata = {{"format", "pt"}, {"note", "“quoted” \"text\", a \\ and\na line"}};
  return file;
}

}  // namespace

TEST_CASE("safetensors: tensors and metadata come back bit by bit") {
  const TensorFile file = sample();
  const TensorFile back = read_safetensors(write_safetensors(file), "f");
  CHECK(back.metadata == file.metadata);
  REQUIRE(back.tensors.size() == file.tensors.size());
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    CHECK(back.tensors[i].name == file.tensors[i].name);
    CHECK(back.tensors[i].shape == file.tensors[i].shape);
    CHECK(test::same_bits(back.tensors[i].values, file.tensors[i].values));
  }
  CHECK(read_safetensors(write_safetensors({}), "f").tensors.empty());
}

TEST_CASE("safetensors: eight bytes of length, a JSON header padded to eight bytes, then the data in order") {
  const TensorFile file = sample();
  const Bytes bytes = write_safetensors(file);
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i) length |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  CHECK(length % 8 == 0);
  REQUIRE(bytes.size() == 8 + length + 4 * (8 + 2 + 1));
  const std::string header(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length));
  CHECK(header.starts_with("{\"__metadata__\":{"));
  CHECK(header.find(tensor("conv1.weight", "[2,1,2,2]", "[0,32]")) != std::string::npos);
  CHECK(header.find(tensor("conv1.bias", "[2]", "[32,40]")) != std::string::npos);
  CHECK(header.find(tensor("scalar", "[]", "[40,44]")) != std::string::npos);
  CHECK(header[header.find_last_not_of(' ')] == '}');
  CHECK(std::memcmp(bytes.data() + 8 + length, file.tensors[0].values.data(), 32) == 0);
  CHECK(std::memcmp(bytes.data() + 8 + length + 32, file.tensors[1].values.data(), 8) == 0);
}

TEST_CASE("safetensors: as 16-bit floats a file has half the data, and its values are the nearest halves") {
  TensorFile file = sample();
  file.tensors[2].values = {65504};
  file.tensors.push_back({"odd", {3}, {1.0f / 3, 1e-9f, -2.0f}});
  const Bytes bytes = write_safetensors(file, TensorType::kF16);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(bytes.size() == 8 + length + 2 * (8 + 2 + 1 + 3));
  const std::string header(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length));
  CHECK(header.find(tensor("conv1.bias", "[2]", "[16,20]", "F16")) != std::string::npos);
  const TensorFile back = read_safetensors(bytes, "f");
  REQUIRE(back.tensors.size() == 4);
  for (std::size_t t = 0; t < 4; ++t) {
    CHECK(back.tensors[t].shape == file.tensors[t].shape);
    for (std::size_t i = 0; i < file.tensors[t].values.size(); ++i) {
      CHECK(back.tensors[t].values[i] == half_to_float(float_to_half(file.tensors[t].values[i])));
    }
  }
  CHECK(back.tensors[3].values[0] != file.tensors[3].values[0]);
  CHECK(back.tensors[3].values[1] == 0);
  // Once rounded they stay: written again, in either type, they are the same.
  CHECK(write_safetensors(back, TensorType::kF16) == bytes);
  CHECK(test::same_bits(read_safetensors(write_safetensors(back), "f").tensors[0].values, back.tensors[0].values));
}

TEST_CASE("safetensors: what 16-bit floats cannot hold is refused; other types in one file are read") {
  for (const float value : {65520.0f, -1e30f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    const TensorFile file{{{"fc1.weight", {2}, {0, value}}}, {}};
    CHECK(test::message_of<Error>([&] { (void)write_safetensors(file, TensorType::kF16); }).find("“fc1.weight”") !=
          std::string::npos);
    CHECK_NOTHROW(write_safetensors(file));
  }
  // 1 and −2 as halves beside a float of 4 bytes.
  Bytes mixed = file_of("{" + tensor("a", "[2]", "[0,4]", "F16") + "," + tensor("b", "[1]", "[4,8]") + "}", 2);
  const std::uint16_t halves[] = {0x3C00, 0xC000};
  std::memcpy(mixed.data() + mixed.size() - 8, halves, 4);
  const TensorFile read = read_safetensors(mixed, "f");
  CHECK(read.tensors[0].values == std::vector<float>{1, -2});
  CHECK(read.tensors[1].values == std::vector<float>{1});
  expect_error(file_of("{" + tensor("w", "[2]", "[0,8]", "F16") + "}", 2), {"“w”", "data_offsets", "shape"});
  expect_error(file_of("{" + tensor("w", "[2]", "[0,3]", "F16") + "}", 2), {"“w”", "data_offsets", "shape"});
}

TEST_CASE("safetensors: a file written by somebody else is read, whatever its order and spacing") {
  const Bytes bytes = file_of("{ " + tensor("b", "[1, 2]", "[4, 12]") + ",\n" + tensor("a", "[1]", "[0, 4]") + "}   ", 3);
  const TensorFile file = read_safetensors(bytes, "f");
  REQUIRE(file.tensors.size() == 2);
  CHECK(file.metadata.empty());
  for (const NamedTensor& t : file.tensors) CHECK(t.values == (t.name == "a" ? std::vector<float>{0} : std::vector<float>{1, 2}));
}

TEST_CASE("safetensors: empty tensors are allowed, in any order of the header") {
  const TensorFile file =
      read_safetensors(file_of("{" + tensor("full", "[2]", "[0,8]") + "," + tensor("none", "[0,7]", "[0,0]") + "}", 2), "f");
  CHECK(file.tensors.size() == 2);
}

TEST_CASE("safetensors: a file that is empty or too short for its own length") {
  expect_error({}, {"too short"});
  expect_error(Bytes(7), {"too short"});
  expect_error(Bytes(8), {"JSON"});  // a header of no bytes
}

TEST_CASE("safetensors: a header longer than the file") {
  const std::string header = "{" + tensor("a", "[1]", "[0,4]") + "}";
  expect_error(file_of(header, 0, header.size() + 1),
               {"header claims", std::to_string(header.size() + 1), std::to_string(header.size())});
  expect_error(file_of(header, 1, 1'000'000), {"header claims 1000000", "cut short"});
  expect_error(file_of(header, 1, std::numeric_limits<std::uint64_t>::max()), {"header claims 18446744073709551615"});
  expect_error(file_of(header, 1, std::numeric_limits<std::uint64_t>::max() - 7), {"header claims"});
  expect_error(file_of("hello, I am a PNG file, really", 4, 0x0A1A0A0D474E5089ull), {"not a safetensors file"});
}

TEST_CASE("safetensors: a header that is not JSON, or not an object") {
  for (const char* header :
       {"{", "}", "not json", "[]", "3", "null", "\"text\"", "{\"a\":}", "{\"a\":1,}", "\xff\xfe{}", "{} {}", "{}x"}) {
    expect_error(file_of(header, 0), {"JSON"});
  }
  CHECK_NOTHROW(read_safetensors(file_of("{}      ", 0), "f"));  // padded
  std::string deep(100000, '[');
  expect_error(file_of("{\"a\":" + deep, 0), {"JSON"});
  expect_error(file_of("{\"a\":" + deep + std::string(100000, ']') + "}", 0), {"“a”"});
}

TEST_CASE("safetensors: metadata that is not a list of texts") {
  expect_error(file_of("{\"__metadata__\":3}", 0), {"metadata"});
  expect_error(file_of("{\"__metadata__\":[\"a\"]}", 0), {"metadata"});
}

TEST_CASE("safetensors: a tensor without its description") {
  for (const char* entry : {"3", "[]", "null", "{}", "{\"dtype\":\"F32\"}", "{\"dtype\":\"F32\",\"shape\":[1]}",
                            "{\"shape\":[1],\"data_offsets\":[0,4]}"}) {
    expect_error(file_of("{\"w\":" + std::string(entry) + "}", 1), {"“w”", "no dtype, shape or data_offsets"});
  }
}

TEST_CASE("safetensors: another data type") {
  for (const char* dtype : {"F64", "BF16", "I64", "U8", "f32", ""}) {
    expect_error(file_of("{" + tensor("w", "[1]", "[0,4]", dtype) + "}", 1), {"“w”", "F32"});
  }
  expect_error(file_of("{\"w\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 1), {"“w”", "F32"});
}

TEST_CASE("safetensors: broken shapes and offsets") {
  for (const char* shape : {"3", "[-1]", "[1.0]", "[\"1\"]", "[[1]]", "null", "{}", "[1e9]", "[true]"}) {
    expect_error(file_of("{" + tensor("w", shape, "[0,4]") + "}", 1), {"“w”", "shape"});
  }
  for (const char* offsets :
       {"3", "[]", "[0]", "[0,4,8]", "[-4,0]", "[0,\"4\"]", "[0.0,4.0]", "null", "[0,18446744073709551616]"}) {
    expect_error(file_of("{" + tensor("w", "[1]", offsets) + "}", 1), {"“w”", "data_offsets"});
  }
}

TEST_CASE("safetensors: offsets that do not match the shape") {
  for (const char* offsets : {"[0,0]", "[0,3]", "[0,8]", "[4,0]", "[4,4]", "[0,18446744073709551615]"}) {
    expect_error(file_of("{" + tensor("w", "[1]", offsets) + "}", 4), {"“w”", "data_offsets", "shape"});
  }
}

TEST_CASE("safetensors: an absurd shape neither overflows nor allocates") {
  for (const char* shape :
       {"[4294967296]", "[18446744073709551615]", "[1073741824,1073741824]", "[65536,65536]", "[4294967296,4294967296]",
        "[1073741824,4]", "[2147483648,2,1073741824]", "[1073741824,1073741824,1073741824]", "[65536,65536,65536,65536]",
        "[2,9223372036854775808]", "[0,9223372036854775808]"}) {
    expect_error(file_of("{" + tensor("w", shape, "[0,0]") + "}", 0), {"“w”"});
    expect_error(file_of("{" + tensor("w", shape, "[0,4]") + "}", 1), {"“w”"});
  }
  expect_error(file_of("{" + tensor("w", "[1000000000]", "[0,4000000000]") + "}", 1), {"4000000000", "cut short"});
}

TEST_CASE("safetensors: data that overlap, leave a hole, or lie outside the file") {
  const std::string first = tensor("a", "[2]", "[0,8]");
  expect_error(file_of("{" + first + "," + tensor("b", "[2]", "[4,12]") + "}", 3), {"overlaps"});
  expect_error(file_of("{" + first + "," + tensor("b", "[2]", "[0,8]") + "}", 2), {"overlaps"});
  expect_error(file_of("{" + first + "," + tensor("b", "[2]", "[12,20]") + "}", 5), {"hole"});
  expect_error(file_of("{" + tensor("a", "[2]", "[4,12]") + "}", 3), {"hole"});
  expect_error(file_of("{" + first + "}", 1), {"8 bytes", "has 4", "cut short"});
  expect_error(file_of("{" + first + "}", 3), {"8 bytes", "12"});  // bytes that belong to nothing
  expect_error(file_of("{" + first + "," + tensor("b", "[2]", "[8,16]") + "}", 3), {"16 bytes", "12"});
  expect_error(file_of("{" + tensor("a", "[1]", "[18446744073709551612,18446744073709551615]") + "}", 1), {"“a”"});
  expect_error(file_of("{}", 1), {"0 bytes", "4"});
}

TEST_CASE("safetensors: cut anywhere, the file is refused") {
  const Bytes bytes = write_safetensors(sample());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CHECK_THROWS_AS(read_safetensors(std::span(bytes).first(length), "f"), Error);
  }
}

TEST_CASE("safetensors: with any one byte of the header changed, it is read or refused, never more") {
  Bytes bytes = write_safetensors(sample());
  int refused = 0;
  const std::size_t end = bytes.size() - 4 * 11;
  for (std::size_t i = 0; i < end; ++i)
    for (const int value : {0x00, 0x22, 0x2c, 0x39, 0x5d, 0x7d, 0x80, 0xff}) {
      const std::byte original = bytes[i];
      bytes[i] = static_cast<std::byte>(value);
      try {
        read_safetensors(bytes, "f");
      } catch (const Error&) {
        ++refused;
      }
      bytes[i] = original;
    }
  CHECK(refused > 1000);
}
