#include "nn/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace lenet::nn {
namespace {

using Json = nlohmann::ordered_json;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian, and so are all our targets");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLargestHeader = 100'000'000;  // the format's own limit

struct Entry {
  NamedTensor tensor;
  std::uint64_t begin = 0, end = 0;  // in the data part
};

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
  if (dtype != "F32") return fail("is not of type F32 (32-bit floats). Convert it with tensor.float() before saving.");
  if (!shape.is_array() || !offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    return fail("has a broken shape or broken data_offsets.");
  }
  Entry entry{{tensor_name, {}, {}}, offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>()};
  std::uint64_t count = 1;
  for (const Json& extent : shape) {
    if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > (1u << 30)) return fail("has a broken shape.");
    count *= extent.get<std::uint64_t>();
    if (count > (1u << 30)) return fail("is too large.");
    entry.tensor.shape.push_back(extent.get<int>());
  }
  if (entry.end < entry.begin || entry.end - entry.begin != count * sizeof(float)) return fail("has data_offsets that do not match its shape.");
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

std::vector<std::byte> write_safetensors(const TensorFile& file) {
  Json header = Json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t offset = 0;
  for (const NamedTensor& tensor : file.tensors) {
    const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
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
    std::memcpy(to, tensor.values.data(), tensor.values.size() * sizeof(float));
    to += tensor.values.size() * sizeof(float);
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
    entry.tensor.values.resize(static_cast<std::size_t>(entry.end - entry.begin) / sizeof(float));
    if (!entry.tensor.values.empty()) std::memcpy(entry.tensor.values.data(), data.data() + entry.begin, static_cast<std::size_t>(entry.end - entry.begin));
    file.tensors.push_back(std::move(entry.tensor));
  }
  return file;
}

}  // namespace lenet::nn
