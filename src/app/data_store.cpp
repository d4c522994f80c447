#include "app/data_store.h"

#include "base/error.h"

namespace lenet::app {
namespace {

data::Part part_of(command::DataPart part) {
  switch (part) {
    case command::DataPart::kTrainImages: return data::Part::kTrainImages;
    case command::DataPart::kTrainLabels: return data::Part::kTrainLabels;
    case command::DataPart::kTestImages: return data::Part::kTestImages;
    case command::DataPart::kTestLabels: return data::Part::kTestLabels;
  }
  return data::Part::kTrainImages;
}

}  // namespace

DataStore::DataStore() : mnist_(std::make_unique<data::IdxDataset>("mnist")), strokes_(kStrokesSeed) {}

template <class Action>
void DataStore::guard(Action&& action) {
  if (failed()) return;  // what is still under way of a failed set is ignored
  try {
    action();
  } catch (const Error& error) {
    failure_ = error.what();
    throw;
  }
}

void DataStore::push(command::DataPart part, std::span<const std::byte> bytes) {
  guard([&] { mnist_->push(part_of(part), bytes); });
}

void DataStore::finish(command::DataPart part) {
  guard([&] { mnist_->finish(part_of(part)); });
}

void DataStore::fail(const std::string& reason) {
  if (!failed()) failure_ = reason.empty() ? "MNIST could not be loaded." : reason;
}

const data::Dataset* DataStore::mnist() const {
  const bool known = mnist_->train_count() > 0 && mnist_->shape().height > 0;
  return known && (!failed() || mnist_->train_available() > 0) ? mnist_.get() : nullptr;
}

void DataStore::check(const std::string& name) const {
  if (name != "mnist" && name != "strokes") {
    throw Error("There is no data set “" + name + "”. Known ones: mnist, strokes.");
  }
  if (name == "mnist" && failed()) throw Error("MNIST cannot be used: " + failure_);
}

}  // namespace lenet::app
