// The Evolution lab's strip: a column a moment, the locked unit large, the layer's other units below.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "ui/format.h"
#include "ui/lab_evolution.h"
#include "ui/lab_parts.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr float kLabels = 62;     ///< width of what stands before the columns
constexpr float kNarrowest = 42;  ///< of a column
constexpr float kWidest = 92;

/// What the columns are and where.
struct Strip {
  std::vector<int> moments;   ///< shown ones, indices into the result's
  float left = 0, pitch = 0;  ///< screen
  float x(std::size_t column) const { return left + pitch * static_cast<float>(column); }
};

bool is_papers_epoch(const Context& ui, std::uint64_t step) {
  static constexpr std::array<int, 8> kEpochs = {1, 2, 5, 10, 20, 30, 40, 64};
  for (const app::TimelineView::Point& moment : ui.snapshot.timeline.moments) {
    if (moment.step == step) return moment.ends_epoch && std::find(kEpochs.begin(), kEpochs.end(), moment.epoch) != kEpochs.end();
  }
  return false;
}

/// `most` of `from`, evenly, with the first and the last.
void add_evenly(const std::vector<int>& from, std::size_t most, std::set<int>& to) {
  if (from.empty() || most == 0) return;
  if (most == 1) {
    to.insert(from.back());
    return;
  }
  const std::size_t count = std::min(most, from.size());
  for (std::size_t i = 0; i < count; ++i) to.insert(from[count == 1 ? 0 : i * (from.size() - 1) / (count - 1)]);
}

/// Steps 0, 1, 2, 5, 10, … and the paper's epochs first, then the others evenly; the first and the last moment always.
std::vector<int> choose_moments(const Context& ui, const EvolutionSight& sight, std::size_t most) {
  std::vector<int> first, others;
  const int count = sight.moments();
  for (int i = 0; i < count; ++i) {
    const std::uint64_t step = sight.result.steps[static_cast<std::size_t>(i)];
    (i == 0 || i == count - 1 || lab::Timeline::is_moment(step, false) || is_papers_epoch(ui, step) ? first : others).push_back(i);
  }
  std::set<int> chosen;
  add_evenly(first, most, chosen);
  add_evenly(others, most - std::min(most, chosen.size()), chosen);
  return {chosen.begin(), chosen.end()};
}

/// Whether the winner changed between the column before and this one, on a moment in between or here.
bool has_jump(const EvolutionSight& sight, const Strip& strip, std::size_t column, int unit) {
  if (column == 0) return false;
  for (int moment = strip.moments[column - 1] + 1; moment <= strip.moments[column]; ++moment) {
    if (sight.result.jumps[sight.index(moment, unit)]) return true;
  }
  return false;
}

void show(const Context& ui, const EvolutionSight& sight, int moment) {
  ui.post(app::command::ShowMoment{sight.result.steps[static_cast<std::size_t>(moment)]});
}

enum class Row { kProjection, kPatch, kFilter };

Picture picture_of(const Context& ui, const EvolutionSight& sight, Row row, int moment, int unit) {
  const lab::EvolutionResult& r = sight.result;
  if (row == Row::kFilter) {
    return make_picture(ui, sight.filter(moment, unit), r.kernel, r.kernel, signed_image_style(ui, sight.filter_scale(unit)));
  }
  const bool projection = row == Row::kProjection;
  return make_picture(ui, projection ? sight.projection(moment, unit) : sight.patch(moment, unit), r.window.width, r.window.height,
                      projection ? signed_image_style(ui, sight.projection_scale(unit)) : image_style(ui));
}

std::string title_of(const Context& ui, const EvolutionSight& sight, Row row, int moment, int unit, bool jump) {
  const lab::EvolutionResult& r = sight.result;
  const lab::Winner& w = sight.winner(moment, unit);
  std::string text = print("%s · unit %d · ", r.layer.c_str(), r.first + unit) + moment_name(ui, r.steps[static_cast<std::size_t>(moment)]);
  if (row == Row::kFilter) return text + "\nits kernel";
  text += print("\ntraining image %d, activation %s at y %d, x %d", w.image, number(w.peak.value).c_str(), w.peak.y, w.peak.x);
  return jump ? text + "\nanother image than before" : text;
}

/// One cell; a unit that is 0 everywhere has no picture.
void draw_cell(const Context& ui, const EvolutionSight& sight, const Strip& strip, Row row, std::size_t column, int unit,
               ImVec2 size) {
  static constexpr std::array<const char*, 3> kKinds = {"evolution", "evolution.patch", "evolution.filter"};
  const int moment = strip.moments[column];
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos()), high(low.x + size.x, low.y + size.y);
  if (row != Row::kFilter && sight.winner(moment, unit).image < 0) {
    ImGui::GetWindowDrawList()->AddRect(low, high, ui.theme.border);
    ImGui::GetWindowDrawList()->AddText({low.x + 4, (low.y + high.y - ImGui::GetFontSize()) / 2}, ui.theme.muted, "0");
    ImGui::Dummy(size);
    tooltip("0 on every image at this moment: nothing to project.");
    return;
  }
  const bool jump = row == Row::kProjection && has_jump(sight, strip, column, unit);
  const int width = row == Row::kFilter ? sight.result.kernel : sight.result.window.width;
  const int height = row == Row::kFilter ? sight.result.kernel : sight.result.window.height;
  const std::string name = print("%s.%d.%d", kKinds[static_cast<std::size_t>(row)], unit, moment);
  if (picture_item(ui, name, picture_of(ui, sight, row, moment, unit), {0, 0, width, height}, size,
                   title_of(ui, sight, row, moment, unit, jump))) {
    show(ui, sight, moment);
  }
  if (jump) {
    const float corner = std::clamp(size.x * 0.22f, 6.0f, 11.0f);
    ImGui::GetWindowDrawList()->AddTriangleFilled(low, {low.x + corner, low.y}, {low.x, low.y + corner}, ui.theme.warn);
    ImGui::GetWindowDrawList()->AddTriangle(low, {low.x + corner, low.y}, {low.x, low.y + corner}, ui.theme.card, 1);
  }
}

void draw_row(const Context& ui, const EvolutionSight& sight, const Strip& strip, Row row, int unit, ImVec2 size) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  for (std::size_t column = 0; column < strip.moments.size(); ++column) {
    ImGui::SetCursorScreenPos({strip.x(column) + std::floor((strip.pitch - size.x) / 2), origin.y});
    draw_cell(ui, sight, strip, row, column, unit, size);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({kLabels, size.y});
}

/// A word before a row, in the middle of its height.
void draw_row_label(const Context& ui, const char* text, float height, ImU32 color) {
  ImGui::PushFont(ui.fonts.small);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddText({at.x, std::round(at.y + (height - ImGui::GetFontSize()) / 2)}, color, text);
  ImGui::PopFont();
}

/// Whether any column is the end of an epoch.
bool has_epochs(const Context& ui, const EvolutionSight& sight, const Strip& strip) {
  const auto& points = ui.snapshot.timeline.moments;
  return std::any_of(strip.moments.begin(), strip.moments.end(), [&](int moment) {
    const std::uint64_t step = sight.result.steps[static_cast<std::size_t>(moment)];
    return std::any_of(points.begin(), points.end(), [&](const auto& point) { return point.step == step && point.ends_epoch; });
  });
}

/// The steps above the columns; a click shows that moment.
void draw_head(const Context& ui, const EvolutionSight& sight, const Strip& strip) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImGui::PushFont(ui.fonts.small);
  const float line = ImGui::GetFontSize();
  draw_row_label(ui, "step", line, ui.theme.muted);
  const float height = has_epochs(ui, sight, strip) ? 2 * line + 2 : line + 2;
  for (std::size_t column = 0; column < strip.moments.size(); ++column) {
    const int moment = strip.moments[column];
    const std::uint64_t step = sight.result.steps[static_cast<std::size_t>(moment)];
    ImGui::SetCursorScreenPos({strip.x(column), origin.y});
    ImGui::PushID(moment);
    if (ImGui::InvisibleButton("moment", {strip.pitch, height})) show(ui, sight, moment);
    ImGui::PopID();
    ui.mark("evolution.moment." + std::to_string(step));
    tooltip((moment_name(ui, step) + ". Click: the whole page shows this moment.").c_str());
    const bool shown = ui.snapshot.timeline.shows_moment && ui.snapshot.timeline.shown == step;
    const auto centered = [&](const std::string& text, float y, ImU32 color) {
      ImGui::GetWindowDrawList()->AddText({std::round(strip.x(column) + (strip.pitch - text_width(text)) / 2), y}, color,
                                          text.c_str());
    };
    centered(grouped(step), origin.y, shown ? ui.theme.selected : ui.theme.text);
    for (const app::TimelineView::Point& point : ui.snapshot.timeline.moments) {
      if (point.step == step && point.ends_epoch) centered(print("ep. %d", point.epoch), origin.y + line + 1, ui.theme.muted);
    }
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({kLabels, height});
  ImGui::PopFont();
}

/// The test accuracy where it was measured at that very step; the tooltip has the one before it elsewhere.
void draw_accuracies(const Context& ui, const EvolutionSight& sight, const Strip& strip) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImGui::PushFont(ui.fonts.small);
  const float line = ImGui::GetFontSize();
  draw_row_label(ui, "test acc.", line, ui.theme.muted);
  for (std::size_t column = 0; column < strip.moments.size(); ++column) {
    const std::uint64_t step = sight.result.steps[static_cast<std::size_t>(strip.moments[column])];
    const app::CurvePoint* last = nullptr;
    for (const app::CurvePoint& point : ui.snapshot.accuracy) {
      if (point.step <= step && (last == nullptr || point.step >= last->step)) last = &point;
    }
    const bool here = last != nullptr && last->step == step;
    const std::string text = !here ? "—" : strip.pitch >= 52 ? percent(last->value, 1) : print("%.1f", 100 * last->value);
    ImGui::SetCursorScreenPos({strip.x(column), origin.y});
    ImGui::Dummy({strip.pitch, line});
    tooltip(last == nullptr ? "No test accuracy was measured by then."
                            : print("%sest accuracy %s, measured at step %s on %d images.", here ? "T" : "Not measured at this step. Before it: t",
                                    percent(last->value).c_str(), grouped(last->step).c_str(), last->n)
                                  .c_str());
    ImGui::GetWindowDrawList()->AddText({std::round(strip.x(column) + (strip.pitch - text_width(text)) / 2), origin.y},
                                        here ? ui.theme.accuracy : ui.theme.muted, text.c_str());
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({kLabels, line});
  ImGui::PopFont();
}

void draw_other_units(const Context& ui, const EvolutionSight& sight, const Strip& strip, ImVec2 size) {
  const lab::EvolutionResult& r = sight.result;
  begin_part("evolution.units", size);
  const ImVec2 tile = picture_size(ui, std::min(strip.pitch - 5, 40.0f), r.window.width, r.window.height);
  const float row_height = tile.y + 5;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float top = ImGui::GetWindowPos().y - row_height, bottom = ImGui::GetWindowPos().y + size.y;
  int row = 0;
  for (int unit = 0; unit < r.units; ++unit) {
    if (unit == sight.unit) continue;
    const float y = origin.y + row_height * static_cast<float>(row++);
    if (y < top || y > bottom) continue;  // a dense layer has hundreds
    ImGui::SetCursorScreenPos({origin.x, y});
    draw_row_label(ui, print("unit %d", unit).c_str(), tile.y, ui.theme.muted);
    ImGui::PushID(unit);
    if (ImGui::InvisibleButton("unit", {kLabels - 4, tile.y})) ui.post(app::command::LockUnit{r.layer, unit});
    ImGui::PopID();
    ui.mark(print("evolution.unit.%d", unit));
    tooltip("Click to lock this unit.");
    ImGui::SetCursorScreenPos({origin.x, y});
    draw_row(ui, sight, strip, Row::kProjection, unit, tile);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({kLabels, row_height * static_cast<float>(row)});
  end_part();
}

/// A band behind the column of the moment that the page shows.
void draw_shown_column(const Context& ui, const EvolutionSight& sight, const Strip& strip, ImVec2 low, float height) {
  if (!ui.snapshot.timeline.shows_moment) return;
  for (std::size_t column = 0; column < strip.moments.size(); ++column) {
    if (sight.result.steps[static_cast<std::size_t>(strip.moments[column])] != ui.snapshot.timeline.shown) continue;
    const ImVec2 from(strip.x(column), low.y), to(strip.x(column) + strip.pitch, low.y + height);
    ImGui::GetWindowDrawList()->AddRectFilled(from, to, (ui.theme.selected & ~IM_COL32_A_MASK) | (50u << IM_COL32_A_SHIFT), 4);
    ImGui::GetWindowDrawList()->AddRect(from, to, ui.theme.selected, 4);
  }
}

}  // namespace

void draw_evolution_strip(const Context& ui, const EvolutionSight& sight, ImVec2 size) {
  begin_part("evolution.strip", size);
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const float room = size.x - kLabels - ImGui::GetStyle().ScrollbarSize;
  Strip strip{.moments = choose_moments(ui, sight, static_cast<std::size_t>(std::max(2.0f, room / kNarrowest))),
              .left = low.x + kLabels};
  strip.pitch = std::floor(std::clamp(room / static_cast<float>(strip.moments.size()), kNarrowest, kWidest));
  draw_shown_column(ui, sight, strip, low, size.y);
  draw_head(ui, sight, strip);

  // The locked unit takes at most about half of the height.
  const lab::EvolutionResult& r = sight.result;
  const float tallest = size.y * 0.5f / (sight.has_filters() ? 3.0f : 2.0f);
  const float side = std::min(strip.pitch - 5, tallest);
  const ImVec2 tile = picture_size(ui, side, r.window.width, r.window.height);
  draw_row_label(ui, "projected", tile.y, ui.theme.selected);
  draw_row(ui, sight, strip, Row::kProjection, sight.unit, tile);
  draw_row_label(ui, "patch", tile.y, ui.theme.selected);
  draw_row(ui, sight, strip, Row::kPatch, sight.unit, tile);
  if (sight.has_filters()) {
    const ImVec2 kernel = picture_size(ui, std::min(side, tile.x), r.kernel, r.kernel);
    draw_row_label(ui, "filter", kernel.y, ui.theme.selected);
    draw_row(ui, sight, strip, Row::kFilter, sight.unit, kernel);
  }
  draw_accuracies(ui, sight, strip);
  if (strip.moments.size() < r.steps.size()) {
    small_text(
        ui, print("%d of the %d moments fit here; the timeline has all.", static_cast<int>(strip.moments.size()), sight.moments()));
  }
  ImGui::Separator();
  const float left = low.y + size.y - ImGui::GetCursorScreenPos().y;
  if (left > 30) draw_other_units(ui, sight, strip, {0, left});
  end_part();
}

}  // namespace lenet::ui
