// A data set whose files come in pieces, whatever their format: what a DataStore feeds.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "app/command.h"
#include "data/dataset.h"

namespace lenet::app {

/// The bytes of one set; all but dataset() and usable() throw Error for bad ones, after which the set takes no more.
class ArrivingSet {
 public:
  ArrivingSet() = default;
  ArrivingSet(const ArrivingSet&) = delete;
  ArrivingSet& operator=(const ArrivingSet&) = delete;
  virtual ~ArrivingSet() = default;

  /// How many images there will be, before any bytes, for formats that do not say it themselves.
  virtual void expect(int train_images, int test_images) = 0;
  /// The next bytes of a file, and its end. Where a part has several files they come one after the other.
  virtual void push(command::DataPart part, std::span<const std::byte> bytes) = 0;
  virtual void finish(command::DataPart part) = 0;
  /// All files have come.
  virtual void finish() = 0;

  virtual const data::Dataset& dataset() const = 0;
  /// Enough has come for a run to start on it.
  virtual bool usable() const = 0;
};

/// MNIST: four files at once. It is usable as soon as its size is known.
std::unique_ptr<ArrivingSet> make_arriving_mnist();
/// CIFAR-10: kTrainImages and kTestImages stand for training and test batches, which hold their labels, too. It is usable when
/// a run's first steps have their images, so that a download that fails early leaves the run before as it was.
std::unique_ptr<ArrivingSet> make_arriving_cifar10();

}  // namespace lenet::app
