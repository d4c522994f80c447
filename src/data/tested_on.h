// Training images of one set, test images of another: for asking how far what was learned on the one carries over.
#pragma once

#include "data/dataset.h"

namespace lenet::data {

/// The training file of `train`, its held-out images included, with the test images of `test`. Both must outlive it. Throws Error where
/// their images differ in shape or their numbers of classes do.
class TestedOnDataset final : public Dataset {
 public:
  TestedOnDataset(const Dataset& train, const Dataset& test);

  const std::string& name() const override { return train_.name(); }
  const std::string& test_name() const override { return test_.test_name(); }
  ImageShape shape() const override { return train_.shape(); }
  int classes() const override { return train_.classes(); }
  const std::vector<std::string>& class_names() const override { return train_.class_names(); }
  int train_count() const override { return train_.train_count(); }
  int test_count() const override { return test_.test_count(); }
  int train_available() const override { return train_.train_available(); }
  int test_available() const override { return test_.test_available(); }
  std::span<const std::uint8_t> train_image(int i) const override { return train_.train_image(i); }
  int train_label(int i) const override { return train_.train_label(i); }
  std::span<const std::uint8_t> test_image(int i) const override { return test_.test_image(i); }
  int test_label(int i) const override { return test_.test_label(i); }
  /// Of both sets' hashes.
  std::string content_hash() const override;

 private:
  const Dataset& train_;
  const Dataset& test_;
};

}  // namespace lenet::data
