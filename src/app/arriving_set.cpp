#include "app/arriving_set.h"

#include <string>

#include "base/error.h"
#include "data/batches.h"
#include "data/cifar10.h"
#include "data/mnist.h"

namespace lenet::app {
namespace {

using command::DataPart;

data::Part part_of(DataPart part) {
  switch (part) {
    case DataPart::kTrainImages: return data::Part::kTrainImages;
    case DataPart::kTrainLabels: return data::Part::kTrainLabels;
    case DataPart::kTestImages: return data::Part::kTestImages;
    case DataPart::kTestLabels: return data::Part::kTestLabels;
  }
  return data::Part::kTrainImages;
}

class ArrivingMnist : public ArrivingSet {
 public:
  void expect(int, int) override {}
  void push(DataPart part, std::span<const std::byte> bytes) override { set_.push(part_of(part), bytes); }
  void finish(DataPart part) override { set_.finish(part_of(part)); }
  void finish() override {}
  const data::Dataset& dataset() const override { return set_; }
  bool usable() const override { return set_.train_count() > 0 && set_.shape().height > 0; }

 private:
  data::IdxDataset set_{"mnist"};
};

class ArrivingCifar10 : public ArrivingSet {
 public:
  void expect(int train_images, int test_images) override { set_.expect(train_images, test_images); }
  void push(DataPart part, std::span<const std::byte> bytes) override {
    if (!set_.file_is_open()) begin(part);
    set_.push(bytes);
  }
  void finish(DataPart part) override {
    if (!set_.file_is_open()) begin(part);  // an empty file, which is refused by name
    set_.finish_file();
  }
  void finish() override { set_.finish(); }
  const data::Dataset& dataset() const override { return set_; }
  bool usable() const override {
    return set_.train_count() > 0 && set_.train_available() >= data::images_needed(0, 0, 1, set_.train_count());
  }

 private:
  void begin(DataPart part) {
    if (part == DataPart::kTestImages) {
      set_.begin_file(data::Cifar10Dataset::Half::kTest, "CIFAR-10's test batch");
    } else if (part == DataPart::kTrainImages) {
      set_.begin_file(data::Cifar10Dataset::Half::kTrain, "CIFAR-10's training batch " + std::to_string(set_.train_files() + 1));
    } else {
      throw Error("CIFAR-10 has no files of labels: its batches hold them.");
    }
  }

  data::Cifar10Dataset set_;
};

}  // namespace

std::unique_ptr<ArrivingSet> make_arriving_mnist() { return std::make_unique<ArrivingMnist>(); }

std::unique_ptr<ArrivingSet> make_arriving_cifar10() { return std::make_unique<ArrivingCifar10>(); }

}  // namespace lenet::app
