// What changes while it trains: planned, and done by hand; and playing it all again.
#include <algorithm>
#include <initializer_list>
#include <vector>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kText =
    "The freeze schedule of the arm that is shown: from the step after the one named, the layer is frozen or trains again. What you change by "
    "hand while it trains is recorded with its step; Replay runs it all again, to the same weights.";

std::string describe(const lab::Change& change) {
  std::string text = "after step " + grouped(change.step) + ": ";
  if (change.frozen) text += (*change.frozen ? "freeze " : "thaw ") + change.layer;
  if (change.multiplier) text += change.layer + " rate × " + number(*change.multiplier);
  if (change.rate) text += "rate " + number(*change.rate);
  if (change.momentum) text += " momentum " + number(*change.momentum);
  if (change.decay) text += " decay " + number(*change.decay);
  if (change.batch) text += print(" batch %d", *change.batch);
  return text;
}

void add(const Context& ui, bool freeze) {
  std::vector<lab::Change> changes = ui.snapshot.planned;
  const CompareState& state = ui.state.compare;
  changes.push_back({.step = static_cast<std::uint64_t>(state.plan_step), .layer = state.plan_layer, .frozen = freeze});
  ui.post(app::command::Plan{std::move(changes)});
}

void draw_editor(const Context& ui) {
  CompareState& state = ui.state.compare;
  std::vector<Choice> layers;
  for (const app::LayerView& layer : ui.snapshot.layers) {
    if (layer.group >= 0) layers.push_back({layer.name, layer.name});
  }
  const auto is_it = [&](const Choice& choice) { return choice.key == state.plan_layer; };
  if (!layers.empty() && std::none_of(layers.begin(), layers.end(), is_it)) state.plan_layer = layers.front().key;
  ImGui::AlignTextToFramePadding();
  small_text(ui, "after step");
  ImGui::SameLine(0, 6);
  if (const auto step = number_field(ui, {.name = "plan.step", .label = nullptr, .value = static_cast<double>(state.plan_step), .low = 0,
                                          .high = 1e7, .whole = true, .width = 66, .explanation = "Minibatches done before the change."})) {
    state.plan_step = static_cast<int>(*step);
  }
  ImGui::SameLine(0, 6);
  if (const auto layer = choice_field(ui, "plan.layer", nullptr, layers, state.plan_layer, 76, "Which layer.")) state.plan_layer = *layer;
  ImGui::SameLine(0, 6);
  if (button(ui, "plan.freeze", "Freeze", {62, 0}, ButtonLook::kPlain, "Plans a freeze at that step.")) add(ui, true);
  ImGui::SameLine(0, 6);
  if (button(ui, "plan.thaw", "Thaw", {54, 0}, ButtonLook::kPlain, "Plans a thaw at that step.")) add(ui, false);
}

/// The texts offered, and the one in force where it is none of them.
std::vector<Choice> texts(std::initializer_list<const char*> offered, const std::string& now) {
  std::vector<Choice> choices;
  bool found = false;
  for (const char* text : offered) {
    choices.push_back({text, text});
    found = found || now == text;
  }
  if (!found) choices.push_back({now, now});
  return choices;
}

void draw_recipe(const Context& ui) {
  const lab::Recipe& recipe = ui.snapshot.settings.recipe;
  const std::string schedule = nn::to_string(recipe.schedule), augmentation = data::to_string(recipe.augmentation);
  const auto schedules = texts({"constant", "cosine 860", "cosine 8600", "step 1000 0.1", "inverse 0.0001 0.75"}, schedule);
  if (const auto text = choice_field(ui, "schedule", "Rate schedule ↺", schedules, schedule, 168,
                                     "What the learning rate is multiplied by: cosine N falls to 0 over N steps; step N γ multiplies it by γ every N steps; "
                                     "inverse γ p is (1 + γ·step)^−p, Caffe's. A change starts a new run and ends a comparison.")) {
    ui.post(app::command::Reset{.recipe = {.schedule = nn::parse_rate_schedule(*text)}});
  }
  ImGui::SameLine(0, 8);
  const auto augmentations = texts({"none", "shift 2", "flip", "shift 4, flip"}, augmentation);
  if (const auto text = choice_field(ui, "augmentation", "Augmentation ↺", augmentations, augmentation, 124,
                                     "Training images moved by up to so many pixels, and mirrored or not (not for digits: a mirrored 2 is none). Other "
                                     "images each epoch, the same for all arms. A change starts a new run and ends a comparison.")) {
    ui.post(app::command::Reset{.recipe = {.augmentation = data::parse_augmentation(*text)}});
  }
}

}  // namespace

void draw_plan_panel(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Schedules and replay", kText);
  draw_recipe(ui);
  draw_editor(ui);
  for (std::size_t i = 0; i < s.planned.size(); ++i) {
    const bool happened = s.step > 0 && s.planned[i].step <= s.step;
    const std::string name = print("plan.remove.%d", static_cast<int>(i));
    if (!happened && button(ui, name.c_str(), "×", {22, 0}, ButtonLook::kPlain, "Removes this from the plan.")) {
      std::vector<lab::Change> changes = s.planned;
      changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(i));
      ui.post(app::command::Plan{std::move(changes)});
    }
    if (!happened) ImGui::SameLine(0, 6);
    small_text(ui, describe(s.planned[i]) + (happened ? "  (done)" : ""));
  }
  for (const lab::Change& change : s.history) small_text(ui, "by hand, " + describe(change));
  if (s.step == 0) return;
  if (button(ui, "replay", "Replay to this step", {150, 0}, ButtonLook::kPlain,
             "Back to step 0 as it began, then forward to this step with every change at its step: the same weights again. Pause cancels.")) {
    ui.post(app::command::Replay{});
  }
}

}  // namespace lenet::ui
