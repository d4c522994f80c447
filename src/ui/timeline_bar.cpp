// The timeline: the stored steps of the run, and which of them the page shows.
#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/labs.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kText =
    "Weights are kept at steps 0, 1, 2, 5, 10, … and at the end of every epoch. Drag to a stored step: filters, maps, projections and all "
    "labs then show that step. Colour scales stay the present's, of what was on show before; Evolution (one for all moments), Architecture, the "
    "sanity check and the made image have their own. Play goes on from the end. ([ and ] move by one.)";

using Point = app::TimelineView::Point;

/// Where a step is along the bar, 0 … 1: by the logarithm, since most happens early.
double place(std::uint64_t step, std::uint64_t last) {
  return last == 0 ? 0 : std::log1p(static_cast<double>(step)) / std::log1p(static_cast<double>(last));
}

void show(const Context& ui, std::uint64_t step) { ui.post(app::command::ShowMoment{step}); }

const Point& nearest(const std::vector<Point>& moments, double part, std::uint64_t last) {
  return *std::min_element(moments.begin(), moments.end(), [&](const Point& a, const Point& b) {
    return std::abs(place(a.step, last) - part) < std::abs(place(b.step, last) - part);
  });
}

std::string name_of(const Point& moment) {
  std::string text = "step " + grouped(moment.step);
  if (moment.ends_epoch) text += print(", end of epoch %d", moment.epoch);
  return text;
}

}  // namespace

void move_moment(const Context& ui, int by) {
  const app::TimelineView& timeline = ui.snapshot.timeline;
  const auto& moments = timeline.moments;
  if (by < 0) {
    const auto after = std::lower_bound(moments.begin(), moments.end(), timeline.shown, [](const Point& m, std::uint64_t step) { return m.step < step; });
    if (after != moments.begin()) show(ui, std::prev(after)->step);
  } else {
    const auto next = std::upper_bound(moments.begin(), moments.end(), timeline.shown, [](std::uint64_t step, const Point& m) { return step < m.step; });
    if (next != moments.end()) show(ui, next->step);
    else if (timeline.shows_moment) ui.post(app::command::ShowMoment{});
  }
}

void draw_timeline(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const app::TimelineView& timeline = s.timeline;
  if (timeline.moments.empty()) return;
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(6, 1));
  const float height = ImGui::GetFrameHeight();
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 4);
  ImGui::AlignTextToFramePadding();
  muted_text(ui, "Timeline");
  ImGui::SameLine(0, 5);
  ImGui::AlignTextToFramePadding();
  info(ui, kText);
  ImGui::SameLine(0, 8);

  const std::string state = timeline.shows_moment ? "step " + grouped(timeline.shown) + " of " + grouped(s.step) : "the present, step " + grouped(s.step);
  const float right = 190;
  const float width = std::max(60.0f, ImGui::GetContentRegionAvail().x - right);
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const ImVec2 high(low.x + width, low.y + height);
  ImGui::InvisibleButton("timeline", {width, height});
  ui.mark("timeline", low, high);
  const bool hovered = ImGui::IsItemHovered(), held = ImGui::IsItemActive();

  const std::uint64_t last = std::max(s.step, timeline.moments.back().step);
  const float left = low.x + 6, span = width - 12, middle = std::round((low.y + high.y) / 2);
  const auto x_of = [&](std::uint64_t step) { return left + span * static_cast<float>(place(step, last)); };
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddLine({left, middle}, {left + span, middle}, ui.theme.border, 2);
  for (const Point& moment : timeline.moments) {
    const float x = std::round(x_of(moment.step)) + 0.5f, tall = moment.ends_epoch ? 6.0f : 4.0f;
    draw->AddLine({x, middle - tall}, {x, middle + tall}, ui.theme.muted, 1);
  }
  const std::uint64_t at = timeline.shows_moment ? timeline.shown : s.step;
  draw->AddCircleFilled({x_of(at), middle}, 5.5f, timeline.shows_moment ? ui.theme.selected : ui.theme.accent);

  if (hovered || held) {
    const double part = std::clamp(static_cast<double>((ImGui::GetMousePos().x - left) / span), 0.0, 1.0);
    const Point& moment = nearest(timeline.moments, part, last);
    const bool to_present = part > 0.5 && std::abs(part - 1) <= std::abs(place(moment.step, last) - part);
    ImGui::SetTooltip("%s", to_present ? "the present" : name_of(moment).c_str());
    if (held) {
      if (to_present && timeline.shows_moment) ui.post(app::command::ShowMoment{});
      if (!to_present && !(timeline.shows_moment && timeline.shown == moment.step)) show(ui, moment.step);
    }
  }
  ImGui::SameLine(0, 8);
  ImGui::AlignTextToFramePadding();
  if (timeline.shows_moment) {
    colored_text(ui.theme.selected, state);
    ui.mark("timeline.state");
    ImGui::SameLine(0, 6);
    if (button(ui, "timeline.present", "Present", {0, 0}, ButtonLook::kPrimary, "Back to the present weights.")) ui.post(app::command::ShowMoment{});
  } else {
    muted_text(ui, state);
    ui.mark("timeline.state");
    if (timeline.thinned > 0) {
      tooltip(print("%d stored steps were given up so that the others fit %.0f MB.", timeline.thinned, static_cast<double>(timeline.budget) / (1 << 20)).c_str());
    }
  }
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

}  // namespace lenet::ui
