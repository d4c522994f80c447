// The input: the current image as the network sees it, and what the network says to it.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kInputText =
    "The image as the network gets it: 28 × 28 pixels, pixel / 255, nothing subtracted, black 0 to white 1. It is a test image: "
    "the network never trains on it.";
constexpr const char* kProbabilityText =
    "The network's answer for this image: the softmax of the ten outputs z, p(k) = exp(z(k)) / Σ exp(z(j)). The ten add up to 100 "
    "%. "
    "✓ marks the true digit.";

void draw_image(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const int width = std::max(1, s.input.width), height = std::max(1, s.input.height);
  const float available = std::min(ImGui::GetContentRegionAvail().x, !ui.narrow ? 252.0f : ui.height < 900 ? 196.0f : 280.0f);
  const float side = crisp_size(ui, available, std::max(width, height));
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const ImVec2 size(side * static_cast<float>(width) / static_cast<float>(std::max(width, height)),
                    side * static_cast<float>(height) / static_cast<float>(std::max(width, height)));
  const auto plane = std::span(s.image).first(std::min(s.image.size(), static_cast<std::size_t>(width) * height));
  const Picture picture = make_picture(ui, plane, width, height, {gfx::Palette::kGrey, 1.0f});
  ImGui::InvisibleButton("image", size);
  draw_picture(ui, picture, low, {low.x + size.x, low.y + size.y});
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {low.x + size.x + 0.5f, low.y + size.y + 0.5f},
                                      ui.theme.border);
  ui.mark("input", low, {low.x + size.x, low.y + size.y}, 1.0f);
  if (plane.size() == static_cast<std::size_t>(width) * height) picture_tooltip(ui, picture, {0, 0, width, height}, "input image");
}

void draw_navigation(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const int index = std::max(0, s.image_index);
  if (button(ui, "previous", "◀", {36, 0}, ButtonLook::kPlain, "The test image before this one.")) {
    ui.post(app::command::SelectImage{index - 1});
  }
  ImGui::SameLine(0, 4);
  const int count = std::max({1, s.test_count, s.test_available});
  if (auto chosen = number_field(ui, {.name = "image",
                                      .label = nullptr,
                                      .value = static_cast<double>(index),
                                      .low = 0,
                                      .high = static_cast<double>(count - 1),
                                      .whole = true,
                                      .width = 72,
                                      .explanation = "Number of the test image, from 0."})) {
    ui.post(app::command::SelectImage{static_cast<int>(*chosen)});
  }
  ImGui::SameLine(0, 4);
  if (button(ui, "next", "▶", {36, 0}, ButtonLook::kPlain, "The next test image.")) ui.post(app::command::SelectImage{index + 1});
}

struct BarColors {
  ImU32 fill, text;
};

void draw_bar(const Context& ui, int digit, double probability, bool winner, bool truth) {
  const float height = ImGui::GetFontSize() + 2;
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(digit);
  ImGui::InvisibleButton("bar", {std::max(1.0f, width), height});
  ImGui::PopID();
  ui.mark(print("probability.%d", digit));
  const float label = 34, number_width = 66;
  const float left = at.x + label, right = at.x + width - number_width;
  const bool right_answer = winner && truth;
  const ImU32 color = right_answer ? ui.theme.good : winner ? ui.theme.bad : truth ? ui.theme.good : ui.theme.muted;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float middle = at.y + (height - ImGui::GetFontSize()) / 2;
  draw->AddText({at.x + 2, middle}, winner || truth ? ui.theme.text : ui.theme.muted, print("%d", digit).c_str());
  if (truth) draw->AddText({at.x + 15, middle}, ui.theme.good, "✓");
  draw->AddRectFilled({left, at.y + 3}, {right, at.y + height - 3}, ui.theme.faint, 3);
  const float p = static_cast<float>(std::clamp(std::isfinite(probability) ? probability : 0.0, 0.0, 1.0));
  if (p > 0.002f) draw->AddRectFilled({left, at.y + 3}, {left + std::max(2.0f, (right - left) * p), at.y + height - 3}, color, 3);
  if (truth) draw->AddRect({left, at.y + 3}, {right, at.y + height - 3}, ui.theme.good, 3);
  const std::string text = percent(probability, 1);
  draw->AddText({at.x + width - text_width(text) - 2, middle}, winner ? ui.theme.text : ui.theme.muted, text.c_str());
  tooltip(print("The network gives digit %d a probability of %s%s.", digit, percent(probability, 3).c_str(),
                truth ? "; it is the true one" : "")
              .c_str());
}

}  // namespace

void draw_input_panel(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Input", kInputText);
  draw_image(ui);
  draw_navigation(ui);
  const auto best = std::max_element(s.probabilities.begin(), s.probabilities.end());
  const int winner = static_cast<int>(best - s.probabilities.begin());
  const std::string origin =
      s.image_index < 0 ? std::string("your own image") : "test image " + grouped(static_cast<std::uint64_t>(s.image_index));
  small_text(ui, s.image_label >= 0 ? origin + print(", a %d", s.image_label) : origin);
  ImGui::Dummy({0, 2});
  heading(ui, "Answer", kProbabilityText);
  ImGui::SameLine(0, 10);
  const bool known = s.image_label >= 0;
  const ImU32 color = !known ? ui.theme.text : winner == s.image_label ? ui.theme.good : ui.theme.bad;
  colored_text(color, print("%d%s", winner, !known ? "" : winner == s.image_label ? "  right" : "  wrong"));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  for (int digit = 0; digit < 10; ++digit) draw_bar(ui, digit, s.probabilities[digit], digit == winner, digit == s.image_label);
  ImGui::PopStyleVar();
}

}  // namespace lenet::ui
