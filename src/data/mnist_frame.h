// MNIST's own preparation of a digit: its ink fills a box of 20×20 pixels, and its centre of mass comes to lie in the middle of
// 28×28. What is drawn by hand and what the strokes set draws go through it, so that a network sees them as it sees MNIST.
//
// Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits": size-normalised to fit a 20×20 box with the aspect
// ratio kept, grey by anti-aliasing, then centred in 28×28 by the centre of mass. Only + - * / and floor: the same bits everywhere.
#pragma once

#include <span>
#include <vector>

namespace lenet::data {

inline constexpr int kFrameSide = 28;     ///< height and width of a framed image, in pixels
inline constexpr int kFrameBoxSide = 20;  ///< height and width of the box that its ink fits into

/// Puts a grey image of any size into MNIST's frame. `pixels` are height × width values, [y][x], 0 background and 1 ink; what lies
/// outside [0, 1] is clamped, NaN is background, and so is what would round to 0 as a byte. The smallest rectangle around the ink is
/// scaled until its longer side fills the box (a pixel of the box is the mean of the area that it covers), then placed by
/// centre_by_mass(). Returns 28 × 28 values in [0, 1], [y][x]: all zeros where there is no ink.
/// Throws std::logic_error unless width and height are not negative and `pixels` has so many values.
std::vector<float> frame_like_mnist(std::span<const float> pixels, int width, int height);

/// Copies a box of 20 × 20 values, [y][x], none negative, 0 without ink, into 28 × 28 zeros. It is moved by whole pixels, so that its centre of mass
/// comes to lie within half a pixel of the middle of pixel (14, 14), or as near as the image's border allows
/// without losing ink. Throws std::logic_error for other sizes.
void centre_by_mass(std::span<const float> box, std::span<float> image);

}  // namespace lenet::data
