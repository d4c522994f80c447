// Look closer: what one activation is the sum of. For a cell of a conv layer's map, patch × kernel over all input channels, plus the bias; for a
// dense unit the same with a kernel that is as large as what it reads, so that it has one cell.
#pragma once

#include <optional>

#include "lab/experiments/subject.h"

namespace lenet::lab {

struct CloserRequest {
  UnitRef unit;
  ImageRef image;
  int y = -1, x = -1;  ///< the cell of the unit's map; both -1: the one with the largest sum
  bool operator==(const CloserRequest&) const = default;
};

/// All that any cell of the unit's map is made of: sum_at() needs no network.
struct CloserResult {
  std::uint64_t step = 0;
  UnitRef unit;
  nn::LayerKind kind = nn::LayerKind::kConv;  ///< or kDense

  nn::Shape input;
  std::vector<float> image;  ///< [channel][y][x]
  int index = -1;            ///< of the image in the test set; -1 for one's own
  int label = -1;            ///< -1 when not known

  std::string source;                ///< the layer whose output the unit reads; empty where it reads the image
  nn::Shape source_shape;            ///< before any flattening
  std::vector<float> source_values;  ///< [channel][y][x]

  int kernel_height = 0, kernel_width = 0, stride = 1, padding = 0;
  std::vector<float> kernel;  ///< [channel][ky][kx], as the forward pass uses it (not flipped)
  float bias = 0;
  std::optional<nn::LayerKind> nonlinearity;  ///< right behind the layer

  int rows = 0, columns = 0;  ///< of the map
  std::vector<float> sums;    ///< [y][x], the layer's own output: before the nonlinearity
  std::vector<float> map;     ///< [y][x], after it
  int y = 0, x = 0;           ///< the cell that was asked for

  Window field;          ///< what cell (0, 0) sees of the image …
  int field_stride = 0;  ///< … and how far that moves from cell to cell; 0: every cell sees the same
};

/// One cell taken apart. Products are floats, their sums are made in double, channel by channel.
struct WeightedSum {
  Window window;                 ///< of the source, in its pixels; may reach over its edge, where values are 0
  std::vector<float> patch;      ///< [channel][ky][kx]
  std::vector<float> products;   ///< patch × kernel, likewise
  std::vector<double> channels;  ///< the sum of each input channel's products
  double sum = 0;                ///< of all of them, and the bias
  float before = 0;              ///< what the engine has for it: in another order, in float
  float activation = 0;          ///< after the nonlinearity
};

/// Throws std::logic_error for a cell outside the map.
WeightedSum sum_at(const CloserResult& result, int y, int x);

/// The first of the largest sums: where the unit answers most, and of a dead one where it comes nearest. {0, 0} where no sum is a number.
nn::Peak largest_sum(const CloserResult& result);

/// What cell (y, x) sees of the image.
Window field_of(const CloserResult& result, int y, int x);

/// The place of product `i` in the source. Its y and x are outside of it in the padding.
struct SourcePlace {
  int channel = 0, y = 0, x = 0;
};
SourcePlace place_of(const CloserResult& result, const Window& window, std::size_t i);
bool is_inside(const nn::Shape& shape, const SourcePlace& place);

/// The `count` products that weigh most, by size, largest first; of equals the earlier one.
std::vector<std::size_t> largest_products(const WeightedSum& sum, std::size_t count);

}  // namespace lenet::lab
