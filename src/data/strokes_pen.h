// Draws the path of a pen into the box of 20×20 pixels that MNIST fits its ink into.
#pragma once

#include <array>

#include "data/mnist_frame.h"
#include "data/strokes_hand.h"

namespace lenet::data {

/// Ink from 0 to 1, [y][x].
using InkBox = std::array<float, kFrameBoxSide * kFrameBoxSide>;

/// Scales the path, without changing its aspect ratio, until the ink fills the box on its longer side, and draws it anti-aliased. On the
/// shorter side the ink's middle lies `off` of a pixel from the box's: as wherever the edge of a scanned digit falls on the pixels.
InkBox draw_path(PenPath path, double off);

}  // namespace lenet::data
