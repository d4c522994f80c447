// Tests of src/data/limited.h.
#include "data/limited.h"

#include "base/error.h"
#include "data/batches.h"
#include "data/strokes.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// A set with names of its own, of which 8 images have arrived.
class Arriving final : public data::StrokesDataset {
 public:
  Arriving() : StrokesDataset(1) {}
  int train_available() const override { return 8; }
  const std::vector<std::string>& class_names() const override { return names_; }

 private:
  std::vector<std::string> names_ = {"plane", "car"};
};

}  // namespace

TEST_CASE("limited data: fewer training images of the same set") {
  const data::StrokesDataset whole(1);
  const data::LimitedDataset part(whole, 5100);
  CHECK(part.train_count() == 5100);
  CHECK(part.train_available() == 5100);
  CHECK(data::epoch_size(part.train_count()) == 100);
  CHECK(part.test_count() == whole.test_count());
  CHECK(part.name() == whole.name());
  CHECK(part.shape() == whole.shape());
  CHECK(part.content_hash() == whole.content_hash());
  CHECK(part.train_label(5099) == whole.train_label(5099));
  CHECK(part.train_image(5099).data() == whole.train_image(5099).data());
  CHECK(part.test_image(9).data() == whole.test_image(9).data());
  CHECK(part.test_label(9) == whole.test_label(9));
}

TEST_CASE("limited data: what has arrived, and the names of the classes, are the whole set's") {
  const Arriving whole;
  const data::LimitedDataset part(whole, 5100), less(whole, 5);
  CHECK(part.train_available() == 8);
  CHECK(less.train_available() == 5);
  CHECK(part.class_names() == whole.class_names());
}

TEST_CASE("limited data: an impossible number of images is refused") {
  const data::StrokesDataset whole(1);
  for (const int count : {0, -1, 60'001}) {
    CHECK(contains(message_of<Error>([&] { data::LimitedDataset(whole, count); }), "“strokes” has 60000 images"));
  }
  CHECK_NOTHROW(data::LimitedDataset(whole, 60'000));
}
