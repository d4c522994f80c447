// Tests of src/app/architecture.h: the texts that choices make, the way back, and what fits.
#include "app/architecture.h"

#include <stdexcept>

#include "support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

constexpr nn::Shape kMnist{1, 28, 28}, kCifar{3, 32, 32};

}  // namespace

TEST_CASE("architecture: the default choice is WSS17") {
  CHECK(app::network_text({}) == nn::to_string(nn::preset("wss17", kMnist)));
  CHECK(app::choice_of(nn::preset("wss17", kMnist)) == app::ArchitectureChoice());
}

TEST_CASE("architecture: a choice as text") {
  CHECK(app::network_text({.kernel = 7, .stride = 2, .same = true}) ==
        "conv 20 7x7 stride 2 padding 3, relu, pool 2, conv 50 5x5 padding 2, relu, pool 2, dense 500, relu, dense 10");
  CHECK(app::network_text({.kernel = 11, .stride = 4, .first_maps = 8, .second_maps = 12, .average = true, .nonlinearity = nn::LayerKind::kTanh}) ==
        "conv 8 11x11 stride 4, tanh, average 2, conv 12 5x5, tanh, average 2, dense 500, tanh, dense 10");
  CHECK(app::network_text({.same = true, .nonlinearity = nn::LayerKind::kSigmoid}) ==
        "conv 20 5x5 padding 2, sigmoid, pool 2, conv 50 5x5 padding 2, sigmoid, pool 2, dense 500, sigmoid, dense 10");
}

TEST_CASE("architecture: what is no choice is a mistake of the program") {
  CHECK_THROWS_AS(app::network_text({.kernel = 4, .same = true}), std::logic_error);
  CHECK_THROWS_AS(app::network_text({.nonlinearity = nn::LayerKind::kDense}), std::logic_error);
  CHECK_NOTHROW(app::network_text({.kernel = 4, .same = false}));
}

TEST_CASE("architecture: every choice is found again in its network, and only there") {
  for (const int kernel : {3, 5, 7, 9, 11}) {
    for (const bool same : {false, true}) {
      for (const bool average : {false, true}) {
        for (const nn::LayerKind kind : {nn::LayerKind::kRelu, nn::LayerKind::kTanh, nn::LayerKind::kSigmoid}) {
          const app::ArchitectureChoice choice{.kernel = kernel, .stride = 1 + kernel / 4, .first_maps = kernel, .second_maps = 7, .same = same, .average = average, .nonlinearity = kind};
          CHECK(app::choice_of(nn::parse_network(app::network_text(choice), kMnist)) == choice);
        }
      }
    }
  }
  for (const char* other : {"softmax", "mlp", "caffe", "lenet5", "tiny"}) {
    CAPTURE(other);
    CHECK_FALSE(app::choice_of(nn::preset(other, kMnist)));
  }
  // One thing that no choice says: 50 hidden units, and a padding of one pixel.
  CHECK_FALSE(app::choice_of(nn::parse_network("conv 20 5x5, relu, pool 2, conv 50 5x5, relu, pool 2, dense 50, relu, dense 10", kMnist)));
  CHECK_FALSE(app::choice_of(nn::parse_network("conv 20 5x5 padding 1, relu, pool 2, conv 50 5x5, relu, pool 2, dense 500, relu, dense 10", kMnist)));
}

TEST_CASE("architecture: a network that the controls cannot make is no choice") {
  // One with an even kernel would be asked for its network with 'same' padding, which there is none of.
  for (const char* first : {"conv 20 4x4", "conv 20 1x1", "conv 20 13x13", "conv 20 3x3 stride 5"}) {
    CAPTURE(first);
    const std::string network = std::string(first) + ", relu, pool 2, conv 50 5x5, relu, pool 2, dense 500, relu, dense 10";
    CHECK_FALSE(app::choice_of(nn::parse_network(network, {1, 64, 64})));
  }
  CHECK(app::choice_of(nn::parse_network("conv 20 3x3 stride 4, relu, pool 2, conv 50 5x5, relu, pool 2, dense 500, relu, dense 10", {1, 64, 64})));
}

TEST_CASE("architecture: what fits says nothing, what does not says why") {
  for (const nn::Shape& input : {kMnist, kCifar}) {
    CHECK(app::fits(app::network_text({}), input).empty());
    // The paper's two, which need the padding here.
    CHECK(app::fits(app::network_text({.kernel = 11, .stride = 4, .same = true}), input).empty());
    CHECK(app::fits(app::network_text({.kernel = 7, .stride = 2, .same = true}), input).empty());
    const std::string reason = app::fits(app::network_text({.kernel = 11, .stride = 4}), input);
    CHECK(reason.find("conv2") != std::string::npos);
    CHECK(reason.find("does not fit") != std::string::npos);
  }
  CHECK(app::fits(app::network_text({.first_maps = 5000}), kMnist).find("number of maps") != std::string::npos);
  CHECK(app::fits("conv 20 5x5, nonsense", kMnist).find("nonsense") != std::string::npos);
  CHECK(app::fits("dense 9", kMnist).find("10") != std::string::npos);
}
