// What the parts of the Look closer lab share: the cell on show, and the pictures and bars that it is taken apart into.
#pragma once

#include "ui/context.h"

namespace lenet::ui {

/// A cell of a unit's map.
struct Cell {
  int y = -1, x = -1;
  bool valid() const { return y >= 0 && x >= 0; }
};

/// What the parts draw.
struct Closer {
  const lab::CloserResult& result;
  const lab::WeightedSum& sum;
  Cell cell;    ///< that `sum` is of
  int channel;  ///< of the source, shown large
};

/// What the pointer does on the pictures.
struct Pointed {
  Cell cell;             ///< under the pointer
  bool clicked = false;  ///< on it
};

/// Source, patch × kernel = product, the sum as an equation, and the map, within `size`; of a dense unit the products alone.
Pointed draw_closer_pictures(const Context& ui, const Closer& closer, ImVec2 size);
/// Whether those have the channels beside them already.
bool shows_channels_beside(const Closer& closer);
/// Every input channel's products in small with their sums; a click makes one large. Fills `size`; a height of 0: as
/// high as they are.
void draw_closer_channels(const Context& ui, const Closer& closer, ImVec2 size);
/// The terms that weigh most, as bars, and what all others add. Fills `size`.
void draw_closer_terms(const Context& ui, const Closer& closer, ImVec2 size);

/// "pool1", "the image"
std::string source_name(const lab::CloserResult& result);
/// "ReLU", …; empty where nothing follows the layer.
const char* nonlinearity_name(const lab::CloserResult& result);
/// Pictures of more than a cell: it is worth showing patch and kernel.
bool has_patches(const lab::CloserResult& result);

}  // namespace lenet::ui
