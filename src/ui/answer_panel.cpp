// What the network says to the current image: probabilities or logits as bars, and the loss.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "ui/format.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kAnswerText =
    "The network's answer for this image: the softmax of the outputs z (the logits), one a class, p(k) = exp(z(k)) / Σ exp(z(j)). All "
    "together they add up to 100 %; of more than ten classes the ten most probable are here. ✓ marks the true class. The loss of this "
    "image is −ln p(true class), in nats: 0 for certain and right, 2.3 for a guess among ten.";

constexpr const char* kLogitText =
    "p: probabilities. logit: the outputs before softmax. Only their differences matter: one that is larger by 1 is e = 2.7 times as "
    "probable.";

/// Digits have the page's usual size, words are small: the bars need the room.
ImFont* name_font(const Context& ui) { return longest_name(ui.snapshot) > 1 ? ui.fonts.small : ui.fonts.body; }

float widest_name(const Context& ui) {
  ImGui::PushFont(name_font(ui));
  float widest = 0;
  for (const std::string& name : ui.snapshot.class_names) widest = std::max(widest, text_width(name));
  ImGui::PopFont();
  return std::round(std::min(widest, 0.35f * ImGui::GetContentRegionAvail().x));
}

/// The largest |logit|.
float largest_logit(std::span<const float> logits) {
  float largest = 0;
  for (const float z : logits) largest = std::max(largest, std::isfinite(z) ? std::abs(z) : 0.0f);
  return largest > 0 ? largest : 1.0f;
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

struct Bar {
  int label = 0;
  double probability = 0;
  float logit = 0, largest_logit = 1;
  bool winner = false, truth = false;
};

/// From the left edge, or from the middle for what has a sign.
void fill_bar(const Context& ui, const Bar& bar, ImVec2 low, ImVec2 high, ImU32 color) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(low, high, ui.theme.faint, 3);
  if (ui.state.logits) {
    const float middle = std::round((low.x + high.x) / 2);
    const float t = std::isfinite(bar.logit) ? std::clamp(bar.logit / bar.largest_logit, -1.0f, 1.0f) : 0.0f;
    const float end = middle + t * (high.x - low.x) / 2;
    draw->AddRectFilled({std::min(middle, end), low.y}, {std::max(middle, end), high.y}, color, 2);
    draw->AddLine({middle, low.y - 2}, {middle, high.y + 2}, ui.theme.muted);
  } else {
    const float p = static_cast<float>(std::clamp(std::isfinite(bar.probability) ? bar.probability : 0.0, 0.0, 1.0));
    if (p > 0.002f) draw->AddRectFilled(low, {low.x + std::max(2.0f, (high.x - low.x) * p), high.y}, color, 3);
  }
  if (bar.truth) draw->AddRect(low, high, ui.theme.good, 3);
}

void draw_bar(const Context& ui, const Bar& bar, float name_width) {
  const float height = ImGui::GetFontSize() + 2;
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(bar.label);
  ImGui::InvisibleButton("bar", {std::max(1.0f, width), height});
  ImGui::PopID();
  ui.mark(print("probability.%d", bar.label));
  const float tick = 6 + name_width, label = tick + 19, number_width = name_width > 20 ? 60 : 66;
  const ImVec2 low(at.x + label, at.y + 3), high(at.x + width - number_width, at.y + height - 3);
  const ImU32 winner_color = ui.snapshot.image_label < 0 ? ui.theme.accent : bar.truth ? ui.theme.good : ui.theme.bad;
  const ImU32 color = bar.winner ? winner_color : bar.truth ? ui.theme.good : ui.theme.muted;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float middle = at.y + (height - ImGui::GetFontSize()) / 2;
  ImGui::PushFont(name_font(ui));
  draw->AddText({at.x + 2, at.y + (height - ImGui::GetFontSize()) / 2}, bar.winner || bar.truth ? ui.theme.text : ui.theme.muted,
                shortened(class_name(ui.snapshot, bar.label), name_width + 1).c_str());
  ImGui::PopFont();
  if (bar.truth) draw->AddText({at.x + tick, middle}, ui.theme.good, "✓");
  fill_bar(ui, bar, low, high, color);
  const std::string text = ui.state.logits ? signed_decimals(bar.logit) : percent(bar.probability, 1);
  draw->AddText({at.x + width - text_width(text) - 2, middle}, bar.winner ? ui.theme.text : ui.theme.muted, text.c_str());
  tooltip(print("The network gives %s a probability of %s; its logit is %s%s.", class_phrase(ui.snapshot, bar.label).c_str(),
                percent(bar.probability, 3).c_str(), signed_number(bar.logit, 4).c_str(), bar.truth ? ". It is the true one" : "")
              .c_str());
}

/// The answer in a word, and the loss.
void draw_title(const Context& ui, int winner) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Answer", kAnswerText);
  ImGui::SameLine(0, 10);
  const bool known = s.image_label >= 0;
  const ImU32 color = !known ? ui.theme.text : winner == s.image_label ? ui.theme.good : ui.theme.bad;
  ImGui::PushFont(name_font(ui));
  const char* gap = longest_name(s) > 1 ? " " : "  ";
  const float room = ImGui::GetContentRegionAvail().x - text_width(" wrong");
  colored_text(color, shortened(class_name(s, winner), room) + (!known ? "" : gap + std::string(winner == s.image_label ? "right" : "wrong")));
  ImGui::PopFont();
}

/// Probabilities or logits.
void draw_switch(const Context& ui, float width) {
  static constexpr std::array<const char*, 2> kLabels = {"p", "logit"};
  static constexpr std::array<const char*, 2> kParts = {"probability", "logit"};
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(4, 2));
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const int clicked = segmented(ui, "answer", kLabels, kParts, ui.state.logits ? 1 : 0, width);
  if (clicked >= 0) ui.state.logits = clicked == 1;
  ImGui::PopStyleVar();
  ImGui::PopFont();
  if (ImGui::IsMouseHoveringRect(low, ImGui::GetItemRectMax())) show_tooltip(kLogitText);
}

}  // namespace

void draw_loss(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const bool known = s.image_label >= 0;
  small_text(ui, "loss " + (!known ? std::string("–") : s.image_loss < 10 ? print("%.3f", s.image_loss) : number(s.image_loss)));
  ui.mark("loss");
  tooltip(known ? print("−ln p(%s) = %s nats: what this image would add to the mean loss.", class_name(s, s.image_label).c_str(),
                        number(s.image_loss, 5).c_str())
                      .c_str()
                : "This image has no known class, so there is no loss.");
}

void draw_answer(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const int winner = static_cast<int>(std::max_element(s.probabilities.begin(), s.probabilities.end()) - s.probabilities.begin());
  draw_title(ui, winner);
  constexpr float kSwitch = 62;
  if (longest_name(s) == 1) {
    ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - kSwitch);
    draw_switch(ui, kSwitch);
  } else {  // words leave no room on that line
    draw_switch(ui, kSwitch);
    ImGui::SameLine(0, 10);
    draw_loss(ui);
  }
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  const float name_width = widest_name(ui);
  const std::span<const float> logits = s.layers.back().activation;
  const float largest = largest_logit(logits);
  for (const int i : classes_with_bar(s)) {
    const std::size_t index = static_cast<std::size_t>(i);
    const float logit = index < logits.size() ? logits[index] : 0.0f;
    draw_bar(ui, {i, s.probabilities[index], logit, largest, i == winner, i == s.image_label}, name_width);
  }
  ImGui::PopStyleVar();
}

}  // namespace lenet::ui
