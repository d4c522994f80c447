// Tests of src/nn/block.h and src/nn/lanes.h: where an image lies in a block, and the arithmetic of eight lanes.
#include "nn/block.h"

#include "nn/lanes.h"
#include "nn_support.h"

using namespace lenet;
using namespace lenet::nn;
using namespace lenet::test;

TEST_CASE("block: the innermost index is the image, then the channel, then x and y") {
  const Shape shape{2, 3, 4};
  std::vector<float> pixels(shape.size()), block(shape.size() * kLanes, -1.0f);
  std::iota(pixels.begin(), pixels.end(), 0.0f);
  set_image<float, float>(shape, pixels, 5, block.data());
  for (int c = 0; c < 2; ++c)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 4; ++x)
        for (int lane = 0; lane < kLanes; ++lane) {
          const float expected = lane == 5 ? pixels[static_cast<std::size_t>((c * 3 + y) * 4 + x)] : -1.0f;
          CHECK(block[static_cast<std::size_t>(((y * 4 + x) * 2 + c) * kLanes + lane)] == expected);
        }
  CHECK(get_image(shape, block.data(), 5) == pixels);
  clear_image(shape, 5, block.data());
  CHECK(get_image(shape, block.data(), 5) == std::vector<float>(shape.size(), 0.0f));
  CHECK(get_image(shape, block.data(), 4) == std::vector<float>(shape.size(), -1.0f));
}

TEST_CASE("block: bytes become pixel / 255, correctly rounded") {
  std::vector<std::uint8_t> bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  std::vector<float> block(256 * kLanes);
  set_image<float, std::uint8_t>({1, 16, 16}, bytes, 3, block.data());
  const std::vector<float> pixels = get_image<float>({1, 16, 16}, block.data(), 3);
  for (std::size_t i = 0; i < 256; ++i) CHECK(pixels[i] == static_cast<float>(i) / 255.0f);
  CHECK(pixels[0] == 0.0f);
  CHECK(pixels[255] == 1.0f);
}

TEST_CASE_TEMPLATE("lanes: sums and products go lane by lane, and the sum of eight has one order", T, float, double) {
  const std::vector<T> a = random_values<T>(kLanes, 1), b = random_values<T>(kLanes, 2);
  std::vector<T> result(kLanes);
  Lanes<T> lanes = Lanes<T>::splat(T(0.5));
  lanes.add(Lanes<T>::load(a.data()));
  lanes.store(result.data());
  for (std::size_t l = 0; l < kLanes; ++l) CHECK(result[l] == T(0.5) + a[l]);
  lanes.add_product(T(0.25), Lanes<T>::load(b.data()));
  lanes.store(result.data());
  for (std::size_t l = 0; l < kLanes; ++l) CHECK(result[l] == (T(0.5) + a[l]) + T(0.25) * b[l]);
  Lanes<T> product = Lanes<T>::splat(T(0));
  product.add_product(Lanes<T>::load(a.data()), Lanes<T>::load(b.data()));
  product.store(result.data());
  for (std::size_t l = 0; l < kLanes; ++l) CHECK(result[l] == a[l] * b[l]);
  CHECK(sum_of<T>(Lanes<T>::load(a.data())) == ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7])));
}
