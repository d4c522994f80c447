// What the page remembers about how it is looked at. Nothing in here reaches the network.
#pragma once

#include <string>

#include "gfx/tile_atlas.h"

namespace lenet::ui {

/// What the full colour of a tile stands for: the largest |value| of that tile, of its layer, or of all layers.
enum class ScaleMode { kUnit, kLayer, kGlobal };
enum class ThemeChoice { kSystem, kLight, kDark };
/// Columns become tabs on a narrow page.
enum class Tab { kNetwork, kInput, kInspector, kCurves };

struct UiState {
  gfx::Palette palette = gfx::Palette::kOrangeBlue;
  ScaleMode scale = ScaleMode::kLayer;
  ThemeChoice theme = ThemeChoice::kSystem;
  bool system_dark = false;
  bool log_loss = true;
  bool log_accuracy = true;
  bool debug = false;
  bool help = false;
  bool settings_open = false;  ///< narrow pages fold the settings away
  bool play_focused = true;    ///< Enter plays until something else was touched
  Tab tab = Tab::kNetwork;
  bool hidden = false;             ///< a script has turned the drawing off
  bool pause_in_background = false;  ///< else training goes on while the tab is hidden
  std::string dismissed_error;
  float columns_need = 0;  ///< height that the tallest column took in the frame before

  bool dark() const { return theme == ThemeChoice::kSystem ? system_dark : theme == ThemeChoice::kDark; }
};

}  // namespace lenet::ui
