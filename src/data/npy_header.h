// The text header of a .npy file: a Python dictionary with the type, the order and the shape. Used by npy.cpp only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lenet::data {

struct NpyHeader {
  std::string type;  ///< NumPy's type string, such as "<f4"
  bool fortran_order = false;
  std::vector<int> shape;
};

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, keys in any order. `name` is the file's name for
/// error messages. Throws Error when the text is anything else or a size is too large for an int.
NpyHeader parse_npy_header(std::string_view text, const std::string& name);

/// The dictionary as NumPy writes it, without the padding.
std::string format_npy_header(std::string_view type, std::span<const int> shape);

}  // namespace lenet::data
