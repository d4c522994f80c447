// The safetensors file format: an 8-byte little-endian header length, a JSON header, then the tensors' bytes.
// Source: huggingface/safetensors, format description in its README. Only float32 ("F32") tensors are read and written.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace lenet::nn {

struct NamedTensor {
  std::string name;
  std::vector<int> shape;
  std::vector<float> values;
};

struct TensorFile {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;  ///< the header's "__metadata__"
};

std::vector<std::byte> write_safetensors(const TensorFile& file);

/// `name` stands for the file in messages. Throws Error for a header longer than the file, broken JSON, offsets that overlap,
/// leave holes or point outside, another data type, or a size that does not match its shape.
TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name);

}  // namespace lenet::nn
