// The input: the current image as the network sees it, and what the network says to it.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "ui/format.h"
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

constexpr const char* kProbabilityText =
    "The network's answer for this image: the softmax of the outputs z, one a class, p(k) = exp(z(k)) / Σ exp(z(j)). All together "
    "they add "
    "up to 100 %; of more than ten classes the ten most probable are here. ✓ marks the true class.";

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
                                      .width = 62,
                                      .explanation = "Number of the test image, from 0."})) {
    ui.post(app::command::SelectImage{static_cast<int>(*chosen)});
  }
  ImGui::SameLine(0, 4);
  if (button(ui, "next", "▶", {28, 0}, ButtonLook::kPlain, "The next test image.")) ui.post(app::command::SelectImage{index + 1});
  if (!ui.callbacks.open_draw) return;
  flow(44, 4);
  if (button(ui, "draw", "Draw", {44, 0}, ButtonLook::kPlain, "A pad to draw a digit on. All that the page shows is then about your digit.")) ui.callbacks.open_draw();
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

/// Digits have the page's usual size, words are small: the bars need the room.
ImFont* name_font(const Context& ui) { return longest_name(ui.snapshot) > 1 ? ui.fonts.small : ui.fonts.body; }

float widest_name(const Context& ui) {
  ImGui::PushFont(name_font(ui));
  float widest = 0;
  for (const std::string& name : ui.snapshot.class_names) widest = std::max(widest, text_width(name));
  ImGui::PopFont();
  return std::round(std::min(widest, 0.35f * ImGui::GetContentRegionAvail().x));
}

void draw_bar(const Context& ui, int label_index, float name_width, double probability, bool winner, bool truth) {
  const float height = ImGui::GetFontSize() + 2;
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(label_index);
  ImGui::InvisibleButton("bar", {std::max(1.0f, width), height});
  ImGui::PopID();
  ui.mark(print("probability.%d", label_index));
  const float tick = 6 + name_width, label = tick + 19, number_width = name_width > 20 ? 60 : 66;
  const float left = at.x + label, right = at.x + width - number_width;
  const ImU32 winner_color = ui.snapshot.image_label < 0 ? ui.theme.accent : truth ? ui.theme.good : ui.theme.bad;
  const ImU32 color = winner ? winner_color : truth ? ui.theme.good : ui.theme.muted;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float middle = at.y + (height - ImGui::GetFontSize()) / 2;
  ImGui::PushFont(name_font(ui));
  draw->AddText({at.x + 2, at.y + (height - ImGui::GetFontSize()) / 2}, winner || truth ? ui.theme.text : ui.theme.muted,
                shortened(class_name(ui.snapshot, label_index), name_width + 1).c_str());
  ImGui::PopFont();
  if (truth) draw->AddText({at.x + tick, middle}, ui.theme.good, "✓");
  draw->AddRectFilled({left, at.y + 3}, {right, at.y + height - 3}, ui.theme.faint, 3);
  const float p = static_cast<float>(std::clamp(std::isfinite(probability) ? probability : 0.0, 0.0, 1.0));
  if (p > 0.002f) draw->AddRectFilled({left, at.y + 3}, {left + std::max(2.0f, (right - left) * p), at.y + height - 3}, color, 3);
  if (truth) draw->AddRect({left, at.y + 3}, {right, at.y + height - 3}, ui.theme.good, 3);
  const std::string text = percent(probability, 1);
  draw->AddText({at.x + width - text_width(text) - 2, middle}, winner ? ui.theme.text : ui.theme.muted, text.c_str());
  tooltip(print("The network gives %s a probability of %s%s.", class_phrase(ui.snapshot, label_index).c_str(),
                percent(probability, 3).c_str(),
                truth ? "; it is the true one" : "")
              .c_str());
}

/// The classes that get a bar: all, or of many the ten most probable and the true one, in the order of their numbers.
std::vector<int> classes_with_bar(const app::Snapshot& s) {
  constexpr std::size_t kMost = 10;
  std::vector<int> classes(s.probabilities.size());
  std::iota(classes.begin(), classes.end(), 0);
  if (classes.size() <= kMost) return classes;
  const auto rank = [&](int c) { return std::pair(c == s.image_label ? -2.0 : -s.probabilities[static_cast<std::size_t>(c)], c); };
  std::sort(classes.begin(), classes.end(), [&](int a, int b) { return rank(a) < rank(b); });
  classes.resize(kMost);
  std::sort(classes.begin(), classes.end());
  return classes;
}

}  // namespace

void draw_input_panel(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Input", input_text(s).c_str());
  draw_image(ui);
  draw_navigation(ui);
  const auto best = std::max_element(s.probabilities.begin(), s.probabilities.end());
  const int winner = static_cast<int>(best - s.probabilities.begin());
  small_text(ui, image_text(s));
  ImGui::Dummy({0, 2});
  heading(ui, "Answer", kProbabilityText);
  ImGui::SameLine(0, 10);
  const bool known = s.image_label >= 0;
  const ImU32 color = !known ? ui.theme.text : winner == s.image_label ? ui.theme.good : ui.theme.bad;
  ImGui::PushFont(name_font(ui));
  const char* gap = longest_name(s) > 1 ? " " : "  ";
  const float room = ImGui::GetContentRegionAvail().x - text_width(" wrong");
  colored_text(color, shortened(class_name(s, winner), room) + (!known ? "" : gap + std::string(winner == s.image_label ? "right" : "wrong")));
  ImGui::PopFont();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  const float name_width = widest_name(ui);
  for (const int i : classes_with_bar(s)) {
    draw_bar(ui, i, name_width, s.probabilities[static_cast<std::size_t>(i)], i == winner, i == s.image_label);
  }
  ImGui::PopStyleVar();
}

}  // namespace lenet::ui
