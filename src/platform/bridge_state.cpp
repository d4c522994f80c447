// The state of the page as JSON for scripts.
#include "platform/bridge_state.h"

#include <emscripten/heap.h>

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "app/class_question.h"
#include "app/gap.h"
#include "app/results_view.h"
#include "lab/experiments/findings.h"
#include "lab/results_json.h"
#include "platform/bridge_view.h"
#include "ui/labs.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::platform {

using nlohmann::json;

namespace {

std::string to_text(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

const char* kind_name(nn::LayerKind kind) {
  switch (kind) {
    case nn::LayerKind::kConv: return "conv";
    case nn::LayerKind::kMaxPool: return "pool";
    case nn::LayerKind::kRelu: return "relu";
    case nn::LayerKind::kDense: return "dense";
    case nn::LayerKind::kFlatten: return "flatten";
    case nn::LayerKind::kDropout: return "dropout";
    case nn::LayerKind::kAveragePool: return "averagePool";
    case nn::LayerKind::kTanh: return "tanh";
    case nn::LayerKind::kSigmoid: return "sigmoid";
  }
  return "unknown";
}

const char* rule_name(nn::kernels::BackwardRule rule) {
  switch (rule) {
    case nn::kernels::BackwardRule::kGradient: return "gradient";
    case nn::kernels::BackwardRule::kGuided: return "guided";
    case nn::kernels::BackwardRule::kDeconv: break;
  }
  return "deconv";
}

json layer_json(const app::LayerView& layer) {
  const nn::Shape& output = layer.output;
  const bool trains = layer.group >= 0;
  return {{"name", layer.name},
          {"kind", kind_name(layer.kind)},
          {"shape", layer.weight_shape},
          {"output", {output.channels, output.height, output.width}},
          {"parameters", layer.parameter_count},
          {"frozen", trains && layer.frozen},
          {"rate", trains ? json(layer.multiplier) : json()},
          {"changed", trains ? json(layer.changed) : json()},
          {"updateRatio", trains ? json(layer.update_ratio) : json()}};
}

json frame_json(const ui::FrameTimes& times) {
  return {{"medianMs", times.median_ms}, {"p95Ms", times.p95_ms}, {"frames", times.frames}};
}

json accuracy_json(const std::vector<app::CurvePoint>& accuracy) {
  if (accuracy.empty()) return nullptr;
  const app::CurvePoint& last = accuracy.back();
  return {{"value", last.value}, {"step", last.step}, {"n", last.n}};
}

void add_progress(const app::Snapshot& s, json& state) {
  state["version"] = s.version;
  state["run"] = s.run;
  state["step"] = s.step;
  state["epoch"] = s.epoch;
  state["epochFraction"] = s.epoch_fraction;
  state["imagesSeen"] = s.images_seen;
  state["playing"] = s.playing;
  state["suspended"] = s.suspended;
  state["waitingForData"] = s.waiting_for_data;
  state["diverged"] = s.diverged;
  state["error"] = s.error.empty() ? json() : json(s.error);
  state["notice"] = s.notice.empty() ? json() : json(s.notice);
  state["trainLoss"] = s.loss.empty() ? json() : json(s.loss.back().value);
  state["testAccuracy"] = accuracy_json(s.accuracy);
  state["evaluating"] = s.evaluating;
  state["imagesPerSecond"] = s.images_per_second;
  state["secondsTrained"] = s.seconds_trained;
  state["secondsTo98"] = s.seconds_to_98 < 0 ? json() : json(s.seconds_to_98);
}

void add_settings(const app::Snapshot& s, json& state) {
  const app::Settings& settings = s.settings;
  state["dataset"] = s.dataset;
  state["title"] = s.dataset == app::kOwnData ? s.own_title : app::title_of(s.dataset);
  state["ownData"] = s.own_title.empty() ? json() : json(s.own_title);
  state["preset"] = settings.recipe.preset;
  state["network"] = settings.recipe.network;
  state["seed"] = settings.seed;
  state["loaded"] = s.loaded ? json{{"steps", s.loaded->steps}, {"dataset", s.loaded->dataset}} : json();
  state["initializer"] = nn::name_of(settings.recipe.initializer);
  state["batch"] = s.batch;
  state["learningRate"] = s.sgd.rate;
  state["momentum"] = s.sgd.momentum;
  state["weightDecay"] = s.sgd.decay;
  state["learningRateNow"] = s.rate_now;
  state["schedule"] = nn::to_string(settings.recipe.schedule);
  state["augmentation"] = data::to_string(settings.recipe.augmentation);
  state["speed"] = settings.steps_per_second;
}

void add_view(const app::Snapshot& s, json& state) {
  state["data"] = {{"trainCount", s.train_count},
                   {"trainAvailable", s.train_available},
                   {"testCount", s.test_count},
                   {"testAvailable", s.test_available},
                   {"hash", s.data_hash.empty() ? json() : json(s.data_hash)}};
  const bool waits = !s.wanted_data.empty();
  state["wantedData"] = waits ? json{{"name", s.wanted_data}, {"count", s.wanted_count}, {"available", s.wanted_available}} : json();
  state["classes"] = s.class_names;
  state["input"] = {s.input.channels, s.input.height, s.input.width};
  state["image"] = {{"index", s.image_index},
                    {"drawing", s.image_drawn},
                    {"label", s.image_label},
                    {"probabilities", s.probabilities},
                    {"logits", s.layers.empty() ? json() : json(s.layers.back().activation)},
                    {"loss", s.image_label < 0 ? json() : json(s.image_loss)}};
  state["locked"] = {{"layer", s.locked_layer}, {"unit", s.locked_unit}, {"mode", rule_name(s.rule)}};
  state["probe"] = s.probe_images;
}

json points_json(const std::vector<app::CurvePoint>& points) {
  json list = json::array();
  for (const app::CurvePoint& point : points) list.push_back({{"step", point.step}, {"value", point.value}, {"n", point.n}});
  return list;
}

json changes_json(const std::vector<lab::Change>& changes) {
  json list = json::array();
  for (const lab::Change& change : changes) list.push_back(lab::to_json(change));
  return list;
}

json summary_json(const lab::Summary& s) {
  const auto number = [](double value) { return std::isfinite(value) ? json(value) : json(); };
  return {{"n", s.n}, {"mean", number(s.mean)}, {"deviation", number(s.deviation)}, {"halfWidth", number(s.half_width)}};
}

json results_json(const std::shared_ptr<const app::ResultsView>& results) {
  json list = json::array();
  if (!results) return list;
  for (const app::ResultsView::Arm& arm : results->arms) {
    list.push_back({{"arm", arm.summary.arm},
                    {"test", summary_json(arm.summary.test)},
                    {"difference", summary_json(arm.summary.difference)},
                    {"seconds", summary_json(arm.summary.seconds)},
                    {"diverged", arm.summary.diverged}});
  }
  return list;
}

void add_comparison(const app::Snapshot& s, json& state) {
  json arms = json::array();
  for (const app::ArmView& arm : s.arms) arms.push_back(arm.name);
  state["arms"] = std::move(arms);
  state["arm"] = s.shown_arm;
  state["seeds"] = {{"running", s.seeds.running}, {"wanted", s.seeds.wanted}, {"done", s.seeds.done}, {"fraction", s.seeds.fraction}};
  state["pooledFiles"] = s.seeds.pooled_files;
  state["planned"] = changes_json(s.planned);
  state["history"] = changes_json(s.history);
  if (s.arms.empty()) return;  // the first state is still to come
  state["recipe"] = lab::to_json(s.arms[static_cast<std::size_t>(s.shown_arm)].replay);
}

json timeline_json(const app::TimelineView& timeline) {
  json moments = json::array();
  for (const auto& moment : timeline.moments) moments.push_back(moment.step);
  return {{"moments", std::move(moments)},
          {"shown", timeline.shown},
          {"showsMoment", timeline.shows_moment},
          {"thinned", timeline.thinned},
          {"bytes", timeline.bytes}};
}

json labs_json(const std::vector<app::LabView>& labs) {
  json list = json::array();
  for (const app::LabView& view : labs) {
    list.push_back({{"view", view.word},
                    {"done", view.outcome != nullptr && view.outcome_request == view.request && !view.running},
                    {"running", view.running},
                    {"fraction", view.fraction},
                    {"step", view.outcome ? json(lab::step_of(*view.outcome)) : json()},
                    {"error", view.error.empty() ? json() : json(view.error)}});
  }
  return list;
}

}  // namespace

std::string comparison_json(const app::Snapshot& s) {
  json out = {{"step", s.step}, {"key", app::comparison_key(s)}, {"arms", json::array()}, {"seeds", results_json(s.seeds.results)}, {"pool", results_json(s.seeds.pooled)}};
  for (const app::ArmView& arm : s.arms) {
    out["arms"].push_back({{"name", arm.name},
                           {"step", arm.step},
                           {"diverged", arm.diverged},
                           {"stepMs", 1000 * arm.step_seconds},
                           {"parameters", arm.parameters},
                           {"trainable", arm.trainable},
                           {"frozen", arm.frozen},
                           {"recipe", lab::to_json(arm.replay)},
                           {"loss", points_json(arm.loss)},
                           {"accuracy", points_json(arm.accuracy)},
                           {"gap", points_json(app::accuracy_gap(s.arms.front().accuracy, arm.accuracy))}});
  }
  return to_text(out);
}

std::string state_json(const app::Snapshot& snapshot, ui::Ui& ui) {
  json state = json::object();
  add_progress(snapshot, state);
  add_settings(snapshot, state);
  add_view(snapshot, state);
  add_comparison(snapshot, state);
  state["timeline"] = timeline_json(snapshot.timeline);
  state["lab"] = ui::word_of(ui.state().shown_lab);
  state["views"] = labs_json(snapshot.labs);
  state["view"] = view_json(ui.state());
  state["overlay"] = !ui.state().hidden;
  state["background"] = ui.state().pause_in_background ? "pause" : "train";
  state["memoryBytes"] = emscripten_get_heap_size();
  state["threads"] = snapshot.threads;
  state["simd"] = snapshot.simd;
  json layers = json::array();
  for (const app::LayerView& layer : snapshot.layers) layers.push_back(layer_json(layer));
  state["layers"] = std::move(layers);
  const ui::FrameTimer& timer = ui.timer();
  state["frame"] = frame_json(timer.current());
  state["frame"]["training"] = frame_json(timer.times(true));
  state["frame"]["paused"] = frame_json(timer.times(false));
  return to_text(state);
}

std::string choices_json(const app::Snapshot& snapshot) {
  const auto list = [](const std::vector<ui::Choice>& choices) {
    json out = json::array();
    for (const ui::Choice& choice : choices) out.push_back({{"key", choice.key}, {"label", choice.label}});
    return out;
  };
  json labs = json::array();
  for (const ui::LabPage& page : ui::lab_pages()) labs.push_back({{"key", page.word}, {"label", page.label}, {"text", page.text == nullptr ? "" : page.text}});
  return to_text({{"dataset", list(ui::dataset_choices(snapshot))},
                  {"preset", list(ui::preset_choices(snapshot.settings))},
                  {"initializer", list(ui::initializer_choices())},
                  {"lab", std::move(labs)}});
}

std::string rectangles_json(const std::vector<ui::NamedRect>& rectangles, float zoom) {
  json object = json::object();
  for (const ui::NamedRect& r : rectangles) {
    json& place = object[r.name];
    place = {{"x", zoom * r.x}, {"y", zoom * r.y}, {"width", zoom * r.width}, {"height", zoom * r.height}};
    if (r.scale > 0) place["scale"] = r.scale;
  }
  return to_text(object);
}

std::string replies_json(const std::vector<app::Reply>& replies) {
  const auto block = [](const auto& values) -> json { return {reinterpret_cast<std::uintptr_t>(values.data()), values.size()}; };
  json list = json::array();
  for (const app::Reply& reply : replies) {
    list.push_back({{"id", reply.id},
                    {"error", reply.error},
                    {"shape", reply.shape},
                    {"values", block(reply.values)},
                    {"bytes", block(reply.bytes)},
                    {"files", reply.files},
                    {"step", reply.step},
                    {"activation", reply.activation},
                    {"at", {{"y", reply.y}, {"x", reply.x}}}});
  }
  return to_text(list);
}

}  // namespace lenet::platform
