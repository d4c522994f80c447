// The safetensors file format: an 8-byte little-endian header length, a JSON header, then the tensors' bytes.
// Source: huggingface/safetensors, format description in its README. Tensors of 32-bit and 16-bit floats ("F32", "F16") are read and
// written; in memory they are 32-bit ones.
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

/// How numbers are stored in a file.
enum class TensorType { kF32, kF16 };

/// As F16, every value is rounded to the nearest half (nn/half.h). Throws Error for one that is not finite or too large for F16; F32 takes
/// whatever there is.
std::vector<std::byte> write_safetensors(const TensorFile& file, TensorType type = TensorType::kF32);

/// `name` stands for the file in messages. Throws Error for a header longer than the file, broken JSON, offsets that overlap,
/// leave holes or point outside, another data type, or a size that does not match its shape.
TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name);

}  // namespace lenet::nn
