// The page's face: lays the panels out and draws them from one snapshot a frame.
#pragma once

#include <optional>

#include "app/session.h"
#include "ui/context.h"

namespace lenet::ui {

struct FrameInfo {
  float width = 0, height = 0;  ///< units: CSS pixels, or larger ones in projector mode
  float pixel_ratio = 1;        ///< screen pixels a unit
};

/// Lives on the page's main thread. Needs a current GL context and ImGui context for its whole life.
class Ui {
 public:
  explicit Ui(app::Session& session);

  /// Before ImGui::NewFrame(): follows the pixel ratio, the colour scheme and whether motion is wanted. True when the font atlas was built anew, so
  /// that the renderer has to fetch its texture.
  bool prepare(float pixel_ratio, bool dark, bool reduced_motion);

  /// Once a frame, before draw(): takes the newest snapshot. True when it is not the one that was drawn last.
  bool take_snapshot();
  /// The snapshot that take_snapshot() took. Valid until Session::latest() is called again.
  const app::Snapshot& snapshot() const { return *snapshot_; }

  /// Between ImGui::NewFrame() and ImGui::Render(): draws the snapshot that was taken.
  void draw(const FrameInfo& frame);

  /// Widgets of the last frame.
  const Registry& registry() const { return registry_; }

  UiState& state() { return state_; }
  Callbacks& callbacks() { return callbacks_; }
  FrameTimer& timer() { return timer_; }

  /// The GL context was lost and is back.
  void restore_graphics();

 private:
  app::Session& session_;
  const app::Snapshot* snapshot_ = nullptr;
  gfx::TileAtlas atlas_;
  Registry registry_;
  UiState state_;
  Callbacks callbacks_;
  FrameTimer timer_;
  Fonts fonts_;
  Scales scales_;
  std::uint64_t drawn_version_ = ~std::uint64_t{0};
  std::uint64_t scales_version_ = ~std::uint64_t{0};
  float pixel_ratio_ = 0;
  std::optional<bool> styled_dark_;
};

}  // namespace lenet::ui
