// The input: the current image as the network sees it, and what the network says to it.
#include <algorithm>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

std::string input_text(const app::Snapshot& s) {
  const char* const origin = s.image_drawn       ? "It is what you drew, scaled into 20 × 20 pixels and centred by its mass, as the digits of MNIST are."
                             : s.image_index < 0 ? "It is an image of your own."
                                                 : "It is a test image: the network never trains on it.";
  return print("The image as the network gets it: %d × %d pixels, pixel / 255, nothing subtracted, %s. %s", s.input.height, s.input.width,
               s.input.channels == 3 ? "red, green and blue from 0 to 1 each" : "black 0 to white 1", origin);
}

void draw_image(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const int width = std::max(1, s.input.width), height = std::max(1, s.input.height);
  const float available = std::min(ImGui::GetContentRegionAvail().x, !ui.narrow ? (ui.height < 840 ? 146.0f : 252.0f) : ui.height < 900 ? 196.0f : 280.0f);
  const float side = crisp_size(ui, available, std::max(width, height));
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const ImVec2 size(side * static_cast<float>(width) / static_cast<float>(std::max(width, height)),
                    side * static_cast<float>(height) / static_cast<float>(std::max(width, height)));
  const Picture picture = make_picture(ui, s.image, width, height, image_style(ui));
  ImGui::InvisibleButton("image", size);
  draw_picture(ui, picture, low, {low.x + size.x, low.y + size.y});
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {low.x + size.x + 0.5f, low.y + size.y + 0.5f},
                                      ui.theme.border);
  ui.mark("input", low, {low.x + size.x, low.y + size.y}, 1.0f);
  if (s.image.size() == s.input.size() && !s.image.empty()) picture_tooltip(ui, picture, {0, 0, width, height}, "input image");
}

void draw_navigation(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const int index = std::max(0, s.image_index);
  if (button(ui, "previous", "◀", {28, 0}, ButtonLook::kPlain, "The test image before this one.")) {
    next_image(ui, true);
  }
  ImGui::SameLine(0, 4);
  const int count = std::max({1, s.test_count, s.test_available});
  if (auto chosen = number_field(ui, {.name = "image",
                                      .label = nullptr,
                                      .value = static_cast<double>(index),
                                      .low = 0,
                                      .high = static_cast<double>(count - 1),
                                      .whole = true,
                                      .width = 62,
                                      .explanation = "Number of the test image, from 0."})) {
    ui.post(app::command::SelectImage{static_cast<int>(*chosen)});
  }
  ImGui::SameLine(0, 4);
  if (button(ui, "next", "▶", {28, 0}, ButtonLook::kPlain, "The next test image.")) next_image(ui, false);
  if (!ui.callbacks.open_draw) return;
  constexpr float kDraw = 60;
  flow(kDraw, 4);
  if (button(ui, "draw", "Draw", {kDraw, 0}, ButtonLook::kPlain, "A pad to draw a digit on. All that the page shows is then about your digit.")) ui.callbacks.open_draw();
}

/// "a frog", "an automobile", "a 7"; "an 8".
std::string with_article(const std::string& name) {
  return (name.find_first_of("aeio8") == 0 ? "an " : "a ") + name;
}

/// What the current image is: where it comes from, and its true class where that is known.
std::string image_text(const app::Snapshot& s) {
  if (s.image_drawn) return std::any_of(s.image.begin(), s.image.end(), [](float v) { return v > 0; }) ? "your drawing" : "your drawing: still empty";
  if (s.image_index < 0) return "your own image";
  const std::string text = "test image " + grouped(static_cast<std::uint64_t>(s.image_index));
  return s.image_label >= 0 ? text + ", " + with_article(class_name(s, s.image_label)) : text;
}

}  // namespace

void draw_input_panel(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Input", input_text(s).c_str());
  constexpr float kWrong = 82;
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - kWrong);
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(4, 2));
  draw_wrong_only(ui, "wrong", {kWrong, 0});
  ImGui::PopStyleVar();
  ImGui::PopFont();
  draw_image(ui);
  draw_navigation(ui);
  small_text(ui, image_text(s));
  if (longest_name(s) == 1) {
    ImGui::SameLine(0, 8);
    draw_loss(ui);
  }
  if (!s.wrong.none.empty()) small_paragraph(ui, s.wrong.none);
  ImGui::Dummy({0, 2});
  draw_answer(ui);
}

}  // namespace lenet::ui
