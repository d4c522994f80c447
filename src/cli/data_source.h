// Where the program finds its training data.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace lenet::cli {

struct DataSource {
  std::vector<std::unique_ptr<data::Dataset>> parts;  ///< what `dataset` refers to, if anything
  std::unique_ptr<data::Dataset> dataset;
  std::string notice;  ///< something to tell the user; may be empty
};

/// Opens a data set: "mnist", "cifar10", "strokes", or "auto", which is MNIST where it is found and else the strokes set with a
/// notice. MNIST is looked for in `folder` (and its subfolder mnist); without one in $LENET_LAB_DATA/mnist, then in the cache that
/// tools/get-data fills; CIFAR-10 likewise, with cifar10 for mnist, and its notice says how many images were found. Throws Error
/// when a named set is missing, or when its files are broken.
DataSource open_dataset(const std::string& name, const std::string& folder);

/// Likewise, with the test images of another set (data/tested_on.h), unless `test_on` is empty. `folder` is that of the one whose files
/// are read. Throws Error also where the two do not fit each other.
DataSource open_dataset(const std::string& name, const std::string& test_on, const std::string& folder);

}  // namespace lenet::cli
