// The other half of the Occlusion lab: whether hiding the same part of different images changes their features alike (Zeiler & Fergus 2014, Table 1).
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ui/format.h"
#include "ui/lab_occlusion.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/tiles.h"
#include "ui/touch_scroll.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::CorrespondenceRequest;
using lab::CorrespondenceResult;
using lab::Window;

constexpr std::size_t kMostRegions = 6;
constexpr const char* kText =
    "The same part is masked in n images of a class. ε(i) = f(x(i)) − f(x(i) masked) is what that changes in a layer's features. Δ "
    "= Σ over "
    "pairs i ≠ j of Hamming(sign ε(i), sign ε(j)) / (n (n − 1) · features), in 0 … 1. The line in a bar and the "
    "number under it are the mean ± standard deviation (n − 1) over random draws: in each, every image is masked at a place of its own. Where Δ "
    "is lower by more than two deviations it is green: hiding this part changes the images' features more alike than hiding any part does. "
    "The paper sums without the divisor; it makes layers of different sizes comparable.";

struct Preset {
  const char* word;
  const char* label;
  int down, right;  ///< −1, 0, 1: from the middle
};
constexpr std::array<Preset, 5> kPresets = {{{"top", "Top", -1, 0},
                                             {"bottom", "Bottom", 1, 0},
                                             {"left", "Left", 0, -1},
                                             {"right", "Right", 0, 1},
                                             {"centre", "Centre", 0, 0}}};

/// A square of a third of the image, in the middle or a fifth of the image away from it: where MNIST's digits have their strokes.
Window preset_region(const nn::Shape& input, const Preset& preset) {
  const int shorter = std::min(input.height, input.width), side = std::max(1, (shorter * 10 + 14) / 28), away = shorter * 5 / 28;
  return {(input.height - side) / 2 + preset.down * away, (input.width - side) / 2 + preset.right * away, side, side};
}

/// "Top", or where it is.
std::string name_of(const nn::Shape& input, const Window& region) {
  for (const Preset& preset : kPresets) {
    if (preset_region(input, preset) == region) return preset.label;
  }
  return print("y %d, x %d", region.top, region.left);
}

bool fits(const nn::Shape& input, const Window& w) {
  return w.top >= 0 && w.left >= 0 && w.height > 0 && w.width > 0 && w.top + w.height <= input.height &&
         w.left + w.width <= input.width;
}

/// Those that were chosen, or three presets where there are none of this input.
std::vector<Window> regions_of(const Context& ui) {
  const nn::Shape& input = ui.snapshot.input;
  std::vector<Window> regions;
  for (const Window& region : ui.state.labs.occlusion.regions) {
    if (fits(input, region)) regions.push_back(region);
  }
  if (regions.empty()) {
    for (const int i : {0, 4, 1}) regions.push_back(preset_region(input, kPresets[static_cast<std::size_t>(i)]));
  }
  return regions;
}

int class_of(const Context& ui) {
  const int chosen = ui.state.labs.occlusion.class_index;
  return chosen >= 0 ? chosen : std::max(0, ui.snapshot.image_label);
}

void add_region(const Context& ui, const Window& region) {
  std::vector<Window> regions = regions_of(ui);
  if (regions.size() >= kMostRegions || std::find(regions.begin(), regions.end(), region) != regions.end()) return;
  regions.push_back(region);
  ui.state.labs.occlusion.regions = std::move(regions);
}

void draw_fields(const Context& ui) {
  static constexpr std::array<double, 5> kCounts = {2, 5, 10, 20, 50};
  OcclusionState& state = ui.state.labs.occlusion;
  std::vector<Choice> classes;
  for (int i = 0; i < static_cast<int>(ui.snapshot.class_names.size()); ++i)
    classes.push_back({std::to_string(i), class_phrase(ui.snapshot, i)});
  flow(110, 14);
  if (const auto chosen =
          choice_field(ui, "correspondence.class", nullptr, classes, std::to_string(class_of(ui)), 104, "Images of which class.")) {
    state.class_index = std::stoi(*chosen);
  }
  flow(120, 8);
  if (const auto images = number_field(ui, {.name = "correspondence.images",
                                            .label = nullptr,
                                            .value = static_cast<double>(state.images),
                                            .low = 2,
                                            .high = 50,
                                            .whole = true,
                                            .width = 60,
                                            .explanation = "How many: the first ones of the class among the held-out images.",
                                            .choices = kCounts})) {
    state.images = static_cast<int>(*images);
  }
  ImGui::SameLine(0, 5);
  ImGui::AlignTextToFramePadding();
  small_text(ui, "images");
  draw_occluder_colors(ui);
}

Window between(int y0, int x0, int y1, int x1) {
  return {std::min(y0, y1), std::min(x0, x1), std::abs(y1 - y0) + 1, std::abs(x1 - x0) + 1};
}

/// Turns a drag over the picture at `low`, the last item, into the region to add.
void follow_drag(const Context& ui, ImVec2 low, ImVec2 size) {
  if (!ImGui::IsItemActive()) return;
  keep_touch();
  const nn::Shape& input = ui.snapshot.input;
  const auto texel = [](float offset, float extent, int count) {
    return std::clamp(static_cast<int>(offset / extent * static_cast<float>(count)), 0, count - 1);
  };
  const ImVec2 from = ImGui::GetIO().MouseClickedPos[0], to = ImGui::GetMousePos();
  const Window drawn = between(texel(from.y - low.y, size.y, input.height), texel(from.x - low.x, size.x, input.width),
                               texel(to.y - low.y, size.y, input.height), texel(to.x - low.x, size.x, input.width));
  ui.state.labs.occlusion.draft = drawn.height * drawn.width > 1 ? drawn : Window{};  // a mere click takes it away
}

void outline(const nn::Shape& input, const Window& region, ImVec2 low, ImVec2 size, ImU32 color, float thickness) {
  const ImVec2 texel(size.x / static_cast<float>(input.width), size.y / static_cast<float>(input.height));
  ImGui::GetWindowDrawList()->AddRect(
      {low.x + texel.x * static_cast<float>(region.left), low.y + texel.y * static_cast<float>(region.top)},
      {low.x + texel.x * static_cast<float>(region.left + region.width),
       low.y + texel.y * static_cast<float>(region.top + region.height)},
      color, 0, 0, thickness);
}

/// The current image with the regions on it, to draw another one.
void draw_canvas(const Context& ui, float side) {
  const nn::Shape& input = ui.snapshot.input;
  if (ui.snapshot.image.size() != input.size()) return;
  const ImVec2 size = picture_size(ui, side, input.width, input.height);
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  ImGui::InvisibleButton("canvas", size);
  ui.mark("correspondence.canvas", low, {low.x + size.x, low.y + size.y});
  follow_drag(ui, low, size);
  tooltip("Drag a rectangle over the part to mask, then add it.");
  draw_picture(ui, make_picture(ui, ui.snapshot.image, input.width, input.height, image_style(ui)), low,
               {low.x + size.x, low.y + size.y});
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {low.x + size.x + 0.5f, low.y + size.y + 0.5f},
                                      ui.theme.border);
  const std::vector<Window> regions = regions_of(ui);
  for (std::size_t i = 0; i < regions.size(); ++i) outline(input, regions[i], low, size, series_color(ui.theme, i), 2);
  const Window& draft = ui.state.labs.occlusion.draft;
  if (fits(input, draft)) outline(input, draft, low, size, ui.theme.selected, 3);
}

void draw_region_buttons(const Context& ui) {
  const nn::Shape& input = ui.snapshot.input;
  OcclusionState& state = ui.state.labs.occlusion;
  const std::vector<Window> regions = regions_of(ui);
  const bool full = regions.size() >= kMostRegions;
  const bool drawn = fits(input, state.draft);
  ImGui::BeginDisabled(!drawn || full);
  const std::string label = drawn ? print("Add %d×%d", state.draft.height, state.draft.width) : std::string("Add region");
  if (button(ui, "correspondence.add", label.c_str(), {100, 0}, drawn ? ButtonLook::kPrimary : ButtonLook::kPlain,
             "Adds the rectangle that was drawn on the image as a row of the table, up to six.")) {
    add_region(ui, state.draft);
    state.draft = {};
  }
  ImGui::EndDisabled();
  ImGui::BeginDisabled(full);
  for (const Preset& preset : kPresets) {
    const Window region = preset_region(input, preset);
    if (std::find(regions.begin(), regions.end(), region) != regions.end()) continue;
    flow(text_width(preset.label) + 16, 4);
    if (button(ui, print("correspondence.%s", preset.word).c_str(), preset.label, {0, 0}, ButtonLook::kPlain,
               print("Adds %d×%d pixels from y %d, x %d.", region.height, region.width, region.top, region.left).c_str())) {
      add_region(ui, region);
    }
  }
  ImGui::EndDisabled();
  if (full) small_text(ui, "Six regions are the most: take one away first.");
}

/// Where the columns of the table are, from the left edge of its window.
struct Columns {
  float name = 0, first = 0, pitch = 0;
  float x(std::size_t layer) const { return first + pitch * static_cast<float>(layer); }
};

/// A number with its place between 0 and `longest` as a bar, the random draws' mean as a line in it, and their numbers below.
void draw_delta(const Context& ui, float width, double delta, double mean, double deviation, double longest) {
  const bool known = std::isfinite(delta) && std::isfinite(mean);
  const bool lower = known && delta < mean - 2 * deviation;
  ImGui::BeginGroup();
  colored_text(lower ? ui.theme.good : ui.theme.text, std::isfinite(delta) ? print("%.3f", delta) : std::string("—"));
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float length = width - 24;
  ImGui::Dummy({length, 6});
  small_text(ui, !known ? std::string("—") : std::isfinite(deviation) ? print("%.3f ± %.3f", mean, deviation) : print("%.3f", mean));
  ImGui::EndGroup();
  if (!known) return;
  const auto x = [&](double v) { return low.x + length * static_cast<float>(std::clamp(v / longest, 0.0, 1.0)); };
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled({low.x, low.y}, {low.x + length, low.y + 5}, ui.theme.faint, 2);
  draw->AddRectFilled({low.x, low.y}, {x(delta), low.y + 5}, lower ? ui.theme.good : ui.theme.muted, 2);
  draw->AddLine({x(mean), low.y - 2}, {x(mean), low.y + 7}, ui.theme.selected, 2);
  tooltip(print("Δ = %.4f; at random places %.4f ± %.4f. %s", delta, mean, deviation,
                lower ? "Lower than at random places by more than two deviations." : "Not lower than at random places by more than two deviations.")
              .c_str());
}

bool is_whole(const CorrespondenceResult& r) {
  const std::size_t layers = r.layers.size(), all = layers * r.regions.size();
  const bool one_for_all = r.random_mean.size() == layers;
  return layers > 0 && r.delta.size() == all && (one_for_all || r.random_mean.size() == all) &&
         r.random_deviation.size() == r.random_mean.size();
}

/// Where a region's random draws are: [region][layer], or [layer] where they are the same for all regions.
std::size_t random_index(const CorrespondenceResult& r, std::size_t region, std::size_t layer) {
  return r.random_mean.size() == r.layers.size() ? layer : region * r.layers.size() + layer;
}

/// The longest Δ, so that all bars have one scale.
double longest_of(const CorrespondenceResult& r) {
  double longest = 0;
  for (const auto* values : {&r.delta, &r.random_mean}) {
    for (const double v : *values) longest = std::isfinite(v) ? std::max(longest, v) : longest;
  }
  return longest > 0 ? longest : 1;
}

void draw_head(const Context& ui, const CorrespondenceResult& r, const Columns& columns) {
  ImGui::SetCursorPosX(columns.name);
  small_text(ui, "masked part");
  ImGui::SameLine(0, 4);
  ImGui::PushFont(ui.fonts.small);
  info(ui, kText);
  ImGui::PopFont();
  for (std::size_t layer = 0; layer < r.layers.size(); ++layer) {
    ImGui::SameLine(columns.x(layer));
    small_text(ui, "Δ " + r.layers[layer]);
  }
}

/// Takes a region away; -1: none.
int draw_rows(const Context& ui, const CorrespondenceResult& r, const Columns& columns, double longest) {
  int removed = -1;
  const std::size_t layers = r.layers.size();
  for (std::size_t region = 0; region < r.regions.size(); ++region) {
    ImGui::SetCursorPosX(columns.name);
    ImGui::BeginGroup();
    curve_name(ui, series_color(ui.theme, region), name_of(r.input, r.regions[region]));
    tooltip(print("%d×%d pixels from y %d, x %d", r.regions[region].height, r.regions[region].width, r.regions[region].top,
                  r.regions[region].left)
                .c_str());
    ImGui::EndGroup();
    ui.mark(print("correspondence.row.%d", static_cast<int>(region)));
    for (std::size_t layer = 0; layer < layers; ++layer) {
      ImGui::SameLine(columns.x(layer));
      const std::size_t random = random_index(r, region, layer);
      draw_delta(ui, columns.pitch, r.delta[region * layers + layer], r.random_mean[random], r.random_deviation[random], longest);
    }
    if (r.regions.size() > 1) {
      ImGui::SameLine(columns.x(layers));
      if (button(ui, print("correspondence.remove.%d", static_cast<int>(region)).c_str(), "×", {24, 0}, ButtonLook::kPlain,
                 "Takes this row away.")) {
        removed = static_cast<int>(region);
      }
    }
  }
  return removed;
}

void draw_table(const Context& ui, const CorrespondenceResult& r, int draws) {
  const float room = ImGui::GetContentRegionAvail().x;
  Columns columns{.name = ImGui::GetCursorPosX(), .first = ImGui::GetCursorPosX() + 108};
  columns.pitch = std::clamp((room - 108 - 30) / static_cast<float>(r.layers.size()), 56.0f, 170.0f);
  draw_head(ui, r, columns);
  const int removed = draw_rows(ui, r, columns, longest_of(r));
  ImGui::PushTextWrapPos(0);
  small_text(ui, print("n = %d held-out images of %s, %d random draws, step %s. Under each Δ, and as a line in its bar: "
                       "at random places, mean ± deviation. Green: lower than at random places by more than two deviations.",
                       static_cast<int>(r.images.size()), class_phrase(ui.snapshot, r.class_index).c_str(), draws,
                       grouped(r.step).c_str()));
  ImGui::PopTextWrapPos();
  // The outcome may still be that of the regions before.
  std::vector<Window> regions = regions_of(ui);
  if (removed >= 0 && regions == r.regions) {
    regions.erase(regions.begin() + removed);
    ui.state.labs.occlusion.regions = std::move(regions);
  }
}

/// The images with the first region masked, as many as fit.
void draw_masked(const Context& ui, const CorrespondenceResult& r) {
  if (r.masked.size() != r.images.size() * r.input.size() || r.images.empty()) return;
  small_text(ui, print("the images, “%s” masked", r.regions.empty() ? "" : name_of(r.input, r.regions[0]).c_str()));
  const float room = ImGui::GetContentRegionAvail().x, left = ImGui::GetContentRegionAvail().y;
  const float side = ui.narrow ? 60 : std::clamp(left - 8, 44.0f, 112.0f);
  const ImVec2 size = picture_size(ui, side, r.input.width, r.input.height);
  const int columns = std::max(1, static_cast<int>((room + 6) / (size.x + 6)));
  const int rows = ui.narrow ? 3 : std::max(1, static_cast<int>((left + 6) / (size.y + 8)));
  const int count = std::min(static_cast<int>(r.images.size()), columns * rows);
  for (int i = 0; i < count; ++i) {
    if (i % columns != 0) ImGui::SameLine(0, 6);
    const auto values = part_of(r.masked, r.input.size(), static_cast<std::size_t>(i));
    const Picture picture = make_picture(ui, values, r.input.width, r.input.height, image_style(ui));
    picture_item(ui, print("correspondence.image.%d", i), picture, {0, 0, r.input.width, r.input.height}, size,
                 print("held-out image %d", r.images[static_cast<std::size_t>(i)]));
  }
  if (count < static_cast<int>(r.images.size())) {
    ImGui::SameLine(0, 6);
    small_text(ui, print("and %d more", static_cast<int>(r.images.size()) - count));
  }
}

void draw_result(const Context& ui) {
  const app::LabView* view = view_of<CorrespondenceRequest>(ui);
  const auto* result = found<CorrespondenceRequest, CorrespondenceResult>(ui);
  if (result == nullptr || !(result->input == ui.snapshot.input)) {
    if (!draw_missing(ui, view)) muted_text(ui, "is being worked out …");
    return;
  }
  if (!is_whole(*result) || result->images.size() < 2) {
    ImGui::PushTextWrapPos(0);
    muted_text(ui, print("There are fewer than two held-out images of %s here: pairs need at least two.",
                         class_phrase(ui.snapshot, result->class_index).c_str()));
    ImGui::PopTextWrapPos();
    return;
  }
  const auto* request = std::get_if<CorrespondenceRequest>(&view->outcome_request);
  draw_table(ui, *result, request != nullptr ? request->random_regions : 0);
  draw_masked(ui, *result);
}

}  // namespace

std::vector<lab::Request> correspondence_requests(const Context& ui) {
  const OcclusionState& state = ui.state.labs.occlusion;
  return {
      CorrespondenceRequest{.class_index = class_of(ui), .images = state.images, .regions = regions_of(ui), .color = state.color}};
}

void draw_correspondence(const Context& ui) {
  draw_fields(ui);
  const auto* result = found<CorrespondenceRequest, CorrespondenceResult>(ui);
  if (result != nullptr) {
    flow(200, 14);
    ImGui::AlignTextToFramePadding();
    draw_age(ui, view_of<CorrespondenceRequest>(ui), result->step);
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float left = ui.narrow ? room.x : std::clamp(room.x * 0.28f, 260.0f, 360.0f);
  begin_part("correspondence.parts", {left, ui.narrow ? 0.0f : room.y});
  small_text(ui, "drag a part to mask");
  draw_canvas(ui, std::min(left - 4, ui.narrow ? 224.0f : room.y - 130));
  draw_region_buttons(ui);
  end_part();
  if (!ui.narrow) ImGui::SameLine(0, 16);
  begin_part("correspondence.result", {0, ui.narrow ? 0.0f : room.y});
  draw_result(ui);
  end_part();
}

}  // namespace lenet::ui
