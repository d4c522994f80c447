// The root of the UI: one frame, one snapshot.
#include "ui/ui.h"

#include <limits>

#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/page_layout.h"
#include "ui/panels.h"
#include "ui/touch_scroll.h"

namespace lenet::ui {

namespace {

constexpr float kNarrow = 900;  // CSS pixels; below, columns become tabs

/// Play keeps its focus ring until the person touches something.
void follow_focus(UiState& state) {
  const ImGuiIO& io = ImGui::GetIO();
  bool touched = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  for (const ImGuiKey key : {ImGuiKey_Tab, ImGuiKey_Space, ImGuiKey_Enter, ImGuiKey_S, ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
    touched = touched || ImGui::IsKeyPressed(key, false);
  }
  if (touched || io.WantTextInput) state.play_focused = false;
}

}  // namespace

Ui::Ui(app::Session& session) : session_(session), snapshot_(&session.latest()) {}

bool Ui::prepare(float pixel_ratio, bool dark, bool reduced_motion) {
  state_.dark = dark;
  state_.reduced_motion = reduced_motion;
  if (styled_dark_ != dark) {
    styled_dark_ = dark;
    apply_style(theme_for(dark));
  }
  if (pixel_ratio == pixel_ratio_) return false;
  pixel_ratio_ = pixel_ratio;
  fonts_ = load_fonts(pixel_ratio);
  return true;
}

void Ui::restore_graphics() { atlas_.restore(); }

bool Ui::take_snapshot() {
  snapshot_ = &session_.latest();
  return snapshot_->version != drawn_version_;
}

void Ui::draw(const FrameInfo& frame) {
  drawn_version_ = snapshot_->version;
  if (snapshot_->version != scales_version_ || scales_.weights.size() != snapshot_->layers.size()) {
    scales_version_ = snapshot_->version;
    // Locked while the past is looked at: a stretch of its own for every moment would fake changes.
    const bool locked = snapshot_->timeline.shows_moment && scales_.weights.size() == snapshot_->layers.size();
    if (!locked) scales_ = measure_scales(*snapshot_);
  }
  state_.redraw_in = std::numeric_limits<double>::infinity();
  registry_.begin_frame();
  atlas_.begin(snapshot_->version);
  const Context context{.session = session_,
                        .snapshot = *snapshot_,
                        .atlas = atlas_,
                        .registry = registry_,
                        .state = state_,
                        .theme = theme_for(state_.dark),
                        .fonts = fonts_,
                        .scales = scales_,
                        .callbacks = callbacks_,
                        .timer = timer_,
                        .pixel_ratio = frame.pixel_ratio,
                        .width = frame.width,
                        .height = frame.height,
                        .narrow = frame.width < kNarrow};
  handle_keys(context);
  follow_focus(state_);
  draw_page_layout(context);
  follow_lab(context);
  draw_debug_overlay(context);
  draw_help_window(context);
  scroll_by_touch();
  atlas_.flush();
}

}  // namespace lenet::ui
