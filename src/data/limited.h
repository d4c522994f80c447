// A data set with fewer training images than there are: for asking what a small training set costs.
#pragma once

#include "data/dataset.h"

namespace lenet::data {

/// The first `train_count` images of another set's training file, held-out ones included, and all its test images. The other set must
/// outlive it. Throws Error unless 0 < train_count <= the other's.
class LimitedDataset final : public Dataset {
 public:
  LimitedDataset(const Dataset& whole, int train_count);

  const std::string& name() const override { return whole_.name(); }
  const std::string& test_name() const override { return whole_.test_name(); }
  ImageShape shape() const override { return whole_.shape(); }
  int classes() const override { return whole_.classes(); }
  const std::vector<std::string>& class_names() const override { return whole_.class_names(); }
  int train_count() const override { return train_count_; }
  int test_count() const override { return whole_.test_count(); }
  int held_out() const override { return whole_.held_out(); }
  int train_available() const override;
  int test_available() const override { return whole_.test_available(); }
  std::span<const std::uint8_t> train_image(int i) const override { return whole_.train_image(i); }
  int train_label(int i) const override { return whole_.train_label(i); }
  std::span<const std::uint8_t> test_image(int i) const override { return whole_.test_image(i); }
  int test_label(int i) const override { return whole_.test_label(i); }
  /// The whole set's: the limit is part of the question, not of the content.
  std::string content_hash() const override { return whole_.content_hash(); }

 private:
  const Dataset& whole_;
  int train_count_;
};

}  // namespace lenet::data
