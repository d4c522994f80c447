// Colours, sizes and fonts of the page, light and dark.
#pragma once

#include <imgui.h>

namespace lenet::ui {

struct Theme {
  bool dark = false;
  ImU32 background, card, border, raised;      ///< page, panels, their edges, controls
  ImU32 hovered, pressed;                      ///< controls
  ImU32 text, muted, faint;                    ///< faint: grid lines, empty bars
  ImU32 accent, accent_hovered, on_accent;     ///< the colour of what can be pressed
  ImU32 good, warn, warn_back, bad, bad_back;  ///< right, careful, wrong
  ImU32 ice, ice_back;                         ///< frozen layers
  ImU32 loss, accuracy;                        ///< curves
  ImU32 arms[4];                               ///< of a comparison; told apart with every common colour blindness
  ImU32 selected;                              ///< the locked unit
};

/// The page's type, in sizes of CSS pixels; rasterised for the screen's pixels.
struct Fonts {
  ImFont* body = nullptr;
  ImFont* small = nullptr;
  ImFont* title = nullptr;
};

const Theme& theme_for(bool dark);
void apply_style(const Theme& theme);

/// Builds the font atlas for a pixel ratio and sets the current style's font scale. The renderer's texture is made anew by
/// the caller.
Fonts load_fonts(float pixel_ratio);

inline constexpr float kGap = 8;      ///< between panels
inline constexpr float kPadding = 9;  ///< inside panels

}  // namespace lenet::ui
