// The pictures of the Look closer lab: where the kernel stands, patch × kernel = product, the map, and the sum as an equation.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_closer.h"
#include "ui/lab_parts.h"
#include "ui/layers.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::CloserResult;
using lab::Window;

constexpr float kOperator = 30;  // room of "×" and "="
constexpr float kGapBetween = 22;

/// The values that get the full colour.
struct PictureScales {
  float source = 1, kernel = 1, product = 1, map = 1;
};

/// The largest product that the kernel could meet anywhere on the source, so that no cell changes the scale.
float largest_product(const CloserResult& result) {
  const std::size_t channels = static_cast<std::size_t>(result.source_shape.channels);
  const std::size_t area = result.source_values.size() / channels, kernel = result.kernel.size() / channels;
  float largest = 0;
  const auto size = [](std::span<const float> values) {
    return std::any_of(values.begin(), values.end(), [](float v) { return v != 0; }) ? scale_of(values) : 0.0f;
  };
  for (std::size_t channel = 0; channel < channels; ++channel) {
    largest = std::max(largest, size(part_of(result.source_values, area, channel)) * size(part_of(result.kernel, kernel, channel)));
  }
  return largest > 0 ? largest : 1.0f;
}

/// Held while the past is shown, so that what is weaker there looks weaker.
PictureScales scales_of(const Context& ui, const CloserResult& result) {
  const auto held = [&](const char* what, float now) {
    return held_scale(ui, print("closer/%s/%s/%d", what, result.unit.layer.c_str(), result.unit.unit), now);
  };
  return {result.source.empty() ? 1.0f : held("source", scale_of(result.source_values)), held("kernel", scale_of(result.kernel)),
          held("product", largest_product(result)), held("map", scale_of(result.sums))};
}

/// Pixels are grey; activations and weights have the palette.
gfx::TileStyle source_style(const Context& ui, const CloserResult& result, float scale) {
  return {result.source.empty() ? gfx::Palette::kGrey : ui.state.palette, scale};
}

std::string channel_name(const CloserResult& result, int channel) {
  static constexpr std::array<const char*, 3> kColors = {"red", "green", "blue"};
  if (!result.source.empty()) return print("%s map %d", result.source.c_str(), channel);
  return result.source_shape.channels == 3 ? kColors[static_cast<std::size_t>(channel)] : "the image";
}

/// Square cells with a title above them. Leaves the cursor below.
void draw_cells(const Context& ui, const std::string& name, const std::string& title, const Picture& picture, float side,
                const char* explanation) {
  small_text(ui, title);
  tooltip(explanation);
  whole_picture(ui, "closer." + name, picture, side, title);
  const ImVec2 low = ImGui::GetItemRectMin();
  if (ui.state.labs.closer.numbers)
    draw_cell_numbers(ui, picture, low, ImGui::GetItemRectSize().x / static_cast<float>(std::max(1, picture.width)));
}

void draw_operator(const Context& ui, const char* text, float side) {
  ImGui::SameLine(0, 0);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(ui.fonts.title);
  const ImVec2 size = ImGui::CalcTextSize(text);
  ImGui::GetWindowDrawList()->AddText(
      {at.x + (kOperator - size.x) / 2, at.y + ui.fonts.small->FontSize * ImGui::GetIO().FontGlobalScale + (side - size.y) / 2},
      ui.theme.muted, text);
  ImGui::PopFont();
  ImGui::Dummy({kOperator, 1});
  ImGui::SameLine(0, 0);
}

/// The cells that lie in the padding, where there is nothing to read.
void hatch_padding(const Context& ui, const Closer& closer, ImVec2 low, float cell) {
  const Window& window = closer.sum.window;
  const ImU32 line = (ui.theme.muted & ~IM_COL32_A_MASK) | (150u << IM_COL32_A_SHIFT);
  for (int y = 0; y < window.height; ++y)
    for (int x = 0; x < window.width; ++x) {
      if (lab::is_inside(closer.result.source_shape, {closer.channel, window.top + y, window.left + x})) continue;
      const ImVec2 at(low.x + cell * static_cast<float>(x), low.y + cell * static_cast<float>(y));
      ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + cell, at.y + cell}, ui.theme.faint);
      ImGui::GetWindowDrawList()->AddLine({at.x, at.y + cell}, {at.x + cell, at.y}, line);
    }
}

/// What the layer reads, its padding around it, and where the kernel stands on it. Returns the cell whose window the pointer is in the middle of.
Pointed draw_source(const Context& ui, const Closer& closer, float scale, float side) {
  const CloserResult& r = closer.result;
  const nn::Shape& shape = r.source_shape;
  const bool colors = r.source.empty() && shape.channels == 3;
  small_text(ui, colors ? std::string("the image") : channel_name(r, closer.channel));
  tooltip("What the layer reads. The frame is where the kernel stands; point at the picture to put it elsewhere.");
  const int width = shape.width + 2 * r.padding, height = shape.height + 2 * r.padding;
  const ImVec2 size = picture_size(ui, side, width, height);
  const float pixel = size.x / static_cast<float>(width);
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos()), high(low.x + size.x, low.y + size.y);
  const bool pressed = ImGui::InvisibleButton("closer.source", size);
  ui.mark("closer.source", low, high, scale);
  const bool hovered = ImGui::IsItemHovered();
  const std::size_t area = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  const Picture picture = colors ? make_picture(ui, r.source_values, shape.width, shape.height, image_style(3))
                                 : make_picture(ui, part_of(r.source_values, area, static_cast<std::size_t>(closer.channel)),
                                                shape.width, shape.height, source_style(ui, r, scale));
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float margin = pixel * static_cast<float>(r.padding);
  if (r.padding > 0) draw->AddRectFilled(low, high, ui.theme.faint);
  draw_picture(ui, picture, {low.x + margin, low.y + margin}, {high.x - margin, high.y - margin});
  draw->AddRect({low.x - 0.5f, low.y - 0.5f}, {high.x + 0.5f, high.y + 0.5f}, ui.theme.border);
  const Window& window = closer.sum.window;
  const ImVec2 at(low.x + pixel * static_cast<float>(window.left + r.padding),
                  low.y + pixel * static_cast<float>(window.top + r.padding));
  const ImVec2 end(at.x + pixel * static_cast<float>(window.width), at.y + pixel * static_cast<float>(window.height));
  draw->AddRect(at, end, ui.theme.selected, 0, 0, 2);
  ui.mark("closer.window", at, end);
  if (!hovered || r.rows * r.columns < 2) return {};
  const auto nearest = [&](float offset, int kernel, int count) {
    const float first = offset / pixel - static_cast<float>(kernel) / 2;
    return std::clamp(static_cast<int>(std::lround(first / static_cast<float>(r.stride))), 0, count - 1);
  };
  const ImVec2 mouse = ImGui::GetMousePos();
  return {{nearest(mouse.y - low.y, r.kernel_height, r.rows), nearest(mouse.x - low.x, r.kernel_width, r.columns)}, pressed};
}

/// The unit's map before or after its nonlinearity, with the cell. Returns the cell under the pointer.
Pointed draw_map(const Context& ui, const Closer& closer, const std::string& name, const std::string& title,
                 std::span<const float> values, float scale, float side, const char* explanation) {
  const CloserResult& r = closer.result;
  const Picture picture = make_picture(ui, values, r.columns, r.rows, {ui.state.palette, scale});
  small_text(ui, title);
  tooltip(explanation);
  const bool pressed = whole_picture(ui, "closer." + name, picture, side, title);
  const ImVec2 low = ImGui::GetItemRectMin(), size = ImGui::GetItemRectSize(), mouse = ImGui::GetMousePos();
  const bool hovered = ImGui::IsItemHovered();
  const float cell = size.x / static_cast<float>(std::max(1, r.columns));
  const ImVec2 at(low.x + cell * static_cast<float>(closer.cell.x), low.y + cell * static_cast<float>(closer.cell.y));
  ImGui::GetWindowDrawList()->AddRect({at.x - 1, at.y - 1}, {at.x + cell + 1, at.y + cell + 1}, ui.theme.selected, 0, 0, 2);
  ui.mark("closer." + name + ".cell", at, {at.x + cell, at.y + cell});
  if (!hovered) return {};
  return {{std::clamp(static_cast<int>((mouse.y - low.y) / cell), 0, r.rows - 1),
           std::clamp(static_cast<int>((mouse.x - low.x) / cell), 0, r.columns - 1)},
          pressed};
}

/// What all layers below let the cell see of the image.
void draw_field(const Context& ui, const Closer& closer, float side) {
  const CloserResult& r = closer.result;
  small_text(ui, "seen of the image");
  tooltip("The pixels that this cell depends on: its receptive field.");
  whole_picture(ui, "closer.image", image_picture(ui, r.image, r.input), side, "the image");
  const Window field = lab::field_of(r, closer.cell.y, closer.cell.x);
  frame_field(ui,
              {std::max(0, field.top), std::max(0, field.left), std::min(r.input.height, field.top + field.height),
               std::min(r.input.width, field.left + field.width)},
              r.input);
}

void draw_product(const Context& ui, const Closer& closer, const PictureScales& scales, float side) {
  const CloserResult& r = closer.result;
  const std::size_t area = static_cast<std::size_t>(r.kernel_height) * static_cast<std::size_t>(r.kernel_width),
                    channel = static_cast<std::size_t>(closer.channel);
  const auto picture = [&](std::span<const float> values, const gfx::TileStyle& style) {
    return make_picture(ui, part_of(values, area, channel), r.kernel_width, r.kernel_height, style);
  };
  const float height = picture_size(ui, side, r.kernel_width, r.kernel_height).y;
  ImGui::BeginGroup();
  const Window& window = closer.sum.window;
  const std::string place = r.kind == nn::LayerKind::kDense
                                ? channel_name(r, closer.channel)
                                : print("patch at y %d, x %d", window.top, window.left);
  draw_cells(ui, "patch", ui.narrow ? "patch" : place, picture(closer.sum.patch, source_style(ui, r, scales.source)), side,
             "What the kernel stands on. Hatched: the padding around the input, which counts as 0.");
  hatch_padding(ui, closer, ImGui::GetItemRectMin(), ImGui::GetItemRectSize().x / static_cast<float>(r.kernel_width));
  ImGui::EndGroup();
  draw_operator(ui, "×", height);
  ImGui::BeginGroup();
  draw_cells(ui, "kernel", "weights", picture(r.kernel, {ui.state.palette, scales.kernel}), side,
             "The unit's weights for this input channel, as the forward pass uses them: not flipped.");
  if (!ui.narrow) legend(ui, scales.kernel, true, 56);
  ImGui::EndGroup();
  draw_operator(ui, "=", height);
  ImGui::BeginGroup();
  draw_cells(ui, "product", (ui.narrow ? "Σ " : "products, sum ") + signed_number(closer.sum.channels[channel]),
             picture(closer.sum.products, {ui.state.palette, scales.product}), side,
             "Cell by cell; what they add up to is this channel's part of the sum.");
  if (!ui.narrow) legend(ui, scales.product, true, 56);
  ImGui::EndGroup();
}

void draw_step(const Context& ui, const char* sign, const char* label, const std::string& value, const char* explanation,
               const char* name) {
  ImGui::PushFont(ui.fonts.small);
  const float width = std::max(text_width(label), text_width(value) * 1.2f);
  ImGui::PopFont();
  if (*sign != '\0') {
    flow(width + text_width(sign) + 16, 8);
    labelled_value(ui, " ", sign, "");
    ImGui::SameLine(0, 8);
  }
  labelled_value(ui, label, value, explanation);
  ui.mark(name);
}

void draw_equation(const Context& ui, const Closer& closer) {
  const CloserResult& r = closer.result;
  const lab::WeightedSum& sum = closer.sum;
  const double products = sum.sum - static_cast<double>(r.bias);
  const std::string count = grouped(sum.products.size()) + " products";
  draw_step(ui, "", count.c_str(), signed_number(products, 4), "All products of all input channels, added up.", "closer.products");
  draw_step(ui, "+", "bias", signed_number(static_cast<double>(r.bias), 4), "The unit's own number, whatever it sees.",
            "closer.bias");
  const std::string about =
      print("Added up here in double precision: %s. The network adds in single precision and another order: %s.",
            number(sum.sum, 9).c_str(), number(static_cast<double>(sum.before), 9).c_str());
  draw_step(ui, "=", "sum", signed_number(sum.sum, 4), about.c_str(), "closer.sum");
  if (!r.nonlinearity) return;
  const char* const word = nonlinearity_name(r);
  const char* const text =
      *r.nonlinearity == nn::LayerKind::kRelu ? "max(0, sum): this is the cell's activation." : "The cell's activation.";
  draw_step(ui, "→", word, signed_number(static_cast<double>(sum.activation), 4), text, "closer.activation");
  if (*r.nonlinearity == nn::LayerKind::kRelu && !(sum.activation > 0) &&
      std::none_of(r.map.begin(), r.map.end(), [](float v) { return v > 0; })) {
    small_paragraph(ui, "Every sum of this unit is negative here: its whole map is 0 for this image.");
  }
}

/// Both maps of a conv layer; one where nothing follows it.
Pointed draw_maps(const Context& ui, const Closer& closer, float scale, float side) {
  const CloserResult& r = closer.result;
  const bool two = r.nonlinearity.has_value();
  ImGui::BeginGroup();
  Pointed pointed = draw_map(ui, closer, "sums", "the sums", r.sums, scale, side,
                             "The same sum at every place: the layer's output before its nonlinearity. Point at a cell to take it "
                             "apart; click to stay there.");
  if (!ui.narrow) legend(ui, scale, true, 56);
  ImGui::EndGroup();
  if (!two) return pointed;
  draw_operator(ui, "→", side);
  ImGui::BeginGroup();
  const Pointed after = draw_map(ui, closer, "map", print("the map, after %s", nonlinearity_name(r)), r.map, scale, side,
                                 "What the next layer reads. Point at a cell to take it apart; click to stay there.");
  ImGui::EndGroup();
  return after.cell.valid() ? after : pointed;
}

Pointed first_of(const Pointed& a, const Pointed& b) { return a.cell.valid() ? a : b; }

/// One channel's products and what they add.
void draw_channel(const Context& ui, const Closer& closer, int channel, float scale, ImVec2 at, float block) {
  const CloserResult& r = closer.result;
  const std::size_t area = static_cast<std::size_t>(r.kernel_height) * static_cast<std::size_t>(r.kernel_width);
  ImGui::SetCursorScreenPos(at);
  const Picture picture = make_picture(ui, part_of(closer.sum.products, area, static_cast<std::size_t>(channel)), r.kernel_width,
                                       r.kernel_height, {ui.state.palette, scale});
  if (whole_picture(ui, print("closer.channel.%d", channel), picture, block, channel_name(r, channel) + ": its products")) {
    ui.state.labs.closer.channel = channel;
    ui.state.labs.closer.layer = r.unit.layer;
  }
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const bool large = channel == closer.channel;
  if (large) ImGui::GetWindowDrawList()->AddRect({low.x - 2, low.y - 2}, {high.x + 2, high.y + 2}, ui.theme.selected, 2, 0, 2);
  ImGui::SetCursorScreenPos({at.x, high.y + 2});
  ImGui::PushFont(ui.fonts.small);
  colored_text(large ? ui.theme.selected : ui.theme.muted, print("%d", channel));
  ImGui::SameLine(0, 4);
  ImGui::TextUnformatted(signed_decimals(closer.sum.channels[static_cast<std::size_t>(channel)]).c_str());
  ImGui::PopFont();
}

Pointed draw_narrow(const Context& ui, const Closer& closer, const PictureScales& scales, float width) {
  const float half = std::floor((width - kOperator) / 2);
  ImGui::BeginGroup();
  const Pointed pointed = draw_source(ui, closer, scales.source, half);
  ImGui::EndGroup();
  if (!closer.result.source.empty()) {
    ImGui::SameLine(0, kOperator);
    ImGui::BeginGroup();
    draw_field(ui, closer, half);
    ImGui::EndGroup();
  }
  draw_product(ui, closer, scales, std::floor((width - 2 * kOperator) / 3));
  draw_equation(ui, closer);
  return first_of(pointed, draw_maps(ui, closer, scales.map, half));
}

/// Everything in a row, for room below: source · patch × weights = products · sums → map.
Pointed draw_row(const Context& ui, const Closer& closer, const PictureScales& scales, float width) {
  const float each = std::floor(std::min(200.0f, (width - 3 * kOperator - 2 * kGapBetween) / 6.25f));
  ImGui::BeginGroup();
  const Pointed pointed = draw_source(ui, closer, scales.source, 1.25f * each);
  if (!closer.result.source.empty()) draw_field(ui, closer, 0.6f * each);
  ImGui::EndGroup();
  ImGui::SameLine(0, kGapBetween);
  ImGui::BeginGroup();
  draw_product(ui, closer, scales, each);
  ImGui::Dummy({0, 2});
  draw_equation(ui, closer);
  ImGui::EndGroup();
  ImGui::SameLine(0, kGapBetween);
  return first_of(pointed, draw_maps(ui, closer, scales.map, each));
}

/// For one channel or three: larger, the maps below the products, and the channels beside them.
Pointed draw_large(const Context& ui, const Closer& closer, const PictureScales& scales, ImVec2 size) {
  const float line = ImGui::GetTextLineHeightWithSpacing(), high = size.y - 7 * line;
  const float source = std::floor(std::min(size.x * 0.3f, size.y - 2 * line)), right = size.x - source - kGapBetween;
  ImGui::BeginGroup();
  Pointed pointed = draw_source(ui, closer, scales.source, source);
  const float field = std::min(0.5f * source, size.y - source - 4 * line);
  if (!closer.result.source.empty() && field > 40) draw_field(ui, closer, field);
  ImGui::EndGroup();
  ImGui::SameLine(0, kGapBetween);
  ImGui::BeginGroup();
  draw_product(ui, closer, scales, std::floor(std::clamp(high * 0.54f, 80.0f, (right - 2 * kOperator) / 3)));
  draw_equation(ui, closer);
  ImGui::BeginGroup();
  const float map = std::floor(std::clamp(high * 0.46f, 80.0f, right * 0.3f));
  pointed = first_of(pointed, draw_maps(ui, closer, scales.map, map));
  ImGui::EndGroup();
  if (closer.result.source_shape.channels > 1) {
    ImGui::SameLine(0, kGapBetween);
    const float used = ImGui::GetItemRectSize().x + kGapBetween;
    draw_closer_channels(ui, closer, {right - used, map + line});
  }
  ImGui::EndGroup();
  return pointed;
}

}  // namespace

bool shows_channels_beside(const Closer& closer) {
  return closer.result.kind == nn::LayerKind::kConv && closer.result.source_shape.channels <= 3;
}

Pointed draw_closer_pictures(const Context& ui, const Closer& closer, ImVec2 size) {
  const PictureScales scales = scales_of(ui, closer.result);
  if (closer.result.kind == nn::LayerKind::kDense) {
    draw_product(ui, closer, scales, std::floor(std::min(size.y * 0.3f, (size.x - 2 * kOperator) / 3)));
    return {};
  }
  if (ui.narrow) return draw_narrow(ui, closer, scales, size.x);
  return shows_channels_beside(closer) ? draw_large(ui, closer, scales, size) : draw_row(ui, closer, scales, size.x);
}

void draw_closer_channels(const Context& ui, const Closer& closer, ImVec2 size) {
  constexpr float kLabel = 60, kSmallest = 26, kLargest = 110;  // "15 −0.03"; sides of a tile
  const CloserResult& r = closer.result;
  const int channels = r.source_shape.channels;
  ImGui::BeginGroup();
  small_text(ui, size.x < 420 ? std::string("what each channel adds")
                              : print("what each of the %d channels of %s adds; click one to see it large", channels,
                                      source_name(r).c_str()));
  tooltip("The products of every input channel, all on one scale, and their sum. Click one to see it large.");
  const float line = ui.fonts.small->FontSize * ImGui::GetIO().FontGlobalScale + 8;
  const float room = size.y > 0 ? std::max(60.0f, size.y - ImGui::GetItemRectSize().y - ImGui::GetStyle().ItemSpacing.y) : 0;
  const auto columns_of = [&](float b) { return std::max(1, static_cast<int>((size.x - 8) / (std::max(b, kLabel) + 8))); };
  const auto height_of = [&](float b) {
    return static_cast<float>((channels + columns_of(b) - 1) / columns_of(b)) * (b + line) + 4;
  };
  float block = kLargest;
  while (block > kSmallest && height_of(block) > (room > 0 ? room : 400.0f)) block -= 2;
  begin_part("closer.channels", {size.x, room});
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float scale = scales_of(ui, r).product, pitch = std::max(block, kLabel) + 8;
  for (int channel = 0; channel < channels; ++channel) {
    const int column = channel % columns_of(block), row = channel / columns_of(block);
    draw_channel(ui, closer, channel, scale,
                 {origin.x + 3 + pitch * static_cast<float>(column), origin.y + 3 + (block + line) * static_cast<float>(row)},
                 block);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({1, height_of(block)});
  end_part();
  ImGui::EndGroup();
}

}  // namespace lenet::ui
