// A digit that somebody drew, made into the image that a network trained on MNIST expects.
#pragma once

#include <span>
#include <vector>

#include "nn/shape.h"

namespace lenet::lab {

/// The longest side of a drawing, in its own pixels.
inline constexpr int kLargestDrawing = 1024;

/// A grey drawing, 0 (background) to 1 (ink), [y][x], as the network sees it: scaled and centred like MNIST's digits (data/mnist_frame.h) and
/// rounded to the 256 levels of a stored image, so that a drawing that is kept is the one that was seen. Without ink the image is black. Throws Error
/// when the network reads anything but 1×28×28, for sizes that do not fit the pixels or exceed kLargestDrawing, and for a value outside [0, 1].
std::vector<float> frame_drawing(const nn::Shape& input, std::span<const float> pixels, int width, int height);

}  // namespace lenet::lab
