// The two colour schemes, ImGui's style, and the fonts.
#include "ui/theme.h"

#include <cmath>

#include "embedded/font.h"

namespace lenet::ui {

namespace {

constexpr ImU32 rgb(unsigned hex) { return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, 255); }

constexpr Theme kLight = {.dark = false,
                          .background = rgb(0xf3f5f9),
                          .card = rgb(0xffffff),
                          .border = rgb(0xdfe4ec),
                          .raised = rgb(0xeef1f6),
                          .hovered = rgb(0xe1e7f0),
                          .pressed = rgb(0xd2dbe8),
                          .text = rgb(0x1a2330),
                          .muted = rgb(0x5a6778),
                          .faint = rgb(0xe6eaf0),
                          .accent = rgb(0x0b6fb3),
                          .accent_hovered = rgb(0x095c96),
                          .on_accent = rgb(0xffffff),
                          .good = rgb(0x1f8a4c),
                          .warn = rgb(0x8a5a00),
                          .warn_back = rgb(0xfff3d6),
                          .bad = rgb(0xb42323),
                          .bad_back = rgb(0xfde8e6),
                          .ice = rgb(0x1b7f9e),
                          .ice_back = rgb(0xe3f4fa),
                          .loss = rgb(0xd0651a),
                          .accuracy = rgb(0x0b6fb3),
                          .arms = {rgb(0x0b6fb3), rgb(0xd0651a), rgb(0x0a8f6c), rgb(0xa3478f)},
                          .selected = rgb(0xd6258f)};

constexpr Theme kDark = {.dark = true,
                         .background = rgb(0x10151c),
                         .card = rgb(0x19202a),
                         .border = rgb(0x2b3543),
                         .raised = rgb(0x242e3b),
                         .hovered = rgb(0x2f3b4b),
                         .pressed = rgb(0x3a4859),
                         .text = rgb(0xe7ecf3),
                         .muted = rgb(0x98a6b8),
                         .faint = rgb(0x2a3441),
                         .accent = rgb(0x3d9be0),
                         .accent_hovered = rgb(0x63b3ee),
                         .on_accent = rgb(0x08131d),
                         .good = rgb(0x4cc38a),
                         .warn = rgb(0xf2c14e),
                         .warn_back = rgb(0x3a2f12),
                         .bad = rgb(0xff8a80),
                         .bad_back = rgb(0x45201f),
                         .ice = rgb(0x7fd3ee),
                         .ice_back = rgb(0x17313c),
                         .loss = rgb(0xf59b4c),
                         .accuracy = rgb(0x58b0ee),
                         .arms = {rgb(0x58b0ee), rgb(0xf59b4c), rgb(0x3fc79c), rgb(0xd68cc5)},
                         .selected = rgb(0xff6fc0)};

// What the panels print: cmake/font.py has to have these.
constexpr ImWchar kGlyphs[] = {0x0020, 0x007e, 0x00a0, 0x00ff,                      // Latin
                               0x0391, 0x03c9,                                      // Greek
                               0x2010, 0x2027, 0x2030, 0x203a,                      // dashes, quotes, ellipsis, ‖
                               0x2070, 0x2089,                                      // super- and subscripts
                               0x2190, 0x2195, 0x21a9, 0x21aa, 0x21ba, 0x21bb,      // arrows
                               0x2200, 0x2265,                                      // √ Σ ∂ ≈ ≤ ≥ −
                               0x23ed, 0x23ee, 0x23f8, 0x23f8, 0x24d8, 0x24d8,      // ⏭ ⏮ ⏸ ⓘ
                               0x25a0, 0x25ff,                                      // shapes
                               0x2600, 0x2606, 0x2713, 0x2718, 0x2744, 0x2744, 0};  // stars, checks, ❄

ImVec4 color(ImU32 packed) { return ImGui::ColorConvertU32ToFloat4(packed); }

void apply_sizes(ImGuiStyle& style) {
  style.WindowPadding = {kPadding, kPadding};
  style.FramePadding = {8, 5};
  style.ItemSpacing = {8, 6};
  style.ItemInnerSpacing = {6, 4};
  style.CellPadding = {4, 3};
  style.ScrollbarSize = 12;
  style.GrabMinSize = 14;
  style.WindowBorderSize = 1;
  style.ChildBorderSize = 1;
  style.PopupBorderSize = 1;
  style.FrameBorderSize = 1;
  style.WindowRounding = 8;
  style.ChildRounding = 8;
  style.FrameRounding = 6;
  style.PopupRounding = 6;
  style.ScrollbarRounding = 6;
  style.GrabRounding = 6;
  style.DisabledAlpha = 0.5f;
  style.HoverStationaryDelay = 0.1f;
  style.HoverDelayNormal = 0.35f;
}

}  // namespace

const Theme& theme_for(bool dark) { return dark ? kDark : kLight; }

void apply_style(const Theme& theme) {
  ImGuiStyle& style = ImGui::GetStyle();
  if (theme.dark) {
    ImGui::StyleColorsDark(&style);
  } else {
    ImGui::StyleColorsLight(&style);
  }
  apply_sizes(style);
  ImVec4* colors = style.Colors;
  colors[ImGuiCol_Text] = color(theme.text);
  colors[ImGuiCol_TextDisabled] = color(theme.muted);
  colors[ImGuiCol_WindowBg] = color(theme.background);
  colors[ImGuiCol_ChildBg] = color(theme.card);
  colors[ImGuiCol_PopupBg] = color(theme.card);
  colors[ImGuiCol_Border] = color(theme.border);
  colors[ImGuiCol_BorderShadow] = {0, 0, 0, 0};
  colors[ImGuiCol_FrameBg] = color(theme.raised);
  colors[ImGuiCol_FrameBgHovered] = color(theme.hovered);
  colors[ImGuiCol_FrameBgActive] = color(theme.raised);
  colors[ImGuiCol_Button] = color(theme.raised);
  colors[ImGuiCol_ButtonHovered] = color(theme.hovered);
  colors[ImGuiCol_ButtonActive] = color(theme.pressed);
  colors[ImGuiCol_Header] = color(theme.raised);
  colors[ImGuiCol_HeaderHovered] = color(theme.hovered);
  colors[ImGuiCol_HeaderActive] = color(theme.pressed);
  colors[ImGuiCol_SliderGrab] = color(theme.accent);
  colors[ImGuiCol_SliderGrabActive] = color(theme.accent_hovered);
  colors[ImGuiCol_CheckMark] = color(theme.accent);
  colors[ImGuiCol_Separator] = color(theme.border);
  colors[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  colors[ImGuiCol_ScrollbarGrab] = color(theme.pressed);
  colors[ImGuiCol_TitleBg] = color(theme.card);
  colors[ImGuiCol_TitleBgActive] = color(theme.card);
  colors[ImGuiCol_TextSelectedBg] = color((theme.accent & ~IM_COL32_A_MASK) | (90u << IM_COL32_A_SHIFT));
  colors[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.4f};
}

Fonts load_fonts(float pixel_ratio) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  io.Fonts->Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  const auto load = [&](float size) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    // Two samples a pixel are enough on a dense screen; a coarse one gains from more.
    config.OversampleH = pixel_ratio >= 1.5f ? 1 : 2;
    config.OversampleV = 1;
    config.PixelSnapH = false;
    // The atlas only reads the font; its interface has no const.
    void* data = const_cast<unsigned char*>(embedded::font_ttf.data());
    return io.Fonts->AddFontFromMemoryTTF(data, static_cast<int>(embedded::font_ttf.size()), std::round(size * pixel_ratio),
                                          &config, kGlyphs);
  };
  Fonts fonts;
  // A font's size counts from ascender to descender: the letters of 16 are as large as CSS's 13.7 px.
  fonts.body = load(16);
  fonts.small = load(14);
  fonts.title = load(21);
  io.Fonts->Build();
  io.FontGlobalScale = 1.0f / pixel_ratio;
  return fonts;
}

}  // namespace lenet::ui
