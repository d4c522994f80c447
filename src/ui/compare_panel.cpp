// The Compare lab's layout, and the choice of what to compare.
#include <algorithm>

#include "app/comparisons.h"
#include "ui/format.h"
#include "ui/labs.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kText =
    "Twins: runs with the same initial weights (where their layers are the same), the same minibatches in the same order, and "
    "different settings. They train in turn, a step each, so that every difference comes from the settings alone.";

std::vector<Choice> choices() {
  std::vector<Choice> all;
  for (const app::Comparison& c : app::comparisons()) all.push_back({c.key, c.title});
  return all;
}

void draw_choice(const Context& ui) {
  static const std::vector<Choice> kChoices = choices();
  CompareState& state = ui.state.compare;
  const bool comparing = ui.snapshot.arms.size() > 1;
  ImGui::AlignTextToFramePadding();
  info(ui, kText);
  draw_lesson_link(ui, Lab::kCompare);
  flow(290, 14);
  if (const auto key = choice_field(ui, "comparison", nullptr, kChoices, state.comparison, 290, "What to compare.")) state.comparison = *key;
  flow(130, 6);
  if (button(ui, "compare.start", comparing ? "Start anew" : "Start twins", {124, 0}, comparing ? ButtonLook::kPlain : ButtonLook::kPrimary,
             "Makes the twins, all at step 0, with the present seed, data set and settings. Then press Play.")) {
    ui.post(app::command::Compare{app::comparison(state.comparison).arms});
    state.source = CurveSource::kRun;
  }
  if (!comparing) return;
  flow(60, 6);
  if (button(ui, "compare.end", "End", {54, 0}, ButtonLook::kPlain, "Ends the comparison. The arm that is shown goes on alone.")) {
    ui.post(app::command::EndComparison{});
  }
}

void draw_status(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  std::string text = "step " + grouped(s.step) + " · epoch " + print("%d", s.epoch + 1);
  if (s.images_per_second > 0) text += " · " + grouped(static_cast<std::uint64_t>(s.images_per_second)) + " images/s, all arms together";
  if (s.waiting_for_data) text += " · waiting for data";
  small_text(ui, text);
  ui.mark("compare.status");
}

void draw_left(const Context& ui) {
  draw_choice(ui);
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.muted);
  ImGui::TextWrapped("%s", app::comparison(ui.state.compare.comparison).question.c_str());
  ImGui::PopStyleColor();
  ImGui::PopFont();
  draw_status(ui);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float tile = std::clamp(room.x / 20, 22.0f, 40.0f);  // the most that draw_arm_filters() takes for an arm
  const float filters = static_cast<float>(ui.snapshot.arms.size()) * (tile + 6) + 30;
  draw_compare_charts(ui, {room.x, std::max(260.0f, room.y - filters)});
  draw_arm_filters(ui);
}

template <class Draw>
void section(const Context& ui, const char* id, const Draw& draw) {
  begin_card(ui, id, {0, 0}, true);
  draw(ui);
  end_card();
}

void draw_right(const Context& ui) {
  section(ui, "arms", draw_arms_table);
  section(ui, "seeds", draw_seeds_panel);
  section(ui, "plan", draw_plan_panel);
}

}  // namespace

void draw_compare_lab(const Context& ui, ImVec2 size) {
  const bool beside = size.x >= 860;
  const float right = beside ? std::clamp(size.x * 0.39f, 380.0f, 560.0f) : 0;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginChild("compare", size);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (begin_card(ui, "twins", {beside ? size.x - right - kGap : 0, beside ? size.y : std::max(size.y, 620.0f)})) draw_left(ui);
  end_card();
  if (beside) {
    ImGui::SameLine(0, kGap);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
    ImGui::BeginChild("compare.right", {right, size.y});
    ImGui::PopStyleColor();
    draw_right(ui);
    ImGui::EndChild();
  } else {
    draw_right(ui);
  }
  ImGui::EndChild();
}

}  // namespace lenet::ui
