// How numbers become colours: the palette, and what its full colour stands for.
#include <array>

#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kNetworkText =
    "The network as a row of stages, all numbers of one step. Each small square is one filter or one feature map; a pixel's colour "
    "is its value v by t = v / scale, from −1 to 1. Click a square to lock its unit for the inspector.";

constexpr const char* kScaleText =
    "What the full colour stands for: the largest |value| of each tile (Unit), of its layer (Layer), or of all layers (Global). Compare tiles "
    "with Layer or Global only.";

}  // namespace

void draw_view_bar(const Context& ui) {
  static const std::array<Choice, 3> kPalettes = {
      {{kPaletteWords[0], "Orange–blue"}, {kPaletteWords[1], "WSS17"}, {kPaletteWords[2], "Purple–green"}}};
  static constexpr std::array<const char*, 3> kScales = {"Unit", "Layer", "Global"};
  const bool tight = ui.narrow;
  const float palette_width = 128;
  const float scale_width = tight ? ImGui::GetContentRegionAvail().x - palette_width - 32 : 168;
  ImGui::AlignTextToFramePadding();
  if (tight) {
    info(ui, kNetworkText);
    ImGui::SameLine(0, 8);
  }
  if (auto key =
          choice_field(ui, "palette", nullptr, kPalettes, kPalettes[static_cast<std::size_t>(ui.state.palette)].key, palette_width,
                       "Orange–blue: negative orange, 0 white, positive blue. WSS17: negative blue, near 0 green, positive red. "
                       "Purple–green: negative purple, positive green, told apart with every common colour blindness.")) {
    for (std::size_t i = 0; i < kPalettes.size(); ++i) {
      if (kPalettes[i].key == *key) ui.state.palette = static_cast<gfx::Palette>(i);
    }
  }
  ImGui::SameLine(0, 6);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const int chosen = segmented(ui, "scale", kScales, kScaleWords, static_cast<int>(ui.state.scale), scale_width);
  if (chosen >= 0) ui.state.scale = static_cast<ScaleMode>(chosen);
  if (ImGui::IsMouseHoveringRect(low, {low.x + scale_width, ImGui::GetItemRectMax().y})) {
    show_tooltip(kScaleText);
  }
}

}  // namespace lenet::ui
