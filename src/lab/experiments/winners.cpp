#include "lab/experiments/winners.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "nn/block.h"

namespace lenet::lab {
namespace {

constexpr std::size_t kLanes = nn::kLanes;

}  // namespace

WinnerSearch::WinnerSearch(const nn::Shape& output, int keep) : output_(output), keep_(keep) {
  const std::size_t units = static_cast<std::size_t>(output.channels);
  value_.resize(units * kLanes);
  place_.resize(units * kLanes);
  winners_.resize(units * static_cast<std::size_t>(keep));
  count_.resize(units);
}

void WinnerSearch::clear() { std::fill(count_.begin(), count_.end(), 0); }

std::span<const Winner> WinnerSearch::winners(int unit) const {
  if (unit < 0 || unit >= units()) return {};
  const std::size_t u = static_cast<std::size_t>(unit);
  return std::span(winners_).subspan(u * static_cast<std::size_t>(keep_), static_cast<std::size_t>(count_[u]));
}

void WinnerSearch::add_block(std::span<const float> activation, int first_image, int lanes) {
  if (activation.size() != output_.size() * kLanes) throw std::logic_error("WinnerSearch: not a block of this layer");
  std::fill(value_.begin(), value_.end(), -std::numeric_limits<float>::infinity());
  std::fill(place_.begin(), place_.end(), 0);
  const std::size_t row = value_.size();
  float* value = value_.data();
  std::int32_t* place = place_.data();
  for (std::int32_t p = 0; p < output_.height * output_.width; ++p) {
    const float* v = activation.data() + static_cast<std::size_t>(p) * row;
    for (std::size_t i = 0; i < row; ++i) {
      const bool stronger = v[i] > value[i];  // the first of equals stays; NaN is never stronger
      value[i] = stronger ? v[i] : value[i];
      place[i] = stronger ? p : place[i];
    }
  }
  for (std::size_t unit = 0; unit < count_.size(); ++unit)
    for (std::size_t lane = 0; lane < static_cast<std::size_t>(lanes); ++lane) {
      if (!answers(activation, unit, lane)) continue;
      const std::size_t i = unit * kLanes + lane;
      insert(unit, {first_image + static_cast<int>(lane),
                    {static_cast<double>(value_[i]), place_[i] / output_.width, place_[i] % output_.width}});
    }
}

bool WinnerSearch::answers(std::span<const float> activation, std::size_t unit, std::size_t lane) const {
  const float strongest = value_[unit * kLanes + lane];
  if (!std::isfinite(strongest)) return false;
  if (strongest != 0) return true;
  for (std::size_t i = unit * kLanes + lane; i < activation.size(); i += value_.size()) {
    if (activation[i] != 0) return true;
  }
  return false;
}

void WinnerSearch::insert(std::size_t unit, const Winner& winner) {
  Winner* row = winners_.data() + unit * static_cast<std::size_t>(keep_);
  int& count = count_[unit];
  if (count == keep_ && !(winner.peak.value > row[count - 1].peak.value)) return;
  if (count < keep_) ++count;
  int at = count - 1;
  for (; at > 0 && winner.peak.value > row[at - 1].peak.value; --at) row[at] = row[at - 1];
  row[at] = winner;
}

void load_train_block(const nn::Shape& input, const data::Dataset& dataset, int first_image, int lanes, nn::Workspace<float>& workspace) {
  float* block = workspace.activation[0].data();
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    if (lane < lanes) {
      nn::set_image(input, dataset.train_image(first_image + lane), lane, block);
    } else {
      nn::clear_image(input, lane, block);
    }
  }
}

void check_room(std::size_t pictures, const nn::Shape& input, const Window& size, const std::string& layer) {
  constexpr double kMegabyte = 1 << 20;
  constexpr int kMostMegabytes = 64;
  const double values = static_cast<double>(pictures) * input.channels * size.height * size.width;
  const double megabytes = 2 * values * sizeof(float) / kMegabyte;
  if (megabytes <= kMostMegabytes) return;
  throw Error("What all units of layer “" + layer + "” see needs " + std::to_string(static_cast<long long>(std::ceil(megabytes))) +
              " MB of pictures, more than " + std::to_string(kMostMegabytes) +
              " MB. Choose a layer with fewer units or one that sees a smaller part of the image.");
}

Window window_size(const nn::Network<float>& network, std::size_t layer) {
  const Window window = window_of(network, layer, 0, 0);
  return {0, 0, window.height, window.width};
}

void view_winners(const Subject& subject, std::size_t layer, nn::BackwardRule rule, std::span<const WinnerPicture> pictures,
                  const Window& size, nn::Workspace<float>& workspace, std::vector<float>& projections, std::vector<float>* patches) {
  if (pictures.size() > kLanes) throw std::logic_error("view_winners: more than a block");
  const nn::Network<float>& network = subject.network;
  const nn::Shape input = network.input();
  float* block = workspace.activation[0].data();
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  for (int lane = 0; lane < nn::kLanes; ++lane) {
    if (static_cast<std::size_t>(lane) >= pictures.size()) {
      nn::clear_image(input, lane, block);
      continue;
    }
    const WinnerPicture& picture = pictures[static_cast<std::size_t>(lane)];
    nn::set_image(input, subject.dataset.train_image(picture.winner.image), lane, block);
    targets[static_cast<std::size_t>(lane)] = {picture.unit, picture.winner.peak};
  }
  network.forward(subject.weights, workspace, static_cast<int>(layer));
  nn::project(network, subject.weights, workspace, layer, targets, rule);

  const std::size_t one = static_cast<std::size_t>(input.channels) * static_cast<std::size_t>(size.height * size.width);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const WinnerPicture& picture = pictures[i];
    const Window window = window_of(network, layer, picture.winner.peak.y, picture.winner.peak.x);
    const auto slot_of = [&](std::vector<float>& all) { return std::span(all).subspan(picture.slot * one, one); };
    cut(nn::get_image(input, workspace.gradient[0].data(), static_cast<int>(i)), input, window, slot_of(projections));
    if (patches == nullptr) continue;
    cut(nn::get_image(input, block, static_cast<int>(i)), input, window, slot_of(*patches));
  }
}

}  // namespace lenet::lab
