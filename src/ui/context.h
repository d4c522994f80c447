// What a panel gets to draw itself: one snapshot, one place to send commands, and the tools of this frame. A panel is a
// function of this context; what has to last longer is in UiState.
#pragma once

#include <imgui.h>

#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/session.h"
#include "app/snapshot.h"
#include "gfx/tile_atlas.h"
#include "ui/frame_timer.h"
#include "ui/registry.h"
#include "ui/theme.h"
#include "ui/ui_state.h"

namespace lenet::ui {

/// Set by main: what buttons of the page need the browser for. An empty one hides its button.
struct Callbacks {
  std::function<void()> open_draw;     ///< the pad to draw a digit on
  std::function<void()> rewind;        ///< to step 0, with a way back
  std::function<void(std::string_view name)> open_lesson;  ///< by its file in assets/lessons, without “.md”
  std::function<void()> save_curve;    ///< CSV
  std::function<void()> save_weights;  ///< safetensors
  std::function<void()> open_weights;
  std::function<void(bool pooled, bool csv)> save_results;  ///< of a repetition over seeds: a file to pool, or a table
  std::function<void()> open_results;                       ///< files for the pool
  std::function<void(std::string_view view, bool arrays)> save_view;  ///< what an open view found: its arrays (.npy) or its table (CSV)
  std::function<void(float scale)> save_picture;                      ///< the lab on show as a PNG
  std::function<void(std::string question)> copy_class_link;  ///< JSON: what web/links/link.js makes an address of
  std::function<void(std::string question)> reload_exact;  ///< the page again on that question, with the build whose bits are the same everywhere
};

/// The largest |value| of every layer's weights and activations, and over all layers; kept as long as the snapshot is.
struct Scales {
  std::vector<float> weights, activations;  ///< by index into Snapshot::layers
  float all_weights = 0, all_activations = 0;
};

struct Context {
  app::Session& session;
  const app::Snapshot& snapshot;
  gfx::TileAtlas& atlas;
  Registry& registry;
  UiState& state;
  const Theme& theme;
  const Fonts& fonts;
  const Scales& scales;
  const Callbacks& callbacks;
  const FrameTimer& timer;
  float pixel_ratio;
  float width, height;  ///< of the page, CSS pixels
  bool narrow;          ///< tabs for columns

  /// Whether a group of controls is there, and not left out by a teacher's link.
  bool shows(Control group) const { return !state.left_out.contains(group); }

  void post(app::Command command) const { session.post(std::move(command)); }

  /// Registers a rectangle if its middle can be seen.
  void mark(std::string_view name, ImVec2 low, ImVec2 high, float scale = 0) const {
    const ImVec2 middle((low.x + high.x) / 2, (low.y + high.y) / 2);
    if (!ImGui::IsRectVisible(middle, ImVec2(middle.x + 1, middle.y + 1))) return;
    registry.add({std::string(name), low.x, low.y, high.x - low.x, high.y - low.y, scale});
  }
  /// Registers the last item.
  void mark(std::string_view name) const { mark(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax()); }

  /// To the screen's pixel grid.
  float snap(float v) const { return std::round(v * pixel_ratio) / pixel_ratio; }
  ImVec2 snap(ImVec2 v) const { return {snap(v.x), snap(v.y)}; }
  ImTextureID atlas_texture() const { return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(atlas.texture())); }
};

}  // namespace lenet::ui
