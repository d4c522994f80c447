// Whether a data set has arrived.
#pragma once

#include "data/dataset.h"

namespace lenet::data {

/// Whether all images that the set declares can be read. A set whose numbers are still unknown is not complete.
inline bool complete(const Dataset& set) {
  return set.train_count() > 0 && set.train_available() == set.train_count() && set.test_available() == set.test_count();
}

}  // namespace lenet::data
