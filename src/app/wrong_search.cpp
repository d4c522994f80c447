#include "app/wrong_search.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "nn/block.h"
#include "nn/loss.h"

namespace lenet::app {
namespace {

constexpr std::size_t kMostWaiting = 16;

}  // namespace

void WrongSearch::add(bool back, std::uint32_t id) {
  if (waiting_.size() >= kMostWaiting) throw Error("There are " + std::to_string(kMostWaiting) + " searches waiting already.");
  waiting_.push_back({back, id});
  none_.clear();
}

void WrongSearch::stop(const std::string& why) {
  search_.reset();
  none_.clear();
  for (const Wanted& wanted : std::exchange(waiting_, {})) {
    if (wanted.id != 0) replies_.push_back({.id = wanted.id, .error = why});
  }
}

void WrongSearch::answer(std::string error) {
  if (waiting_.front().id != 0) replies_.push_back({.id = waiting_.front().id, .error = std::move(error)});
  waiting_.pop_front();
  search_.reset();
}

/// The image at a place of the search: 0 is the one after that on show.
int WrongSearch::image_at(int place) const {
  const int n = search_->images;  // the last place is the image itself
  const int from = search_->from < 0 && waiting_.front().back ? n : search_->from;
  return waiting_.front().back ? (from - 1 - place + 2 * n) % n : (from + 1 + place) % n;
}

std::optional<int> WrongSearch::look(const Sight& sight, nn::Workspace<float>& workspace) {
  const nn::Network<float>& network = sight.run.network();
  const data::Dataset& dataset = sight.run.dataset();
  const int count = std::min(nn::kLanes, search_->images - search_->done);
  std::array<std::uint8_t, nn::kLanes> labels{};
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    float* const block = workspace.activation[0].data();
    if (lane >= count) {
      nn::clear_image(network.input(), lane, block);
      continue;
    }
    const int image = image_at(search_->done + lane);
    nn::set_image(network.input(), dataset.test_image(image), lane, block);
    labels[static_cast<std::size_t>(lane)] = static_cast<std::uint8_t>(dataset.test_label(image));
  }
  network.forward(search_->weights, workspace);
  const auto used = std::span(labels).first(static_cast<std::size_t>(count));
  const nn::BlockLoss loss = nn::cross_entropy<float>(workspace.activation.back(), used, 1.0, {});
  for (int lane = 0; lane < count; ++lane) {
    if (!loss.correct[static_cast<std::size_t>(lane)]) return image_at(search_->done + lane);
  }
  search_->done += count;
  return std::nullopt;
}

std::optional<int> WrongSearch::advance(const Sight& sight, int image, nn::Workspace<float>& workspace) {
  const int here = sight.run.dataset().test_available();
  if (here == 0) {
    none_ = "No test image has arrived yet.";
    answer(none_);
    return std::nullopt;
  }
  if (!search_) search_ = {sight.weights(), sight.step, image < here ? image : -1, here, 0};
  const std::optional<int> found = look(sight, workspace);
  if (found) {
    answer({});
  } else if (search_->done >= search_->images) {
    none_ = "All " + std::to_string(search_->images) + " test images are right at step " + std::to_string(search_->step) + ".";
    answer(none_);
  }
  return found;
}

WrongView WrongSearch::view() const {
  const double fraction = search_ ? static_cast<double>(search_->done) / search_->images : 0;
  return {active(), fraction, none_};
}

std::vector<Reply> WrongSearch::take_replies() { return std::exchange(replies_, {}); }

}  // namespace lenet::app
