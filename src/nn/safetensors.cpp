#include "nn/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "nn/half.h"

namespace lenet::nn {
namespace {

using Json = nlohmann::ordered_json;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian, and so are all our targets");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLargestHeader = 100'000'000;  // the format's own limit

struct Entry {
  NamedTensor tensor;
  TensorType type = TensorType::kF32;
  std::uint64_t begin = 0, end = 0;  // in the data part
};

std::uint64_t size_of(TensorType type) { return type == TensorType::kF16 ? sizeof(std::uint16_t) : sizeof(float); }

void write_halves(const NamedTensor& tensor, std::byte* to) {
  for (const float value : tensor.values) {
    const std::uint16_t half = float_to_half(value);
    if ((half & 0x7C00u) == 0x7C00u) {
      throw Error("“" + tensor.name + "” has a value that 16-bit floats cannot hold: they end at ±65,504, and NaN and infinity are refused.");
    }
    std::memcpy(to, &half, sizeof(half));
    to += sizeof(half);
  }
}

void read_halves(const std::byte* from, std::span<float> values) {
  for (float& value : values) {
    std::uint16_t half = 0;
    std::memcpy(&half, from, sizeof(half));
    value = half_to_float(half);
    from += sizeof(half);
  }
}

Json parse_header(std::span<const std::byte> bytes, const std::string& name, std::uint64_t& length) {
  if (bytes.size() < kLengthBytes) throw Error(name + " is too short to be a safetensors file.");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kLargestHeader || length > bytes.size() - kLengthBytes) {
    throw Error(name + ": its header claims " + std::to_string(length) + " bytes, but the file has only " +
                std::to_string(bytes.size() - kLengthBytes) + " after the length. It was cut short, or is not a safetensors file.");
  }
  const char* text = reinterpret_cast<const char*>(bytes.data()) + kLengthBytes;
  Json header = Json::parse(text, text + length, nullptr, false);
  if (header.is_discarded() || !header.is_object()) throw Error(name + ": its header is not valid JSON, so this is not a safetensors file.");
  return header;
}

Entry read_entry(const std::string& tensor_name, const Json& description, const std::string& file) {
  const std::string where = file + ": tensor “" + tensor_name + "”";
  const auto fail = [&](const char* what) -> Entry { throw Error(where + " " + what); };
  if (!description.is_object() || !description.contains("dtype") || !description.contains("shape") ||
      !description.contains("data_offsets")) {
    return fail("has no dtype, shape or data_offsets.");
  }
  const Json& dtype = description["dtype"];
  const Json& shape = description["shape"];
  const Json& offsets = description["data_offsets"];
  if (dtype != "F32" && dtype != "F16") {
    return fail("is not of type F32 or F16 (32-bit or 16-bit floats). Convert it with tensor.float() before saving.");
  }
  if (!shape.is_array() || !offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    return fail("has a broken shape or broken data_offsets.");
  }
  Entry entry{{tensor_name, {}, {}}, dtype == "F16" ? TensorType::kF16 : TensorType::kF32, offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>()};
  std::uint64_t count = 1;
  for (const Json& extent : shape) {
    if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > (1u << 30)) return fail("has a broken shape.");
    count *= extent.get<std::uint64_t>();
    if (count > (1u << 30)) return fail("is too large.");
    entry.tensor.shape.push_back(extent.get<int>());
  }
  if (entry.end < entry.begin || entry.end - entry.begin != count * size_of(entry.type)) return fail("has data_offsets that do not match its shape.");
  return entry;
}

void check_offsets(std::vector<Entry>& entries, std::uint64_t available, const std::string& name) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::uint64_t expected = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != expected) throw Error(name + ": the data of “" + entry.tensor.name + "” overlaps another tensor or leaves a hole.");
    expected = entry.end;
  }
  if (expected != available) {
    throw Error(name + ": its tensors need " + std::to_string(expected) + " bytes of data, but the file has " + std::to_string(available) +
                ". It was cut short or damaged.");
  }
}

}  // namespace

std::vector<std::byte> write_safetensors(const TensorFile& file, TensorType type) {
  Json header = Json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t offset = 0;
  for (const NamedTensor& tensor : file.tensors) {
    const std::uint64_t end = offset + tensor.values.size() * size_of(type);
    header[tensor.name] = {{"dtype", type == TensorType::kF16 ? "F16" : "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data then starts on an eight-byte boundary
  const std::uint64_t length = text.size();
  std::vector<std::byte> bytes(static_cast<std::size_t>(kLengthBytes + text.size() + offset));
  std::memcpy(bytes.data(), &length, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  std::byte* to = bytes.data() + kLengthBytes + text.size();
  for (const NamedTensor& tensor : file.tensors) {
    if (tensor.values.empty()) continue;
    if (type == TensorType::kF16) {
      write_halves(tensor, to);
    } else {
      std::memcpy(to, tensor.values.data(), tensor.values.size() * sizeof(float));
    }
    to += tensor.values.size() * size_of(type);
  }
  return bytes;
}

TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name) {
  std::uint64_t length = 0;
  const Json header = parse_header(bytes, name, length);
  TensorFile file;
  std::vector<Entry> entries;
  for (const auto& [key, description] : header.items()) {
    if (key != "__metadata__") {
      entries.push_back(read_entry(key, description, name));
      continue;
    }
    if (!description.is_object()) throw Error(name + ": its metadata is not a list of texts.");
    for (const auto& [field, value] : description.items()) {
      if (value.is_string()) file.metadata[field] = value.get<std::string>();
    }
  }
  const std::span<const std::byte> data = bytes.subspan(kLengthBytes + static_cast<std::size_t>(length));
  check_offsets(entries, data.size(), name);
  for (Entry& entry : entries) {
    std::vector<float>& values = entry.tensor.values;
    values.resize(static_cast<std::size_t>((entry.end - entry.begin) / size_of(entry.type)));
    const std::byte* from = data.data() + entry.begin;
    if (entry.type == TensorType::kF16) {
      read_halves(from, values);
    } else if (!values.empty()) {
      std::memcpy(values.data(), from, values.size() * sizeof(float));
    }
    file.tensors.push_back(std::move(entry.tensor));
  }
  return file;
}

}  // namespace lenet::nn
