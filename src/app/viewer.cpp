#include "app/viewer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/error.h"
#include "lab/experiments/top_units.h"
#include "lab/norm.h"
#include "nn/block.h"
#include "nn/loss.h"

namespace lenet::app {
namespace {

double ratio(double part, double whole) { return whole > 0 ? part / whole : part; }

}  // namespace

void Viewer::attach(const lab::Run& run) {
  const nn::Network<float>& network = run.network();
  workspace_ = network.make_workspace();
  initial_norms_.assign(static_cast<std::size_t>(network.group_count()), 0);
  for (const nn::ParameterView& view : network.parameters()) {
    if (view.is_bias) continue;
    const float* w = run.initial_values().data() + view.offset;
    initial_norms_[static_cast<std::size_t>(view.group)] = lab::norm(view.size, [w](std::size_t i) { return w[i]; });
  }
  if (image_index_ < 0 && own_pixels_.size() != network.input().size()) image_index_ = 0;
  searching_ = false;  // another network's units
  try {
    lock(run, locked_name_, locked_unit_);
  } catch (const Error&) {
    lock(run, network.parameters().front().layer, 0);  // the new network has no such unit
  }
}

void Viewer::select_image(int index) { image_index_ = std::max(index, 0); }

void Viewer::next_image(const lab::Run& run, bool back) {
  const int available = run.dataset().test_available(), next = image_index_ + (back ? -1 : 1);
  select_image(next < 0 ? available - 1 : next < available ? next : 0);
}

void Viewer::show_pixels(std::vector<float> pixels) {
  own_pixels_ = std::move(pixels);
  image_index_ = -1;
  drawn_ = false;
}

void Viewer::show_drawing(std::vector<float> pixels) {
  show_pixels(std::move(pixels));
  drawn_ = true;
}

void Viewer::lock(const lab::Run& run, const std::string& layer, int unit) {
  const std::size_t observed = lab::observed(run.network(), {layer, unit});
  locked_name_ = layer;
  locked_unit_ = unit;
  if (observed == std::exchange(locked_layer_, observed) && searching_) return;  // it searches for all units of a layer
  search_.restart(observed);
  searching_ = true;
}

void Viewer::set_probe(int images) {
  if (images < lab::kTop || images > lab::kMostProbeImages) {
    throw Error("The strongest images are searched among " + std::to_string(lab::kTop) + " to " + std::to_string(lab::kMostProbeImages) + " held-out ones.");
  }
  probe_images_ = images;
  search_ = lab::TopSearch(images);
  search_.restart(locked_layer_);
}

bool Viewer::search(const Sight& sight) {
  const lab::Run& run = sight.run;
  if (run.dataset().train_available() == 0 || search_.up_to_date(sight.step, run.dataset())) return false;
  search_.advance(run.network(), sight.weights(), run.dataset(), sight.step, workspace_);
  return true;
}

bool Viewer::load_current(const lab::Run& run, Snapshot& snapshot) {
  const nn::Shape input = run.network().input();
  const int available = run.dataset().test_available();
  snapshot.image_index = image_index_;
  snapshot.image_label = -1;
  snapshot.image_drawn = image_index_ < 0 && drawn_;
  snapshot.image.assign(input.size(), 0.0f);
  if (image_index_ < 0) {
    snapshot.image = own_pixels_;
  } else if (available > 0) {
    if (run.dataset().test_count() > 0) snapshot.image_index = image_index_ % run.dataset().test_count();
    if (snapshot.image_index >= available) return false;
    image_index_ = snapshot.image_index;
    data::to_floats(run.dataset().test_image(image_index_), snapshot.image);
    snapshot.image_label = run.dataset().test_label(image_index_);
  } else {
    return false;
  }
  return true;
}

void Viewer::load_winners(const lab::Run& run, Snapshot& snapshot) {
  const std::span<const lab::Winner> best = search_.best(locked_unit_);
  snapshot.winners.resize(best.size());
  for (std::size_t i = 0; i < best.size(); ++i) {
    ProjectionView& view = snapshot.winners[i];
    view.valid = true;
    view.image_index = best[i].image;
    view.image.resize(run.network().input().size());
    data::to_floats(run.dataset().train_image(best[i].image), view.image);
  }
  snapshot.winners_step = search_.found_step();
  snapshot.winners_found = search_.complete();
  snapshot.probe_images = probe_images_;
  snapshot.searched_images = std::min(probe_images_, run.dataset().held_out());
}

/// Forward through layers 0 … last (-1: all) and back from the locked unit, for up to eight images.
void Viewer::project_block(const Sight& sight, std::span<ProjectionView* const> views, int last) {
  const nn::Network<float>& network = sight.run.network();
  const nn::Shape input = network.input();
  for (std::size_t lane = 0; lane < views.size(); ++lane) {
    nn::set_image<float, float>(input, views[lane]->image, static_cast<int>(lane), workspace_.activation[0].data());
  }
  network.forward(sight.weights(), workspace_, last);
  std::array<nn::ProjectionTarget, nn::kLanes> targets{};
  for (std::size_t lane = 0; lane < views.size(); ++lane) {
    targets[lane] = {locked_unit_, nn::find_peak(network, workspace_, locked_layer_, locked_unit_, static_cast<int>(lane))};
  }
  nn::project(network, sight.weights(), workspace_, locked_layer_, targets, rule_);
  for (std::size_t lane = 0; lane < views.size(); ++lane) fill_projection(sight.run, static_cast<int>(lane), targets[lane].peak, *views[lane]);
}

void Viewer::fill(const Sight& sight, Snapshot& snapshot) {
  const lab::Run& run = sight.run;
  const nn::Network<float>& network = run.network();
  snapshot.input = network.input();
  snapshot.locked_layer = locked_name_;
  snapshot.locked_unit = locked_unit_;
  snapshot.rule = rule_;

  snapshot.current.valid = load_current(run, snapshot);
  snapshot.current.image_index = snapshot.image_index;
  snapshot.current.image = snapshot.image;
  load_winners(run, snapshot);
  std::vector<ProjectionView*> views = {&snapshot.current};
  for (ProjectionView& winner : snapshot.winners) views.push_back(&winner);

  // The current image goes through the whole network, and with it as many of the others as there is room for.
  const std::size_t first = std::min<std::size_t>(views.size(), nn::kLanes);
  project_block(sight, std::span(views).first(first), -1);
  snapshot.probabilities.resize(static_cast<std::size_t>(network.classes()));
  nn::softmax<float>(workspace_.activation.back(), kCurrent, snapshot.probabilities);
  snapshot.image_loss = std::numeric_limits<double>::quiet_NaN();
  if (snapshot.image_label >= 0) {
    const std::uint8_t label[] = {static_cast<std::uint8_t>(snapshot.image_label)};
    snapshot.image_loss = nn::cross_entropy<float>(workspace_.activation.back(), label, 1.0, {}).loss[kCurrent];
  }
  fill_layers(sight, snapshot);
  if (first < views.size()) project_block(sight, std::span(views).subspan(first), static_cast<int>(locked_layer_));
}

void Viewer::fill_layers(const Sight& sight, Snapshot& snapshot) {
  const nn::Network<float>& network = sight.run.network();
  std::size_t count = 0;
  for (std::size_t i = 0; i < network.layer_count(); ++i) {
    const nn::Layer<float>& layer = network.layer(i);
    if (layer.spec().kind == nn::LayerKind::kFlatten) continue;
    if (snapshot.layers.size() <= count) snapshot.layers.emplace_back();
    LayerView& view = snapshot.layers[count++];
    view.name = layer.spec().name;
    view.kind = layer.spec().kind;
    view.input = layer.input();
    view.output = layer.output();
    view.kernel = layer.spec().kernel;
    view.drop = layer.spec().drop;
    view.activation = nn::get_image(layer.output(), workspace_.activation[i + 1].data(), kCurrent);
    view.group = -1;
    view.weight_shape = layer.weight_shape();
    view.parameter_count = 0;
  }
  snapshot.layers.resize(count);
  fill_parameters(sight, snapshot);
}

void Viewer::fill_parameters(const Sight& sight, Snapshot& snapshot) {
  const lab::Run& run = sight.run;
  const double rate = run.sgd().rate;
  for (const nn::ParameterView& parameter : run.network().parameters()) {
    const auto found = std::find_if(snapshot.layers.begin(), snapshot.layers.end(),
                                    [&](const LayerView& view) { return view.name == parameter.layer; });
    LayerView& view = *found;
    view.parameter_count += parameter.size;
    if (parameter.is_bias) continue;
    const nn::GroupSettings& group = run.groups()[static_cast<std::size_t>(parameter.group)];
    const float* w = sight.weights().values.data() + parameter.offset;
    const float* w0 = run.initial_values().data() + parameter.offset;
    const float* v = run.momentum().data() + parameter.offset;
    view.group = parameter.group;
    view.frozen = group.frozen;
    view.multiplier = group.multiplier;
    view.changed = ratio(lab::norm(parameter.size, [=](std::size_t i) { return w[i] - w0[i]; }),
                         initial_norms_[static_cast<std::size_t>(parameter.group)]);
    const double size = lab::norm(parameter.size, [=](std::size_t i) { return w[i]; });
    const double velocity = group.frozen || run.last().images == 0 || sight.past != nullptr ? 0 : lab::norm(parameter.size, [=](std::size_t i) { return v[i]; });
    view.update_ratio = size > 0 ? rate * group.multiplier * velocity / size : 0;
    if (view.kind == nn::LayerKind::kConv) view.weights.assign(w, w + parameter.size);
  }
}

void Viewer::fill_projection(const lab::Run& run, int lane, const nn::Peak& peak, ProjectionView& view) {
  const nn::ReceptiveField field = nn::receptive_field(run.network(), locked_layer_, peak.y, peak.x);
  view.activation = peak.value;
  view.y = peak.y;
  view.x = peak.x;
  view.top = field.top;
  view.left = field.left;
  view.bottom = field.bottom;
  view.right = field.right;
  view.pixels = nn::get_image(run.network().input(), workspace_.gradient[0].data(), lane);
}

}  // namespace lenet::app
