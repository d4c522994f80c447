// Tests of src/app/wrong_search.h and of what a snapshot says about the current image: the next image, wrong ones only, logits and loss.
#include <cmath>

#include "app/wrong_search.h"
#include "app_session_support.h"
#include "base/error.h"
#include "lab_experiments_support.h"
#include "nn/loss.h"

using namespace lenet;
using namespace lenet::app;
using namespace lenet::test;

namespace {

/// What the network gets wrong among the first `count` test images, by their own predictions.
std::vector<int> wrong_images(Driver& driver, int from, int count) {
  std::vector<int> wrong;
  for (int image = from; image < from + count; ++image) {
    const std::vector<float> p = driver.ask(command::Predict{image}).values;
    driver.must(command::SelectImage{image});
    const int label = driver.now().image_label;
    if (std::max_element(p.begin(), p.end()) - p.begin() != label) wrong.push_back(image);
  }
  return wrong;
}

Settings trained_settings() {
  Settings settings = small_settings();
  settings.recipe.sgd.rate = 0.05;
  return settings;
}

int shown(Driver& driver) { return driver.now().image_index; }

}  // namespace

TEST_CASE("next image: forward and back, round the end, and from an image of one's own") {
  Driver driver(small_settings());
  const int count = driver.now().test_available;
  REQUIRE(count > 100);
  driver.must(command::NextImage{});
  CHECK(shown(driver) == 1);
  for (int i = 0; i < 2; ++i) driver.session.post(command::NextImage{.back = true});  // as fast as keys come
  driver.must(command::NextImage{.back = true});
  CHECK(shown(driver) == count - 2);
  for (int i = 0; i < 3; ++i) driver.must(command::NextImage{});
  CHECK(shown(driver) == 1);
  driver.must(command::ShowPixels{std::vector<float>(784, 0.5f)});
  driver.must(command::NextImage{});
  CHECK(shown(driver) == 0);
  driver.must(command::ShowPixels{std::vector<float>(784, 0.5f)});
  driver.must(command::NextImage{.back = true});
  CHECK(shown(driver) == count - 1);
}

TEST_CASE("next image, wrong only: exactly those that the network gets wrong, in both directions; nothing is trained") {
  Driver driver(trained_settings());
  driver.must(command::Step{60});
  const std::string before = driver.hash();
  const std::vector<int> wrong = wrong_images(driver, 0, 120);
  REQUIRE(wrong.size() > 3);
  REQUIRE(wrong.size() < 115);  // some are right, or there is nothing to skip
  driver.must(command::ShowPixels{std::vector<float>(784, 0.0f)});
  for (const int image : wrong) {
    driver.must(command::NextImage{.wrong = true});
    CHECK(shown(driver) == image);
    CHECK_FALSE(driver.now().wrong.searching);
  }
  for (std::size_t i = wrong.size() - 1; i-- > 0;) {
    driver.must(command::NextImage{.back = true, .wrong = true});
    CHECK(shown(driver) == wrong[i]);
  }
  // Several at once are done one after the other.
  driver.must(command::SelectImage{0});
  for (int i = 0; i < 2; ++i) driver.session.post(command::NextImage{.wrong = true});
  driver.must(command::NextImage{.wrong = true});
  CHECK(shown(driver) == wrong[wrong.front() == 0 ? 3 : 2]);
  CHECK(driver.hash() == before);
}

TEST_CASE("wrong search: round the end back to the image itself; a sentence where all are right or none is here") {
  RandomDataset dataset({1, 6, 6}, 40, 25);  // image i is of class i mod 10
  lab::Recipe recipe;
  recipe.network = "dense 10";
  recipe.initializer = nn::Initializer::kZeros;  // ten equal logits, of which the first wins: all but class 0 are wrong
  lab::Run run(dataset, recipe, 1);
  lab::Timeline timeline;
  const Sight sight{run, timeline};
  nn::Workspace<float> workspace = run.network().make_workspace();
  WrongSearch search;
  /// What is found from `image` on; -2 for none.
  const auto find = [&](int image, bool back) {
    search.add(back, 9);
    for (int slice = 0; slice < 10 && search.active(); ++slice) {
      poison(workspace);
      if (const auto found = search.advance(sight, image, workspace)) return *found;
    }
    CHECK_FALSE(search.active());
    return -2;
  };
  CHECK(find(-1, false) == 1);
  CHECK(find(-1, true) == 24);
  CHECK(find(9, false) == 11);
  CHECK(find(11, true) == 9);
  CHECK(find(24, false) == 1);
  CHECK(find(1, true) == 24);
  for (Reply& reply : search.take_replies()) CHECK(reply.error.empty());
  CHECK(search.view().none.empty());

  dataset.arrive(40, 2);  // image 1 alone is wrong
  CHECK(find(1, false) == 1);
  CHECK(find(1, true) == 1);
  dataset.arrive(40, 1);
  CHECK(find(0, false) == -2);
  CHECK(find(0, true) == -2);
  CHECK(search.view().none == "All 1 test images are right at step 0.");
  dataset.arrive(40, 0);
  CHECK(find(0, false) == -2);
  CHECK(search.view().none.find("No test image has arrived") != std::string::npos);
  CHECK(search.take_replies().size() == 5);
  search.stop("It is over.");
  CHECK(search.view().none.empty());
  for (int i = 0; i < 16; ++i) search.add(false, 1);
  CHECK_THROWS_AS(search.add(false, 1), Error);
  search.stop("It is over.");
  CHECK(search.take_replies().size() == 16);
}

TEST_CASE("next image, wrong only: another image or another run ends the search, and it is found while it trains") {
  Driver driver(trained_settings());
  driver.session.post(command::NextImage{.wrong = true}, 77);
  driver.session.post(command::SelectImage{5}, 78);
  std::vector<Reply> replies;
  for (int turn = 0; turn < 1000 && replies.size() < 2; ++turn) {
    driver.session.pump(0.001);
    driver.session.latest();
    for (Reply& reply : driver.session.take_replies()) replies.push_back(std::move(reply));
  }
  REQUIRE(replies.size() == 2);
  for (const Reply& reply : replies) {
    if (reply.id == 77) CHECK(reply.error.find("Another image was chosen") != std::string::npos);
    if (reply.id == 78) CHECK(reply.error.empty());
  }
  CHECK(shown(driver) == 5);

  driver.session.post(command::NextImage{.wrong = true}, 79);
  const Reply rewound = driver.ask(command::Rewind{});
  CHECK(rewound.error.empty());
  CHECK_FALSE(driver.now().wrong.searching);

  driver.must(command::Play{});
  driver.must(command::NextImage{.wrong = true});
  CHECK(shown(driver) > 5);
  CHECK(driver.now().playing);
}

TEST_CASE("the current image's loss is −ln p of its class; of an image without a class there is none") {
  Driver driver(trained_settings());
  driver.must(command::Step{20});
  for (const int image : {0, 3, 41}) {
    driver.must(command::SelectImage{image});
    const Snapshot& s = driver.now();
    CHECK(s.image_loss == doctest::Approx(-std::log(s.probabilities[static_cast<std::size_t>(s.image_label)])).epsilon(1e-9));
    std::vector<double> p(10);
    nn::softmax<float>(s.layers.back().activation, p);  // the logits are the last layer's output
    for (std::size_t i = 0; i < 10; ++i) CHECK(p[i] == doctest::Approx(s.probabilities[i]).epsilon(1e-12));
  }
  driver.must(command::ShowPixels{std::vector<float>(784, 0.25f)});
  CHECK(std::isnan(driver.now().image_loss));
}
