#include "data/limited.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace lenet::data {

LimitedDataset::LimitedDataset(const Dataset& whole, int train_count) : whole_(whole), train_count_(train_count) {
  if (train_count >= 1 && train_count <= whole.train_count()) return;
  throw Error("“" + whole.name() + "” has " + std::to_string(whole.train_count()) + " images in its training file; " +
              std::to_string(train_count) + " of them cannot be taken.");
}

int LimitedDataset::train_available() const { return std::min(whole_.train_available(), train_count_); }

}  // namespace lenet::data
