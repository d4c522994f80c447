#include "data/tested_on.h"

#include <string>

#include "base/error.h"
#include "base/hash.h"

namespace lenet::data {
namespace {

std::string description(const Dataset& dataset) {
  const ImageShape shape = dataset.shape();
  return "“" + dataset.name() + "” has " + std::to_string(dataset.classes()) + " classes of images of [" +
         std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " + std::to_string(shape.width) + "]";
}

}  // namespace

TestedOnDataset::TestedOnDataset(const Dataset& train, const Dataset& test) : train_(train), test_(test) {
  if (train.shape() == test.shape() && train.classes() == test.classes()) return;
  throw Error("A network trained on one of these sets cannot be tested on the other: " + description(train) + ", " +
              description(test) + ".");
}

std::string TestedOnDataset::content_hash() const {
  Hash hash;
  const std::string text = train_.content_hash() + " tested on " + test_.content_hash();
  hash.add_values(std::span<const char>(text));
  return hash.text();
}

}  // namespace lenet::data
