// The Random? lab: whether a layer's filters look random, measured: its kernels sorted by their smoothness among random ones, its weights
// against those that it began with, dead units, and a verdict in words.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::LayerMeasures;
using lab::RandomnessRequest;
using lab::RandomnessResult;

constexpr float kLabelled = 64;  // kernels, at the most, that have their percentile under them
constexpr float kLargestTile = 120;

std::string known(double value, const std::string& text) { return std::isnan(value) ? std::string("–") : text; }

const LayerMeasures* measures_of(const RandomnessResult& found, const std::string& layer) {
  const auto place =
      std::find_if(found.layers.begin(), found.layers.end(), [&](const LayerMeasures& each) { return each.layer == layer; });
  return place == found.layers.end() ? nullptr : &*place;
}

struct Column {
  const char* label;
  const char* explanation;
};
constexpr std::array<Column, 6> kColumns = {
    {{"layer", "Click a layer to see its filters."},
     {"moved", "‖W − W₀‖ / ‖W₀‖: how far the layer's weights are from those that it began with."},
     {"cosine", "W · W₀ / (‖W‖ ‖W₀‖): 1 where they only grew, 0 where nothing of the beginning is left."},
     {"per step", "‖η r v‖ / ‖W‖ of the last step. A rule of thumb: about 0.1 %."},
     {"percentile",
      "Smoothness of the layer's kernels among random kernels of their size: the mean percentile. Random ones have 50."},
     {"dead", "Units that are 0 on every held-out image."}}};

void draw_layer_row(const Context& ui, const LayerMeasures& layer) {
  const bool shown = layer.layer == ui.snapshot.locked_layer;
  const lab::Movement& moved = layer.movement;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  if (ImGui::Selectable(layer.layer.c_str(), shown, ImGuiSelectableFlags_SpanAllColumns)) {
    ui.post(app::command::LockUnit{layer.layer, std::min(ui.snapshot.locked_unit, static_cast<int>(layer.filters.size()) - 1)});
  }
  ui.mark("random.layer." + layer.layer);
  const auto cell = [](const std::string& text) {
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(text.c_str());
  };
  cell(known(moved.changed, percent(moved.changed, moved.changed < 0.0995 ? 2 : 1)));
  cell(known(moved.cosine, print("%.3f", moved.cosine)));
  cell(known(moved.update_ratio, percent(moved.update_ratio, 3)));
  cell(layer.counted == 0 ? std::string("–") : print("%.0f ± %.0f", layer.mean_percentile, layer.standard_error));
  if (layer.counted > 0) {
    tooltip(
        print("Mean percentile of %d kernels; ± the standard error that it would have, were they random.", layer.counted).c_str());
  }
  cell(counted(layer.dead, static_cast<int>(layer.filters.size())));
}

void draw_layers(const Context& ui, const RandomnessResult& found) {
  ImGui::PushFont(ui.fonts.small);
  if (ImGui::BeginTable("layers", static_cast<int>(kColumns.size()), ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_RowBg)) {
    ImGui::TableNextRow();
    for (const Column& column : kColumns) {
      ImGui::TableNextColumn();
      muted_text(ui, column.label);
      tooltip(column.explanation);
    }
    for (const LayerMeasures& layer : found.layers) draw_layer_row(ui, layer);
    ImGui::EndTable();
  }
  ImGui::PopFont();
}

/// Shares as bars, others to hold them against as a line across them, and three words under the axis.
struct Bars {
  const char* name;
  std::span<const double> shares, reference;
  std::array<std::string, 3> axis;
  const char* explanation;
};

void draw_bars(const Context& ui, const Bars& bars, ImVec2 size) {
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  ImGui::InvisibleButton(bars.name, size);
  ui.mark(bars.name);
  tooltip(bars.explanation);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  ImGui::PushFont(ui.fonts.small);
  const float bottom = low.y + size.y - ImGui::GetFontSize() - 3,
              pitch = size.x / static_cast<float>(std::max<std::size_t>(1, bars.shares.size()));
  double top = 1e-9;
  for (const auto& list : {bars.shares, bars.reference}) {
    for (const double share : list) top = std::max(top, share);
  }
  const auto height = [&](double share) { return static_cast<float>(share / top) * (bottom - low.y - 2); };
  for (std::size_t i = 0; i < bars.shares.size(); ++i) {
    const float left = low.x + pitch * static_cast<float>(i);
    draw->AddRectFilled({left + 0.5f, bottom - height(bars.shares[i])}, {left + pitch - 0.5f, bottom}, ui.theme.arms[0]);
  }
  for (std::size_t i = 0; i < bars.reference.size(); ++i) {
    const float left = low.x + pitch * static_cast<float>(i), y = bottom - height(bars.reference[i]);
    if (i > 0) draw->AddLine({left, bottom - height(bars.reference[i - 1])}, {left, y}, ui.theme.text, 1.5f);
    draw->AddLine({left, y}, {left + pitch, y}, ui.theme.text, 1.5f);
  }
  draw->AddLine({low.x, bottom + 0.5f}, {low.x + size.x, bottom + 0.5f}, ui.theme.border);
  for (std::size_t i = 0; i < 3; ++i) {
    const float room = size.x - text_width(bars.axis[i]);
    draw->AddText({low.x + room * static_cast<float>(i) / 2, bottom + 3}, ui.theme.muted, bars.axis[i].c_str());
  }
  ImGui::PopFont();
}

void draw_histograms(const Context& ui, const RandomnessResult& found, const LayerMeasures& layer, ImVec2 size) {
  const bool two = layer.counted >= 20;
  const float each =
      (size.y - (two ? 2.0f : 1.0f) * ImGui::GetTextLineHeightWithSpacing()) / (two ? 2 : 1) - ImGui::GetStyle().ItemSpacing.y;
  curve_name(ui, ui.theme.arms[0], "weights now");
  ImGui::SameLine(0, 10);
  small_text(ui, !found.initial_known   ? "what it began with is not known"
                 : found.initial_loaded ? "— as they were loaded"
                                        : "— at the beginning, W₀");
  const std::string end = number(layer.limit, 2);
  draw_bars(ui,
            {"random.weights",
             layer.histogram,
             layer.initial_histogram,
             {"−" + end, "0", "+" + end},
             "How often weights of the layer have each value, as shares of all of them; the line is what it began with."},
            {size.x, each});
  if (!two) return;
  std::array<double, 10> shares{}, uniform{};
  uniform.fill(0.1);
  for (const float percentile : layer.percentile) {
    if (std::isnan(percentile)) continue;
    shares[static_cast<std::size_t>(std::clamp(static_cast<int>(percentile / 10), 0, 9))] += 1.0 / layer.counted;
  }
  curve_name(ui, ui.theme.arms[0], "smoothness of its kernels");
  ImGui::SameLine(0, 10);
  small_text(ui, "— random kernels");
  draw_bars(
      ui,
      {"random.percentiles",
       shares,
       uniform,
       {"percentile 0: rough", "50", "100: smooth"},
       "Percentiles of the layer's kernels among random kernels of their size. Random kernels would fill all ten bars alike."},
      {size.x, each});
}

/// Filter and input channel of every kernel, smoothest first; those without a percentile last.
std::vector<std::size_t> sorted_kernels(const LayerMeasures& layer) {
  std::vector<std::size_t> order(layer.percentile.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto place = [&](std::size_t i) { return std::isnan(layer.percentile[i]) ? -1.0f : layer.smoothness[i]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) > place(b); });
  return order;
}

std::string kernel_title(const LayerMeasures& layer, std::size_t kernel) {
  const auto channels = static_cast<std::size_t>(layer.channels);
  const std::size_t filter = kernel / channels;
  const lab::FilterMeasures& measures = layer.filters[filter];
  std::string title = print("%s · filter %d", layer.layer.c_str(), static_cast<int>(filter));
  if (channels > 1) title += print(", input channel %d", static_cast<int>(kernel % channels));
  const auto percentile = static_cast<double>(layer.percentile[kernel]);
  title += std::isnan(percentile) ? "\nall zero" : print("\nsmoother than %.1f %% of random kernels", percentile);
  title += "\nthe filter moved by " + known(measures.movement.changed, percent(measures.movement.changed, 1));
  if (measures.dead) title += "\nits unit is dead: 0 on every image";
  if (measures.near_constant) title += "\nnearly constant";
  if (measures.two_valued) title += "\nonly two values";
  return title + "\nClick to lock the unit.";
}

void draw_kernel(const Context& ui, const LayerMeasures& layer, std::size_t kernel, float scale, ImVec2 at, float tile,
                 bool labelled) {
  const auto channels = static_cast<std::size_t>(layer.channels);
  const nn::Shape shape{1, layer.kernel, layer.kernel};
  const auto filter = static_cast<int>(kernel / channels);
  ImGui::SetCursorScreenPos(at);
  const Picture picture = signed_picture(ui, part_of(layer.kernels, shape.size(), kernel), shape, scale);
  const std::string name = print("random.kernel.%d.%d", filter, static_cast<int>(kernel % channels));
  if (whole_picture(ui, name, picture, tile, kernel_title(layer, kernel))) ui.post(app::command::LockUnit{layer.layer, filter});
  ImDrawList* draw = ImGui::GetWindowDrawList();
  if (layer.layer == ui.snapshot.locked_layer && filter == ui.snapshot.locked_unit) {
    draw->AddRect({at.x - 2, at.y - 2}, {at.x + tile + 2, at.y + tile + 2}, ui.theme.selected, 2, 0, 2);
  }
  if (layer.filters[static_cast<std::size_t>(filter)].dead) {
    const float radius = std::min(3.5f, tile / 4);
    draw->AddCircleFilled({at.x + radius, at.y + radius}, radius + 1, ui.theme.card);
    draw->AddCircleFilled({at.x + radius, at.y + radius}, radius, ui.theme.bad);
  }
  if (!labelled) return;
  const auto percentile = static_cast<double>(layer.percentile[kernel]);
  const std::string text = known(percentile, print("%.0f", percentile));
  draw->AddText({at.x + (tile - text_width(text)) / 2, at.y + tile + 1}, ui.theme.muted, text.c_str());
}

void draw_kernels(const Context& ui, const LayerMeasures& layer) {
  const std::vector<std::size_t> order = sorted_kernels(layer);
  const int count = static_cast<int>(order.size());
  const bool labelled = static_cast<float>(count) <= kLabelled;
  const float scale = held_scale(ui, "random/" + layer.layer, scale_of(layer.kernels));
  small_text(ui, labelled ? "smoothest first; under each its percentile"
                          : print("all %s kernels, smoothest first", grouped(order.size()).c_str()));
  if (layer.dead > 0) {
    ImGui::SameLine(0, 10);
    curve_name(ui, ui.theme.bad, "dead");
  }
  flow(116, 10);
  legend(ui, scale, true, 32);
  ImGui::PushFont(ui.fonts.small);
  const float line = labelled ? ImGui::GetFontSize() + 2 : 0;
  const ImVec2 whole = ImGui::GetContentRegionAvail(), room(whole.x - 4, (ui.narrow ? 420.0f : whole.y) - 4);
  Mosaic mosaic = fit_mosaic(ui, room, count, layer.kernel, kLargestTile);
  const auto rows = [&] { return static_cast<float>((count + mosaic.columns - 1) / mosaic.columns); };
  if (labelled) mosaic = fit_mosaic(ui, {room.x, room.y - rows() * line}, count, layer.kernel, kLargestTile);
  const ImVec2 cursor = ui.snap(ImGui::GetCursorScreenPos()), origin(cursor.x + 3, cursor.y + 3);
  const float pitch = mosaic.pitch + line, top = ImGui::GetWindowPos().y - pitch,
              bottom = ImGui::GetWindowPos().y + ImGui::GetWindowHeight();
  for (int i = 0; i < count; ++i) {
    const ImVec2 at(origin.x + mosaic.pitch * static_cast<float>(i % mosaic.columns),
                    origin.y + pitch * static_cast<float>(i / mosaic.columns));
    if (at.y < top || at.y > bottom) continue;  // a large layer has thousands
    draw_kernel(ui, layer, order[static_cast<std::size_t>(i)], scale, at, mosaic.tile, labelled);
  }
  ImGui::PopFont();
  ImGui::SetCursorScreenPos(cursor);
  ImGui::Dummy({room.x, mosaic.height + rows() * line + 4});
}

/// Which units are dead, in words.
std::string dead_text(const LayerMeasures& layer) {
  std::string list;
  int named = 0;
  for (std::size_t i = 0; i < layer.filters.size() && named < 40; ++i) {
    if (!layer.filters[i].dead) continue;
    list += (named++ > 0 ? ", " : "") + std::to_string(i);
  }
  return list + (named < layer.dead ? ", …" : "");
}

void draw_findings(const Context& ui, const RandomnessResult& found, const LayerMeasures& layer, ImVec2 size) {
  const float top = ImGui::GetCursorPosY();
  draw_layers(ui, found);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted((layer.layer + ": " + layer.verdict).c_str());
  ImGui::PopTextWrapPos();
  ui.mark("random.verdict");
  if (layer.dead > 0) small_paragraph(ui, "Dead units: " + dead_text(layer) + ".");
  small_paragraph(ui, found.verdict);
  const float left = size.y - (ImGui::GetCursorPosY() - top);
  draw_histograms(ui, found, layer, {size.x, ui.narrow ? 240.0f : std::max(150.0f, left)});
}

}  // namespace

std::vector<lab::Request> random_requests(const Context&) { return {RandomnessRequest{}}; }

void draw_random_lab(const Context& ui, ImVec2) {
  const app::LabView* view = view_of<RandomnessRequest>(ui);
  const auto* result = found<RandomnessRequest, RandomnessResult>(ui);
  if (result == nullptr) {
    draw_missing(ui, view);
    return;
  }
  draw_age(ui, view, result->step);
  if (!ui.narrow) ImGui::SameLine(0, 14);
  small_paragraph(ui, print("%s held-out images · %s random kernels of each size, weights independent and normal",
                            grouped(static_cast<std::uint64_t>(result->images)).c_str(),
                            grouped(static_cast<std::uint64_t>(result->kernels)).c_str()));
  const LayerMeasures* layer = measures_of(*result, ui.snapshot.locked_layer);
  if (layer == nullptr) {
    small_paragraph(ui, "is being worked out …");  // of the network before
    return;
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float words = ui.narrow ? room.x : std::clamp(room.x * 0.4f, 380.0f, 560.0f);
  begin_part("random.findings", {words, ui.narrow ? 0 : room.y});
  draw_findings(ui, *result, *layer, {words - (ui.narrow ? 0.0f : 14.0f), room.y});
  end_part();
  if (!ui.narrow) ImGui::SameLine(0, 14);
  begin_part("random.kernels", {0, ui.narrow ? 0 : room.y});
  if (layer->percentile.empty()) {
    small_paragraph(ui, layer->conv ? "A kernel of one weight has no frequencies, so there is nothing to sort."
                                    : "A dense unit reads everything at once: it has no kernels whose smoothness could be judged. "
                                      "Choose a conv layer for those.");
  } else {
    draw_kernels(ui, *layer);
  }
  end_part();
}

}  // namespace lenet::ui
