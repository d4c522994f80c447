// The Occlusion lab: a square over every place of the image, and what the network makes of it. Its other half, whether hiding the
// same part changes different images alike, is in lab_correspondence.cpp.
#include "ui/lab_occlusion.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::OccluderColor;
using lab::OcclusionRequest;
using lab::OcclusionResult;

/// The five pictures of a result, left to right as in the paper's figure.
enum Kind { kImage, kProbability, kClasses, kActivity, kProjection, kKinds };

/// A position of the square, by row and column of the maps.
struct Place {
  int row = -1, column = -1;
  bool valid() const { return row >= 0; }
};

/// Where the pictures are on screen, to mark a position in all of them.
struct Frames {
  std::array<ImVec2, kKinds> low = {};
  std::array<bool, kKinds> there = {};
  ImVec2 size;
};

std::size_t index_of(const OcclusionResult& r, Place place) {
  return static_cast<std::size_t>(place.row) * static_cast<std::size_t>(r.columns) + static_cast<std::size_t>(place.column);
}

std::string map_name(const OcclusionResult& r) { return print("%s map %d", r.layer.c_str(), r.map); }

std::string probability_name(const Context& ui, const OcclusionResult& r) {
  return "p(" + class_name(ui.snapshot, r.class_index) + ")";
}

/// Where covering costs the class most.
Place lowest(const OcclusionResult& r) {
  const auto least = std::min_element(r.probability.begin(), r.probability.end());
  const int at = static_cast<int>(least - r.probability.begin());
  return {at / r.columns, at % r.columns};
}

/// The position whose cell of the picture the pointer is in, of the last item.
Place under_pointer(const OcclusionResult& r, ImVec2 low, ImVec2 size) {
  const ImVec2 mouse = ImGui::GetMousePos();
  const auto at = [](float offset, float length, int texels, int stride, int count) {
    const int texel = static_cast<int>(offset / length * static_cast<float>(texels));
    return std::clamp(texel / std::max(1, stride), 0, count - 1);
  };
  return {at(mouse.y - low.y, size.y, r.input.height, r.stride, r.rows),
          at(mouse.x - low.x, size.x, r.input.width, r.stride, r.columns)};
}

/// A map's cells are as large as the stride, so the last ones may reach over the image; they are cut there.
void draw_map(const Context& ui, const OcclusionResult& r, std::span<const float> values, float scale, ImVec2 low, ImVec2 size) {
  const Picture picture = make_picture(ui, values, r.columns, r.rows, {ui.state.palette, scale});
  const ImVec2 cell(size.x * static_cast<float>(r.stride) / static_cast<float>(r.input.width),
                    size.y * static_cast<float>(r.stride) / static_cast<float>(r.input.height));
  ImGui::PushClipRect(low, {low.x + size.x, low.y + size.y}, true);
  draw_picture(ui, picture, low, {low.x + cell.x * static_cast<float>(r.columns), low.y + cell.y * static_cast<float>(r.rows)});
  ImGui::PopClipRect();
}

/// Full colour of the activity and of the projection.
float shown_scale(const Context& ui, const OcclusionResult& r, Kind kind) {
  const std::vector<float>& values = kind == kActivity ? r.activity : r.projection;
  return held_scale(ui, print("occlusion/%d/%s/%d", static_cast<int>(kind), r.layer.c_str(), ui.snapshot.image_index), scale_of(values));
}

void draw_class_map(const OcclusionResult& r, ImVec2 low, ImVec2 size) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const ImVec2 texel(size.x / static_cast<float>(r.input.width), size.y / static_cast<float>(r.input.height));
  for (int row = 0; row < r.rows; ++row) {
    for (int column = 0; column < r.columns; ++column) {
      const float left = low.x + texel.x * static_cast<float>(column * r.stride),
                  top = low.y + texel.y * static_cast<float>(row * r.stride);
      const float right = std::min(left + texel.x * static_cast<float>(r.stride), low.x + size.x);
      const float bottom = std::min(top + texel.y * static_cast<float>(r.stride), low.y + size.y);
      draw->AddRectFilled({left, top}, {right, bottom}, class_color(r.most_probable[index_of(r, {row, column})]));
    }
  }
}

/// The classes that occur, as squares in their colours with their names.
void draw_class_legend(const Context& ui, const OcclusionResult& r, float width) {
  std::array<int, 256> counts{};  // a class has a number of one byte
  for (const int c : r.most_probable) ++counts[static_cast<std::size_t>(std::clamp(c, 0, 255))];
  const float right = ImGui::GetCursorScreenPos().x + width;
  ImGui::PushFont(ui.fonts.small);
  bool first = true;
  for (int i = 0; i < static_cast<int>(counts.size()); ++i) {
    if (counts[static_cast<std::size_t>(i)] == 0) continue;
    const std::string name = class_name(ui.snapshot, i);
    if (!first && ImGui::GetItemRectMax().x + 8 + 15 + text_width(name) <= right) ImGui::SameLine(0, 8);
    first = false;
    ImGui::BeginGroup();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float middle = at.y + ImGui::GetFontSize() / 2;
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, middle - 5}, {at.x + 10, middle + 5}, class_color(i), 2);
    ImGui::Dummy({11, ImGui::GetFontSize()});
    ImGui::SameLine(0, 4);
    muted_text(ui, name);
    ImGui::EndGroup();
    tooltip(print("%d of %d positions", counts[static_cast<std::size_t>(i)], r.rows * r.columns).c_str());
  }
  ImGui::PopFont();
}

const char* explanation(Kind kind) {
  switch (kind) {
    case kImage: return "The image as the network sees it, nothing covered.";
    case kProbability:
      return "The probability of the image's class when the square's centre is at that place. Where it is low, something that the class needs was "
             "covered; the square itself is new to the network, too.";
    case kClasses: return "The class that is most probable when the square's centre is at that place.";
    case kActivity:
      return "The sum over the map that answers most strongly to the uncovered image, when the square's centre is at that place: Σ a(y, x). "
             "Where it falls, the square hides what the map answers to.";
    default:
      return "What that map's strongest activation is sent back to by the deconvnet, from the uncovered image. If the map's activity falls where "
             "this shows something, that speaks for the projection.";
  }
}

std::string title_of(const Context& ui, const OcclusionResult& r, Kind kind) {
  switch (kind) {
    case kImage: return "the image";
    case kProbability: return probability_name(ui, r) + " with the square there";
    case kClasses: return "most probable class";
    case kActivity: return r.layer.empty() ? "activity" : "activity of " + map_name(r);
    default: return r.layer.empty() ? "projection" : map_name(r) + ", projected";
  }
}

const char* name_of(Kind kind) {
  static constexpr std::array<const char*, kKinds> kNames = {"image", "probability", "classes", "activity", "projection"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// The picture itself; false where there is none.
bool draw_content(const Context& ui, const OcclusionResult& r, Kind kind, ImVec2 low, ImVec2 size) {
  const ImVec2 high(low.x + size.x, low.y + size.y);
  const bool needs_map = kind == kActivity || kind == kProjection;
  if (needs_map && (r.layer.empty() || r.map < 0 || r.activity.empty())) {
    const char* text = r.layer.empty() ? "no conv layer" : "every map is 0";
    const ImVec2 wide = ImGui::CalcTextSize(text);
    ImGui::GetWindowDrawList()->AddRectFilled(low, high, ui.theme.faint);
    ImGui::GetWindowDrawList()->AddText({(low.x + high.x - wide.x) / 2, (low.y + high.y - wide.y) / 2}, ui.theme.muted, text);
    return false;
  }
  switch (kind) {
    case kImage: draw_picture(ui, make_picture(ui, r.image, r.input.width, r.input.height, image_style(ui)), low, high); break;
    case kProbability: draw_map(ui, r, r.probability, 1, low, size); break;
    case kClasses: draw_class_map(r, low, size); break;
    case kActivity: draw_map(ui, r, r.activity, shown_scale(ui, r, kind), low, size); break;
    default:
      draw_picture(ui,
                   make_picture(ui, r.projection, r.input.width, r.input.height, signed_image_style(ui, shown_scale(ui, r, kind))),
                   low, high);
  }
  return true;
}

void draw_key(const Context& ui, const OcclusionResult& r, Kind kind, float width) {
  switch (kind) {
    case kImage: small_text(ui, std::string(r.labelled ? "true class " : "most probable class ") + class_name(ui.snapshot, r.class_index)); break;
    case kProbability: legend(ui, 1, false, width * 0.4f); break;
    case kClasses: draw_class_legend(ui, r, width); break;
    case kActivity: {
      const bool negative = std::any_of(r.activity.begin(), r.activity.end(), [](float v) { return v < 0; });
      legend(ui, shown_scale(ui, r, kind), negative, width * 0.4f);
      break;
    }
    default: legend(ui, shown_scale(ui, r, kind), true, width * 0.4f, r.input.channels == 3);
  }
}

/// One picture with its title above and its key below. Returns the position under the pointer.
Place draw_one(const Context& ui, const OcclusionResult& r, Kind kind, float pitch, Frames& frames) {
  Place hovered;
  ImGui::BeginGroup();
  small_text(ui, title_of(ui, r, kind));
  tooltip(explanation(kind));
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  ImGui::PushID(kind);
  ImGui::InvisibleButton("picture", frames.size);
  ImGui::PopID();
  const ImVec2 high(low.x + frames.size.x, low.y + frames.size.y);
  const float scale = kind == kActivity || kind == kProjection ? shown_scale(ui, r, kind) : 1;
  ui.mark(std::string("occlusion.") + name_of(kind), low, high, scale);
  if (ImGui::IsItemHovered()) hovered = under_pointer(r, low, frames.size);
  const bool there = draw_content(ui, r, kind, low, frames.size);
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {high.x + 0.5f, high.y + 0.5f}, ui.theme.border);
  frames.low[kind] = low;
  frames.there[kind] = there;
  if (there) draw_key(ui, r, kind, frames.size.x);
  ImGui::Dummy({pitch - 1, 0});
  ImGui::EndGroup();
  return hovered;
}

struct Square {
  ImVec2 low, high;
};

/// The square at a position, clipped to the image, in a picture of the image at `low`.
Square square_at(const OcclusionResult& r, Place place, ImVec2 low, ImVec2 size) {
  const auto part = [](int from, int length, int limit, float extent) {
    const float texel = extent / static_cast<float>(limit);
    return std::pair{texel * static_cast<float>(std::clamp(from, 0, limit)),
                     texel * static_cast<float>(std::clamp(from + length, 0, limit))};
  };
  const auto [top, bottom] = part(place.row * r.stride - r.size / 2, r.size, r.input.height, size.y);
  const auto [left, right] = part(place.column * r.stride - r.size / 2, r.size, r.input.width, size.x);
  return {{low.x + left, low.y + top}, {low.x + right, low.y + bottom}};
}

/// The square's outline on the image and the projection, its centre's cell in the maps.
void mark_position(const Context& ui, const OcclusionResult& r, Place place, const Frames& frames) {
  const ImVec2 texel(frames.size.x / static_cast<float>(r.input.width), frames.size.y / static_cast<float>(r.input.height));
  for (int kind = 0; kind < kKinds; ++kind) {
    if (!frames.there[static_cast<std::size_t>(kind)]) continue;
    const ImVec2 low = frames.low[static_cast<std::size_t>(kind)];
    Square square = square_at(r, place, low, frames.size);
    if (kind == kProbability || kind == kClasses || kind == kActivity) {
      const ImVec2 corner(low.x + texel.x * static_cast<float>(place.column * r.stride),
                          low.y + texel.y * static_cast<float>(place.row * r.stride));
      square = {corner, {corner.x + texel.x * static_cast<float>(r.stride), corner.y + texel.y * static_cast<float>(r.stride)}};
    }
    ImGui::GetWindowDrawList()->AddRect(square.low, square.high, ui.theme.selected, 0, 0, 2);
  }
}

ImU32 fill_color(const OcclusionResult& r) {
  const auto part = [&](std::size_t channel) {
    const float v = r.fill.empty() ? 0 : r.fill[r.fill.size() == 3 ? channel : 0];
    return static_cast<int>(std::clamp(v, 0.0f, 1.0f) * 255 + 0.5f);
  };
  return IM_COL32(part(0), part(1), part(2), 255);
}

/// The image with the square on it, and what the network says to that.
void draw_covered(const Context& ui, const OcclusionResult& r, Place place, bool hovered, float side) {
  const ImVec2 size = picture_size(ui, side, r.input.width, r.input.height);
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos()), high(low.x + size.x, low.y + size.y);
  ImGui::Dummy(size);
  ui.mark("occlusion.covered", low, high);
  draw_picture(ui, make_picture(ui, r.image, r.input.width, r.input.height, image_style(ui)), low, high);
  const Square square = square_at(r, place, low, size);
  ImGui::GetWindowDrawList()->AddRectFilled(square.low, square.high, fill_color(r));
  ImGui::GetWindowDrawList()->AddRect(square.low, square.high, ui.theme.selected, 0, 0, 2);
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {high.x + 0.5f, high.y + 0.5f}, ui.theme.border);
  if (!ui.narrow || ImGui::GetContentRegionAvail().x > side + 250) ImGui::SameLine(0, 16);

  const std::size_t at = index_of(r, place);
  ImGui::BeginGroup();
  colored_text(ui.theme.selected,
               print("Square of %d×%d, centre at y %d, x %d", r.size, r.size, place.row * r.stride, place.column * r.stride));
  small_text(ui, hovered ? "the position under the pointer" : "where covering costs most; point at a map to see another position");
  const std::string p = probability_name(ui, r);
  ImGui::TextUnformatted((p + " = " + percent(r.probability[at], 1)).c_str());
  small_text_beside(ui, "uncovered " + percent(r.plain_probability, 1), 8);
  ImGui::TextUnformatted(("most probable: " + class_phrase(ui.snapshot, r.most_probable[at])).c_str());
  small_text_beside(ui, "uncovered " + class_phrase(ui.snapshot, r.plain_class), 8);
  if (at < r.activity.size() && r.map >= 0) {
    ImGui::TextUnformatted(("activity of " + map_name(r) + ": " + number(r.activity[at])).c_str());
    small_text_beside(ui, "uncovered " + number(r.plain_activity), 8);
  }
  const auto wrong = std::count_if(r.most_probable.begin(), r.most_probable.end(), [&](int c) { return c != r.class_index; });
  small_text(ui, print("%s is most probable at %d of %d positions", class_phrase(ui.snapshot, r.class_index).c_str(),
                       r.rows * r.columns - static_cast<int>(wrong), r.rows * r.columns));
  ImGui::EndGroup();
}

bool is_whole(const OcclusionResult& r) {
  const std::size_t count = static_cast<std::size_t>(r.rows) * static_cast<std::size_t>(r.columns);
  return count > 0 && r.probability.size() == count && r.most_probable.size() == count;
}

void draw_maps(const Context& ui, const OcclusionResult& r) {
  constexpr float kBetween = 14;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const int columns = ui.narrow ? (room.x > 700 ? 3 : 2) : kKinds;
  const float pitch = std::floor((room.x - kBetween * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const float line = ImGui::GetTextLineHeightWithSpacing();
  // What is beneath, the covered image, is to have no less than a third of the height.
  const float tallest = ui.narrow ? 2000 : std::max(120.0f, room.y * 0.66f - 3 * line);
  Frames frames{.size = picture_size(ui, std::min(pitch, tallest), r.input.width, r.input.height)};
  Place hovered;
  for (int kind = 0; kind < kKinds; ++kind) {
    if (kind % columns != 0) ImGui::SameLine(0, kBetween);
    const Place place = draw_one(ui, r, static_cast<Kind>(kind), pitch, frames);
    if (place.valid()) hovered = place;
  }
  const Place shown = hovered.valid() ? hovered : lowest(r);
  mark_position(ui, r, shown, frames);
  if (hovered.valid()) {
    const std::size_t at = index_of(r, shown);
    ImGui::SetTooltip(
        "%s", print("y %d, x %d\n%s = %s\n%s", shown.row * r.stride, shown.column * r.stride, probability_name(ui, r).c_str(),
                    percent(r.probability[at], 1).c_str(), class_phrase(ui.snapshot, r.most_probable[at]).c_str())
                  .c_str());
  }
  const float left = ImGui::GetContentRegionAvail().y;
  draw_covered(ui, r, shown, hovered.valid(), ui.narrow ? 168 : std::max(84.0f, std::min(left - 4, frames.size.y)));
}

void draw_square_fields(const Context& ui) {
  static constexpr std::array<const char*, 3> kStrides = {"1", "2", "4"};
  static constexpr std::array<double, 7> kSizes = {1, 3, 5, 7, 9, 11, 14};
  OcclusionState& state = ui.state.labs.occlusion;
  const int longest = std::max(1, std::min(ui.snapshot.input.height, ui.snapshot.input.width));
  flow(110, 14);
  ImGui::AlignTextToFramePadding();
  small_text(ui, "square");
  ImGui::SameLine(0, 5);
  if (const auto size = number_field(ui, {.name = "occlusion.size",
                                          .label = nullptr,
                                          .value = static_cast<double>(state.size),
                                          .low = 1,
                                          .high = static_cast<double>(longest),
                                          .whole = true,
                                          .width = 60,
                                          .explanation = "Side of the square, in pixels.",
                                          .choices = kSizes})) {
    state.size = static_cast<int>(*size);
  }
  flow(140, 14);
  ImGui::AlignTextToFramePadding();
  small_text(ui, "stride");
  tooltip("Pixels from one position of the square to the next.");
  ImGui::SameLine(0, 5);
  const int stride = state.stride == 4 ? 2 : state.stride == 2 ? 1 : 0;
  const int clicked = segmented(ui, "occlusion.stride", kStrides, kStrides, stride, 90);
  if (clicked >= 0) state.stride = 1 << clicked;
}

}  // namespace

void draw_occluder_colors(const Context& ui) {
  static constexpr std::array<const char*, 3> kLabels = {"Grey", "Black", "Mean"};
  static constexpr std::array<const char*, 3> kParts = {"grey", "black", "mean"};
  OcclusionState& state = ui.state.labs.occlusion;
  flow(190, 14);
  const int color = segmented(ui, "occlusion.color", kLabels, kParts, static_cast<int>(state.color), 168);
  if (color >= 0) state.color = static_cast<OccluderColor>(color);
  ImGui::SameLine(0, 5);
  ImGui::AlignTextToFramePadding();
  info(ui,
       "What the covered part is filled with: grey (0.5), black (0) or the mean of the image's own pixels. On MNIST black is the "
       "background, so a black square erases a stroke where a grey one draws something new. The paper used grey.");
}

std::vector<lab::Request> occlusion_requests(const Context& ui) {
  const OcclusionState& state = ui.state.labs.occlusion;
  if (state.correspondence) return correspondence_requests(ui);
  const int longest = std::max(1, std::min(ui.snapshot.input.height, ui.snapshot.input.width));
  return {OcclusionRequest{shown_image(ui), std::min(state.size, longest), state.stride, state.color}};
}

void draw_occlusion_lab(const Context& ui, ImVec2) {
  static constexpr std::array<const char*, 2> kLabels = {"Occlusion", "Correspondence"};
  static constexpr std::array<const char*, 2> kParts = {"maps", "correspondence"};
  OcclusionState& state = ui.state.labs.occlusion;
  const int clicked = segmented(ui, "occlusion.show", kLabels, kParts, state.correspondence ? 1 : 0, 270);
  if (clicked >= 0) state.correspondence = clicked == 1;
  if (state.correspondence) {
    draw_correspondence(ui);
    return;
  }
  draw_square_fields(ui);
  draw_occluder_colors(ui);
  const app::LabView* view = view_of<OcclusionRequest>(ui);
  const OcclusionResult* result = found<OcclusionRequest, OcclusionResult>(ui);
  if (result == nullptr || !is_whole(*result) || result->input.channels != ui.snapshot.input.channels) {
    if (!draw_missing(ui, view)) muted_text(ui, "is being worked out …");
    return;
  }
  flow(200, 14);
  ImGui::AlignTextToFramePadding();
  draw_age(ui, view, result->step);
  draw_maps(ui, *result);
}

}  // namespace lenet::ui
