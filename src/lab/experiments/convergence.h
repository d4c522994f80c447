// How the layers settled: what is left of the way from the first weights to those of now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lenet::lab {

/// How far each layer still is from where it is now: ‖W_t − W_now‖ / ‖W_0 − W_now‖ over its weights and biases at every point, 1 at
/// step 0 (the first kept moment, where that is another) and 0 now. A layer that did not move (frozen) has 0 throughout; weights that are not
/// finite have NaN.
struct Convergence {
  std::vector<std::uint64_t> steps;  ///< of the points, in order
  std::vector<std::string> layers;   ///< with weights
  std::vector<double> remaining;     ///< [layer][point]
};

}  // namespace lenet::lab
