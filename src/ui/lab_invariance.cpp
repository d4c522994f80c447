// The Invariance lab: how far each layer's features move when the image is moved, scaled or turned.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/chart.h"
#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::InvarianceRequest;
using lab::InvarianceResult;
using lab::Transform;

constexpr int kFive = 5;
constexpr std::size_t kMostLayerCharts = 5;

/// What a transformation's amounts are here.
struct Range {
  const char* word;
  const char* label;
  double from, to;
  int amounts;
  const char* axis;  ///< of the charts
  const char* explanation;
};
constexpr std::array<Range, 4> kRanges = {{
    {"translateY", "Up/down", -10, 10, 21, "px down", "−10 … 10 pixels down, one by one."},
    {"translateX", "Left/right", -10, 10, 21, "px right", "−10 … 10 pixels to the right, one by one."},
    {"scale", "Scale", 0.4, 1.8, 15, "× size", "0.4 … 1.8 times as large about the centre, by 0.1."},
    {"rotate", "Rotate", -90, 90, 37, "° to the left", "−90 … 90 degrees counter-clockwise about the centre, by 5."},
}};

const Range& range_of(Transform transform) { return kRanges[static_cast<std::size_t>(transform)]; }

std::string amount_text(Transform transform, double amount) {
  if (transform == Transform::kScale) return print("× %.2g", amount);
  const std::string value = std::abs(amount) < 1e-9 ? "0" : (amount > 0 ? "+" : "") + tick_text(amount);
  return value + (transform == Transform::kRotate ? "°" : " px");
}

std::size_t image_count(const InvarianceResult& r) { return r.classes.size(); }

bool is_whole(const InvarianceResult& r) {
  const std::size_t images = image_count(r), amounts = r.amounts.size();
  return images > 0 && amounts > 1 && !r.layers.empty() && r.distance.size() == r.layers.size() * images * amounts &&
         r.probability.size() == images * amounts && r.pictures.size() == images * amounts * r.input.size() &&
         r.typical.size() == r.layers.size();
}

/// The layers that get a chart: all, or the first, a chosen one and the last.
std::vector<std::size_t> shown_layers(const Context& ui, const InvarianceResult& r) {
  std::vector<std::size_t> shown;
  if (r.layers.size() <= kMostLayerCharts) {
    for (std::size_t i = 0; i < r.layers.size(); ++i) shown.push_back(i);
    return shown;
  }
  const auto chosen = std::find(r.layers.begin(), r.layers.end(), ui.state.labs.invariance.middle_layer);
  const std::size_t middle = chosen == r.layers.end() ? r.layers.size() / 2 : static_cast<std::size_t>(chosen - r.layers.begin());
  return {0, std::clamp(middle, std::size_t{1}, r.layers.size() - 2), r.layers.size() - 1};
}

// --- charts ----------------------------------------------------------------------------------------------------------

/// A chart's curves, one for each image; the points have to outlive the drawing.
struct Curves {
  std::vector<std::vector<app::CurvePoint>> points;
  double highest = 0;
};

Curves curves_of(const InvarianceResult& r, std::span<const float> values, double unit) {
  Curves curves;
  const std::size_t amounts = r.amounts.size();
  for (std::size_t image = 0; image < image_count(r); ++image) {
    std::vector<app::CurvePoint>& points = curves.points.emplace_back();
    for (std::size_t i = 0; i < amounts; ++i) {
      const double value = static_cast<double>(values[image * amounts + i]) / unit;
      if (std::isfinite(value)) curves.highest = std::max(curves.highest, value);
      points.push_back({i, value, 0});
    }
  }
  return curves;
}

/// Distances of a layer; the unit is 1 or the distance between different images.
Curves distances(const Context& ui, const InvarianceResult& r, std::size_t layer) {
  const std::size_t count = image_count(r) * r.amounts.size();
  return curves_of(r, part_of(r.distance, count, layer), ui.state.labs.invariance.raw ? 1 : r.typical[layer]);
}

/// Whether there is a distance between different images to divide by.
bool has_typical(const InvarianceResult& r, std::size_t layer) { return std::isfinite(r.typical[layer]) && r.typical[layer] > 0; }

void set_axis(Chart& chart, double highest) {
  chart.high = highest > 0 ? highest * 1.05 : 1;
  const double step = nice_step(chart.high, 4);
  for (double value = 0; value <= chart.high; value += step) chart.ticks.push_back({value, tick_text(value)});
}

/// Draws it with the amounts below; returns the amount that the pointer is at.
std::optional<std::uint64_t> draw_curves(const Context& ui, const InvarianceResult& r, Chart& chart, const Curves& curves,
                                         ImVec2 size) {
  chart.position = linear;
  chart.last_step = static_cast<double>(r.amounts.size() - 1);
  chart.x_first = r.amounts.front();
  chart.x_unit = (r.amounts.back() - r.amounts.front()) / chart.last_step;
  chart.x_label = range_of(r.transform).axis;
  chart.mark = ui.state.labs.invariance.amount;
  for (std::size_t i = 0; i < curves.points.size(); ++i) {
    chart.curves.push_back({.points = curves.points[i], .color = series_color(ui.theme, i)});
  }
  const bool is_probability = std::string_view(chart.name) == "invariance.probability";
  chart.read_out = [&, is_probability](std::size_t curve, const app::CurvePoint& point) {
    const std::string value = is_probability ? percent(point.value, 1) : number(point.value);
    const std::string line = class_name(ui.snapshot, r.classes[curve]) + ": " + value;
    const std::size_t amount = std::min(static_cast<std::size_t>(point.step), r.amounts.size() - 1);
    return curve == 0 ? amount_text(r.transform, r.amounts[amount]) + "\n" + line : line;
  };
  return draw_chart(ui, chart, size);
}

std::optional<std::uint64_t> draw_layer_chart(const Context& ui, const InvarianceResult& r, std::size_t layer, double highest,
                                              ImVec2 size) {
  const bool raw = ui.state.labs.invariance.raw;
  ImGui::BeginGroup();
  ImGui::TextUnformatted(r.layers[layer].c_str());
  if (!raw && !has_typical(r, layer)) {
    const float bottom = ImGui::GetCursorPosY() + size.y - ImGui::GetTextLineHeightWithSpacing();
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + size.x);
    small_text(ui, std::isfinite(r.typical[layer])
                       ? print("All %d pairs of different images have the same features here: there is no distance to divide by. Raw shows the distances.", r.typical_pairs)
                       : std::string("There is no distance between different images to divide by. Raw shows the distances."));
    ImGui::PopTextWrapPos();
    ImGui::Dummy({size.x, std::max(0.0f, bottom - ImGui::GetCursorPosY())});
    ImGui::EndGroup();
    return std::nullopt;
  }
  const Curves curves = distances(ui, r, layer);
  small_text_beside(ui, raw ? std::string("distance of the features") : print("distance ÷ mean of %d pairs", r.typical_pairs), 8);
  tooltip(print("‖f(x) − f(T x)‖ of %s, Euclidean%s. The usual distance between two different images is %s, a mean over %d pairs "
                "of held-out ones.",
                r.layers[layer].c_str(), raw ? "" : ", divided by the usual distance between two different images",
                number(r.typical[layer]).c_str(), r.typical_pairs)
              .c_str());
  const std::string name = "invariance." + r.layers[layer];
  Chart chart;
  chart.name = name.c_str();
  set_axis(chart, raw ? curves.highest : highest);
  if (!raw) chart.guide = 1;
  const auto hovered = draw_curves(ui, r, chart, curves, {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()});
  ImGui::EndGroup();
  return hovered;
}

std::optional<std::uint64_t> draw_probability_chart(const Context& ui, const InvarianceResult& r, ImVec2 size) {
  const Curves curves = curves_of(r, r.probability, 1);
  ImGui::BeginGroup();
  ImGui::TextUnformatted("p(true class)");
  small_text_beside(ui, "of the transformed image", 8);
  tooltip(
      "The softmax probability of the image's label; of an own image, of the class that is most probable when nothing is moved.");
  Chart chart;
  chart.name = "invariance.probability";
  chart.high = 1.02;
  for (const double value : {0.0, 0.25, 0.5, 0.75, 1.0}) chart.ticks.push_back({value, percent(value, 0)});
  const auto hovered = draw_curves(ui, r, chart, curves, {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()});
  ImGui::EndGroup();
  return hovered;
}

/// All charts, in rows of equal cells. Returns the amount that the pointer is at, or -1.
int draw_charts(const Context& ui, const InvarianceResult& r, ImVec2 room) {
  const std::vector<std::size_t> layers = shown_layers(ui, r);
  const int count = static_cast<int>(layers.size()) + 1;
  const int columns = ui.narrow ? (room.x > 640 ? 2 : 1) : count <= 3 ? count : count == 4 ? 4 : 3;
  const int rows = (count + columns - 1) / columns;
  const ImVec2 cell(std::floor((room.x - 14 * static_cast<float>(columns - 1)) / static_cast<float>(columns)),
                    ui.narrow ? 170.0f : std::floor((room.y - 6 * static_cast<float>(rows - 1)) / static_cast<float>(rows)));
  double highest = 1;  // normalised distances share an axis, so that layers can be compared
  for (const std::size_t layer : layers) {
    if (has_typical(r, layer)) highest = std::max(highest, distances(ui, r, layer).highest);
  }
  int hovered = -1;
  for (int i = 0; i < count; ++i) {
    if (i % columns != 0) ImGui::SameLine(0, 14);
    std::optional<std::uint64_t> at;
    if (i + 1 < count) {
      at = draw_layer_chart(ui, r, layers[static_cast<std::size_t>(i)], highest, cell);
    } else {
      const float rest = room.x - static_cast<float>(i % columns) * (cell.x + 14);  // what is left of the row
      at = draw_probability_chart(ui, r, {rest, cell.y});
    }
    if (at) hovered = static_cast<int>(*at);
  }
  return hovered;
}

// --- pictures --------------------------------------------------------------------------------------------------------

Picture picture_of(const Context& ui, const InvarianceResult& r, std::size_t image, std::size_t amount) {
  const auto values = part_of(r.pictures, r.input.size(), image * r.amounts.size() + amount);
  return make_picture(ui, values, r.input.width, r.input.height, image_style(ui));
}

/// A picture in a frame of its curve's colour, with words below in the middle.
void draw_framed(const Context& ui, const InvarianceResult& r, std::size_t image, std::size_t amount, ImVec2 size,
                 const std::string& below) {
  ImGui::BeginGroup();
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const std::string title = class_phrase(ui.snapshot, r.classes[image]) + ", " + amount_text(r.transform, r.amounts[amount]) +
                            "\np = " + percent(r.probability[image * r.amounts.size() + amount], 1);
  picture_item(ui, print("invariance.picture.%d.%d", static_cast<int>(image), static_cast<int>(amount)),
               picture_of(ui, r, image, amount), {0, 0, r.input.width, r.input.height}, size, title);
  ImGui::GetWindowDrawList()->AddRect({low.x - 1, low.y - 1}, {low.x + size.x + 1, low.y + size.y + 1},
                                      series_color(ui.theme, image), 0, 0, 2);
  centered_small_text(ui, below, size.x, ui.theme.muted);
  ImGui::EndGroup();
}

/// One image at about seven amounts, or, while the pointer is at an amount, at that one, large.
void draw_group(const Context& ui, const InvarianceResult& r, std::size_t image, ImVec2 size, int hovered) {
  const int amounts = static_cast<int>(r.amounts.size());
  const float caption = ImGui::GetTextLineHeight() + 2;
  ImGui::BeginGroup();
  curve_name(ui, series_color(ui.theme, image), class_phrase(ui.snapshot, r.classes[image]));
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float height = size.y - ImGui::GetTextLineHeightWithSpacing();
  if (hovered >= 0 && hovered < amounts) {
    const float p = r.probability[image * r.amounts.size() + static_cast<std::size_t>(hovered)];
    draw_framed(
        ui, r, image, static_cast<std::size_t>(hovered),
        picture_size(ui, std::min(size.x - 4, height - caption), r.input.width, r.input.height),
        print("%s, p = %s", amount_text(r.transform, r.amounts[static_cast<std::size_t>(hovered)]).c_str(), percent(p, 1).c_str()));
  } else {
    const int columns = size.x >= 7 * 64 ? 7 : 4, rows = columns == 7 ? 1 : 2;
    const float pitch = std::floor(size.x / static_cast<float>(columns));
    const ImVec2 tile = picture_size(ui, std::min({pitch - 6, height / static_cast<float>(rows) - caption - 4, 128.0f}),
                                     r.input.width, r.input.height);
    for (int i = 0; i < 7; ++i) {
      const auto amount = static_cast<std::size_t>((i * (amounts - 1) + 3) / 6);
      ImGui::SetCursorScreenPos({origin.x + 1 + pitch * static_cast<float>(i % columns),
                                 origin.y + 1 + (tile.y + caption + 4) * static_cast<float>(i / columns)});
      draw_framed(ui, r, image, amount, tile, amount_text(r.transform, r.amounts[amount]));
    }
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({size.x, height});
  ImGui::EndGroup();
}

void draw_pictures(const Context& ui, const InvarianceResult& r, ImVec2 room, int hovered) {
  const int count = static_cast<int>(image_count(r));
  const int columns = ui.narrow ? std::clamp(static_cast<int>(room.x / 230), 1, count) : std::min(count, 5);
  const float width = std::floor((room.x - 12 * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const int rows = (count + columns - 1) / columns;
  const float height = ui.narrow ? 176 : room.y / static_cast<float>(rows);
  for (int i = 0; i < count; ++i) {
    if (i % columns != 0) ImGui::SameLine(0, 12);
    draw_group(ui, r, static_cast<std::size_t>(i), {width, height}, hovered);
  }
}

// --- controls --------------------------------------------------------------------------------------------------------

void draw_controls(const Context& ui) {
  static constexpr std::array<const char*, 4> kLabels = {kRanges[0].label, kRanges[1].label, kRanges[2].label, kRanges[3].label};
  static constexpr std::array<const char*, 4> kParts = {kRanges[0].word, kRanges[1].word, kRanges[2].word, kRanges[3].word};
  static constexpr std::array<const char*, 2> kImages = {"This image", "Five images"}, kImageParts = {"this", "five"};
  static constexpr std::array<const char*, 2> kUnits = {"Normalised", "Raw"}, kUnitParts = {"normalised", "raw"};
  InvarianceState& state = ui.state.labs.invariance;
  const int transform = segmented(ui, "invariance.transform", kLabels, kParts, static_cast<int>(state.transform), 320);
  tooltip(range_of(state.transform).explanation);
  if (transform >= 0) state.transform = static_cast<Transform>(transform);
  flow(200, 12);
  const int images = segmented(ui, "invariance.images", kImages, kImageParts, state.five_images ? 1 : 0, 200);
  if (images >= 0) state.five_images = images == 1;
  flow(214, 12);
  const int unit = segmented(ui, "invariance.distance", kUnits, kUnitParts, state.raw ? 1 : 0, 190);
  if (unit >= 0) state.raw = unit == 1;
  ImGui::SameLine(0, 5);
  ImGui::AlignTextToFramePadding();
  info(ui,
       "Raw: ‖f(x) − f(T x)‖ in the layer's own units, which differ from layer to layer. Normalised: divided by the mean distance "
       "between "
       "the features of different held-out images, so that 1 means “as far as another image” in every layer (the dashed line).");
}

void draw_layer_choice(const Context& ui, const InvarianceResult& r) {
  if (r.layers.size() <= kMostLayerCharts) return;
  std::vector<Choice> choices;
  for (std::size_t i = 1; i + 1 < r.layers.size(); ++i) choices.push_back({r.layers[i], r.layers[i]});
  flow(110, 12);
  const std::string now = r.layers[shown_layers(ui, r)[1]];
  if (const auto chosen = choice_field(ui, "invariance.layer", nullptr, choices, now, 100,
                                       "The layer between the first and the last that has a chart.")) {
    ui.state.labs.invariance.middle_layer = *chosen;
  }
}

}  // namespace

std::vector<lab::Request> invariance_requests(const Context& ui) {
  const InvarianceState& state = ui.state.labs.invariance;
  const Range& range = range_of(state.transform);
  InvarianceRequest request{
      .images = {}, .transform = state.transform, .from = range.from, .to = range.to, .amounts = range.amounts};
  if (!state.five_images) {
    request.images.push_back(shown_image(ui));
  } else {
    // Test images may still be arriving.
    const int count = std::clamp(ui.snapshot.test_available, 1, kFive);
    for (int i = 0; i < count; ++i) request.images.emplace_back(i);
  }
  return {request};
}

void draw_invariance_lab(const Context& ui, ImVec2) {
  draw_controls(ui);
  const app::LabView* view = view_of<InvarianceRequest>(ui);
  const InvarianceResult* result = found<InvarianceRequest, InvarianceResult>(ui);
  if (result == nullptr || !is_whole(*result) || result->input.channels != ui.snapshot.input.channels) {
    if (!draw_missing(ui, view)) muted_text(ui, "is being worked out …");
    return;
  }
  draw_layer_choice(ui, *result);
  flow(180, 12);
  ImGui::AlignTextToFramePadding();
  draw_age(ui, view, result->step);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float pictures = std::clamp(room.y * 0.32f, 150.0f, 240.0f);
  int& amount = ui.state.labs.invariance.amount;
  amount = draw_charts(ui, *result, {room.x, room.y - pictures - ImGui::GetStyle().ItemSpacing.y});
  draw_pictures(ui, *result, {room.x, pictures}, amount);
}

}  // namespace lenet::ui
