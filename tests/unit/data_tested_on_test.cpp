// Tests of src/data/tested_on.h.
#include "data/tested_on.h"

#include "base/error.h"
#include "data/limited.h"
#include "data/strokes.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// The strokes set under another name, with other test images, shape and classes where asked.
class Foreign final : public data::StrokesDataset {
 public:
  explicit Foreign(data::ImageShape shape = {1, 28, 28}, int classes = 10) : StrokesDataset(2), shape_(shape), classes_(classes) {}
  const std::string& name() const override { return name_; }
  data::ImageShape shape() const override { return shape_; }
  int classes() const override { return classes_; }
  int test_count() const override { return 300; }
  int test_available() const override { return 200; }

 private:
  std::string name_ = "foreign";
  data::ImageShape shape_;
  int classes_;
};

}  // namespace

TEST_CASE("tested on: training images of one set, test images of the other") {
  const data::StrokesDataset train(1);
  const Foreign test;
  const data::TestedOnDataset both(train, test);
  CHECK(both.name() == "strokes");
  CHECK(both.test_name() == "foreign");
  CHECK(train.test_name() == "strokes");
  CHECK(both.shape() == train.shape());
  CHECK(both.classes() == 10);
  CHECK(both.class_names() == train.class_names());
  CHECK(both.train_count() == 60'000);
  CHECK(both.train_available() == 60'000);
  CHECK(both.test_count() == 300);
  CHECK(both.test_available() == 200);
  CHECK(both.train_image(7).data() == train.train_image(7).data());
  CHECK(both.train_label(7) == train.train_label(7));
  CHECK(both.test_image(8).data() == test.test_image(8).data());
  CHECK(both.test_label(8) == test.test_label(8));
}

TEST_CASE("tested on: its content is that of both") {
  const data::StrokesDataset one(1), other(3);
  const Foreign test;
  const std::string hash = data::TestedOnDataset(one, test).content_hash();
  CHECK(hash == data::TestedOnDataset(one, test).content_hash());
  CHECK(hash != one.content_hash());
  CHECK(hash != data::TestedOnDataset(other, test).content_hash());
  CHECK(hash != data::TestedOnDataset(one, other).content_hash());
  CHECK(hash != data::TestedOnDataset(test, one).content_hash());
}

TEST_CASE("tested on: a part of the training images keeps the other set's test images") {
  const data::StrokesDataset train(1);
  const Foreign test;
  const data::TestedOnDataset both(train, test);
  const data::LimitedDataset part(both, 5100);
  CHECK(part.train_count() == 5100);
  CHECK(part.test_count() == 300);
  CHECK(part.test_name() == "foreign");
}

TEST_CASE("tested on: sets that do not fit each other are refused") {
  const data::StrokesDataset train(1);
  const auto message = [&](const data::Dataset& test) { return message_of<Error>([&] { data::TestedOnDataset(train, test); }); };
  CHECK(contains(message(Foreign({3, 32, 32})),
                 "“strokes” has 10 classes of images of [1, 28, 28], “foreign” has 10 classes of images of [3, 32, 32]"));
  CHECK(contains(message(Foreign({1, 28, 28}, 7)), "“foreign” has 7 classes"));
}
