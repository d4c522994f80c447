// Keys. They do nothing while somebody types into a field.
#include <vector>

#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/panels.h"

namespace lenet::ui {

namespace {

using nn::kernels::BackwardRule;

bool pressed(ImGuiKey key, bool repeat = false) {
  const ImGuiIO& io = ImGui::GetIO();
  return !io.KeyCtrl && !io.KeyAlt && !io.KeySuper && ImGui::IsKeyPressed(key, repeat);
}

BackwardRule after(BackwardRule rule) {
  if (rule == BackwardRule::kDeconv) return BackwardRule::kGradient;
  return rule == BackwardRule::kGradient ? BackwardRule::kGuided : BackwardRule::kDeconv;
}

void move_unit(const Context& ui, int by) {
  const app::LayerView* layer = find_layer(ui.snapshot, ui.snapshot.locked_layer);
  if (layer == nullptr || unit_count(*layer) == 0) return;
  const int count = unit_count(*layer);
  ui.post(app::command::LockUnit{layer->name, (ui.snapshot.locked_unit + by + count) % count});
}

void move_layer(const Context& ui, int by) {
  std::vector<const app::LayerView*> layers;
  int now = 0;
  for (const app::LayerView& layer : ui.snapshot.layers) {
    if (!has_units(layer)) continue;
    if (layer.name == ui.snapshot.locked_layer) now = static_cast<int>(layers.size());
    layers.push_back(&layer);
  }
  const int next = now + by;
  if (next < 0 || next >= static_cast<int>(layers.size())) return;
  ui.post(app::command::LockUnit{layers[next]->name, std::min(ui.snapshot.locked_unit, unit_count(*layers[next]) - 1)});
}

void play_or_pause(const Context& ui) {
  if (ui.snapshot.playing || ui.snapshot.seeds.running) {
    ui.post(app::command::Pause{});
  } else {
    ui.post(app::command::Play{});
  }
}

}  // namespace

void handle_keys(const Context& ui) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || ImGui::IsAnyItemActive()) return;
  const app::Snapshot& s = ui.snapshot;
  if (pressed(ImGuiKey_Space)) play_or_pause(ui);
  if (ui.state.play_focused && (pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeypadEnter))) play_or_pause(ui);
  if (pressed(ImGuiKey_S)) ui.post(app::command::Step{1});
  if (pressed(ImGuiKey_R)) ui.post(app::command::Rewind{});
  if (pressed(ImGuiKey_B)) ui.post(app::command::SetRule{after(s.rule)});
  if (pressed(ImGuiKey_N)) ui.post(app::command::SelectImage{s.image_index + 1});
  if (pressed(ImGuiKey_P)) ui.post(app::command::SelectImage{s.image_index - 1});
  if (pressed(ImGuiKey_LeftArrow, true)) move_unit(ui, -1);
  if (pressed(ImGuiKey_RightArrow, true)) move_unit(ui, 1);
  if (pressed(ImGuiKey_UpArrow)) move_layer(ui, -1);
  if (pressed(ImGuiKey_DownArrow)) move_layer(ui, 1);
  if (pressed(ImGuiKey_F) && ui.shows(Control::kFreeze)) {
    const app::LayerView* layer = find_layer(s, s.locked_layer);
    if (layer != nullptr && layer->group >= 0) ui.post(app::command::Freeze{layer->name, !layer->frozen});
  }
  if (pressed(ImGuiKey_C) && ui.shows(Control::kCompare)) {
    const bool compares = ui.narrow ? ui.state.tab == Tab::kCompare : ui.state.lab == Lab::kCompare;
    open_lab(ui.state, compares ? Lab::kNetwork : Lab::kCompare);
  }
  for (int i = 0; i < 9; ++i) {
    if (pressed(static_cast<ImGuiKey>(ImGuiKey_1 + i)) && is_offered(ui, static_cast<Lab>(i))) open_lab(ui.state, static_cast<Lab>(i));
  }
  if (ui.shows(Control::kTimeline)) {
    if (pressed(ImGuiKey_LeftBracket, true)) move_moment(ui, -1);
    if (pressed(ImGuiKey_RightBracket, true)) move_moment(ui, 1);
  }
  if (pressed(ImGuiKey_F1)) ui.state.debug = !ui.state.debug;
  if (pressed(ImGuiKey_Escape)) ui.state.help = false;
  // '?' is on another key on every keyboard, so the character counts.
  for (const ImWchar character : io.InputQueueCharacters) {
    if (character == '?') ui.state.help = !ui.state.help;
  }
}

}  // namespace lenet::ui
