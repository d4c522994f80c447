// Columns on a wide page, tabs on a narrow one.
#include "ui/page_layout.h"

#include <algorithm>
#include <vector>

#include "ui/format.h"
#include "ui/labs.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

void draw_waiting(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  if (!s.waiting_for_data || s.train_available >= s.train_count) return;
  small_text(ui, print("Loading the data: %s of %s images are here; training starts with the first ones.",
                       grouped(static_cast<std::uint64_t>(std::max(0, s.train_available))).c_str(),
                       grouped(static_cast<std::uint64_t>(std::max(0, s.train_count))).c_str()));
}

/// Notes how tall the content of the current window is.
void measure_content(const Context& ui, float padding) {
  // Pictures get smaller beside a scroll bar, so content that has one asks for more than it takes now.
  const float more = ImGui::GetScrollMaxY() > 0 ? 40.0f : 0.0f;
  ui.state.columns_need =
      std::max(ui.state.columns_need, ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y + padding + more);
}

/// A card that scrolls when its content is taller.
template <class Draw>
void card(const Context& ui, const char* id, ImVec2 size, const Draw& draw) {
  if (begin_card(ui, id, size)) draw(ui);
  measure_content(ui, kPadding);
  end_card();
}

/// The stages are cards themselves, so they stand on the page's background.
void draw_centre(const Context& ui, ImVec2 size) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  const bool visible = ImGui::BeginChild("centre", size);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (visible) {
    if (ui.narrow && ui.shows(Control::kColors)) draw_view_bar(ui);
    draw_stages_panel(ui);
  }
  measure_content(ui, 0);
  ImGui::EndChild();
}

void draw_bottom(const Context& ui) {
  if (!ui.shows(Control::kTimeline)) return;
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - 4);
  draw_timeline(ui);
}

/// Room for what draw_bottom() draws.
float bottom_height(const Context& ui) {
  return ui.shows(Control::kTimeline) ? ui.fonts.small->FontSize * ImGui::GetIO().FontGlobalScale + 6 : 0;
}

void draw_wide_lab(const Context& ui) {
  ImVec2 size = ImGui::GetContentRegionAvail();
  size.y -= bottom_height(ui);
  if (ui.state.lab == Lab::kCompare) {
    draw_compare_lab(ui, size);
  } else {
    draw_lab(ui, size);
  }
  draw_bottom(ui);
}

void draw_columns(const Context& ui) {
  const ImVec2 available = ImGui::GetContentRegionAvail();
  const float left = std::clamp(available.x * 0.185f, 232.0f, 290.0f);
  const float right = std::clamp(available.x * 0.235f, 296.0f, 400.0f);
  // The columns get what they need, as far as the curves keep enough.
  const float both = available.y - bottom_height(ui) - kGap;
  const float need = std::ceil(ui.state.columns_need) + 1;  // a part of a pixel less would bring a scroll bar
  const float middle = std::floor(std::clamp(need, std::max(160.0f, both - 330), std::max(160.0f, both - 168)));
  const float bottom = both - middle;
  ui.state.columns_need = 0;
  card(ui, "input", {left, middle}, draw_input_panel);
  ImGui::SameLine(0, kGap);
  draw_centre(ui, {available.x - left - right - 2 * kGap, middle});
  ImGui::SameLine(0, kGap);
  card(ui, "inspector", {right, middle}, draw_inspector);

  if (begin_card(ui, "progress", {left + 48, bottom})) draw_progress_panel(ui);
  end_card();
  ImGui::SameLine(0, kGap);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("curves", {0, bottom});
  ImGui::PopStyleColor();
  draw_curves_panel(ui);
  ImGui::EndChild();
  draw_bottom(ui);
}

void draw_tabs(const Context& ui) {
  struct TabPage {
    Tab tab;
    const char *label, *word;
    bool offered = true;
  };
  const TabPage pages[] = {{Tab::kNetwork, "Network", "network"},
                           {Tab::kInput, "Input", "input"},
                           {Tab::kInspector, "Unit", "inspector"},
                           {Tab::kCurves, "Curves", "curves"},
                           {Tab::kCompare, "Compare", "compare", is_offered(ui, Lab::kCompare)},
                           {Tab::kLabs, "Labs", "labs", is_offered(ui, Lab::kTop) || ui.state.tab == Tab::kLabs}};
  std::vector<const char*> labels, words;
  std::vector<Tab> tabs;
  int now = -1;
  for (const TabPage& page : pages) {
    if (!page.offered) continue;
    if (page.tab == ui.state.tab) now = static_cast<int>(tabs.size());
    labels.push_back(page.label);
    words.push_back(page.word);
    tabs.push_back(page.tab);
  }
  const int clicked = segmented(ui, "tab", labels, words, now, ImGui::GetContentRegionAvail().x);
  if (clicked >= 0) ui.state.tab = tabs[static_cast<std::size_t>(clicked)];
  ImVec2 size = ImGui::GetContentRegionAvail();
  size.y -= bottom_height(ui);
  if (ui.state.tab == Tab::kNetwork) {
    draw_centre(ui, size);
  } else if (ui.state.tab == Tab::kInput) {
    card(ui, "input", size, draw_input_panel);
  } else if (ui.state.tab == Tab::kInspector) {
    card(ui, "inspector", size, draw_inspector);
  } else if (ui.state.tab == Tab::kCompare) {
    draw_compare_lab(ui, size);
  } else if (ui.state.tab == Tab::kLabs) {
    draw_lab(ui, size);
  } else {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
    ImGui::BeginChild("curves", size);
    ImGui::PopStyleColor();
    begin_card(ui, "progress", {0, 0}, true);
    draw_progress_panel(ui);
    end_card();
    draw_curves_panel(ui);
    ImGui::EndChild();
  }
  draw_bottom(ui);
}

/// One line that is always there on a narrow page, since step and accuracy belong to every tab.
void draw_summary(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  std::string text = s.timeline.shows_moment ? "Step " + grouped(s.timeline.shown) + ", of a run at step " + grouped(s.step) : "Step " + grouped(s.step);
  if (!s.loss.empty()) text += " · loss " + number(s.loss.back().value);
  if (!s.accuracy.empty()) text += " · accuracy " + percent(s.accuracy.back().value, 1);
  small_text(ui, text);
}

}  // namespace

void draw_page_layout(const Context& ui) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({ui.width, ui.height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(kGap, kGap));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse |
                                 ImGuiWindowFlags_NoBackground;
  ImGui::Begin("page", nullptr, flags);
  ImGui::PopStyleVar(3);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(9, 6));
  const bool bar = begin_card(ui, "top", {0, 0}, true);
  ImGui::PopStyleVar();
  if (bar) draw_top_bar(ui);
  end_card();
  draw_banners(ui);
  draw_waiting(ui);
  if (ui.snapshot.layers.empty()) {
    ImGui::TextUnformatted("Building the network …");
  } else if (ui.narrow) {
    draw_summary(ui);
    draw_tabs(ui);
  } else {
    draw_lab_bar(ui);
    if (ui.state.lab == Lab::kNetwork) {
      draw_columns(ui);
    } else {
      draw_wide_lab(ui);
    }
  }
  ImGui::End();
}

}  // namespace lenet::ui
