// Keys. They do nothing while somebody types into a field.
#include <algorithm>
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

/// With Shift the cell that is looked at from close up; else the unit and its layer.
void move_by_arrows(const Context& ui) {
  const bool left = pressed(ImGuiKey_LeftArrow, true), right = pressed(ImGuiKey_RightArrow, true);
  const bool cell = ImGui::GetIO().KeyShift && ui.state.shown_lab == Lab::kCloser;
  if (cell) {
    const bool up = pressed(ImGuiKey_UpArrow, true), down = pressed(ImGuiKey_DownArrow, true);
    if (left || right || up || down) move_cell(ui, down - up, right - left);
    return;
  }
  if (left) move_unit(ui, -1);
  if (right) move_unit(ui, 1);
  if (pressed(ImGuiKey_UpArrow)) move_layer(ui, -1);
  if (pressed(ImGuiKey_DownArrow)) move_layer(ui, 1);
}

/// 1 to 9, and 0 for the tenth, as the tabs stand.
void open_lab_by_digit(const Context& ui) {
  for (std::size_t i = 0; i < std::min<std::size_t>(lab_pages().size(), 10); ++i) {
    const ImGuiKey key = i < 9 ? static_cast<ImGuiKey>(ImGuiKey_1 + static_cast<int>(i)) : ImGuiKey_0;
    if (pressed(key) && is_offered(ui, lab_pages()[i].lab)) open_lab(ui.state, lab_pages()[i].lab);
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
  if (pressed(ImGuiKey_R)) rewind(ui);
  if (pressed(ImGuiKey_B)) ui.post(app::command::SetRule{after(s.rule)});
  if (pressed(ImGuiKey_N)) next_image(ui, false);
  if (pressed(ImGuiKey_P)) next_image(ui, true);
  if (pressed(ImGuiKey_W)) ui.state.wrong_only = !ui.state.wrong_only;
  move_by_arrows(ui);
  if (pressed(ImGuiKey_F) && ui.shows(Control::kFreeze)) {
    const app::LayerView* layer = find_layer(s, s.locked_layer);
    if (layer != nullptr && layer->group >= 0) ui.post(app::command::Freeze{layer->name, !layer->frozen});
  }
  if (pressed(ImGuiKey_C) && ui.shows(Control::kCompare)) {
    const bool compares = ui.narrow ? ui.state.tab == Tab::kCompare : ui.state.lab == Lab::kCompare;
    open_lab(ui.state, compares ? Lab::kNetwork : Lab::kCompare);
  }
  if (pressed(ImGuiKey_X) && is_offered(ui, Lab::kCloser)) open_lab(ui.state, Lab::kCloser);
  if (pressed(ImGuiKey_V)) ui.state.labs.closer.numbers = !ui.state.labs.closer.numbers;
  open_lab_by_digit(ui);
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
