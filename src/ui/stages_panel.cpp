// The network as a row of stages, one card for each layer with parameters: its weights, its activations, its state.
#include <algorithm>
#include <string>

#include "ui/format.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using app::LayerView;

/// The second click in a row on something opens it, where a teacher has not left the labs out.
bool opens_closer(const Context& ui) { return is_offered(ui, Lab::kCloser) && ImGui::GetIO().MouseClickedLastCount[ImGuiMouseButton_Left] == 2; }

void lock(const Context& ui, const LayerView& layer, int unit) {
  if (unit < 0) return;
  ui.post(app::command::LockUnit{layer.name, unit});
  if (opens_closer(ui)) open_lab(ui.state, Lab::kCloser);
}

int locked_unit(const Context& ui, const LayerView& layer) {
  return ui.snapshot.locked_layer == layer.name ? ui.snapshot.locked_unit : -1;
}

float legend_scale(const Context& ui, float layer, float all) {
  if (ui.state.scale == ScaleMode::kUnit) return 0;
  const float scale = ui.state.scale == ScaleMode::kLayer ? layer : all;
  return scale > 0 ? scale : 1.0f;
}

/// The line above a grid: what it shows, and the legend at its right end. `more` is left out where there is no room for it.
void caption(const Context& ui, const std::string& text, const std::string& more, float scale, bool is_signed,
             const char* explanation, bool color = false) {
  constexpr float kLegend = 170;
  ImGui::PushFont(ui.fonts.small);
  const bool fits = text_width(text + more) + kLegend <= ImGui::GetContentRegionAvail().x;
  muted_text(ui, fits ? text + more : text);
  tooltip(explanation);
  ImGui::PopFont();
  legend_at_right(ui, scale, is_signed, 56, color);
}

TileGrid weight_grid(const Context& ui, const LayerView& layer) {
  TileGrid grid;
  grid.kind = "tile";
  grid.layer = layer.name;
  grid.width = grid.height = layer.kernel;
  grid.values = layer.weights;
  grid.layer_scale = ui.scales.weights[index_of(ui.snapshot, layer)];
  grid.all_scale = ui.scales.all_weights;
  return grid;
}

TileGrid map_grid(const Context& ui, const LayerView& layer, const LayerView& shown) {
  TileGrid grid;
  grid.kind = "map";
  grid.layer = layer.name;
  grid.word = "map";
  grid.width = shown.output.width;
  grid.height = shown.output.height;
  grid.count = shown.output.channels;
  grid.values = shown.activation;
  grid.layer_scale = ui.scales.activations[index_of(ui.snapshot, shown)];
  grid.all_scale = ui.scales.all_activations;
  grid.selected = locked_unit(ui, layer);
  return grid;
}

/// " after ReLU, then max pool 2×2 → 20×12×12": the layers without parameters between this one and the next.
std::string what_follows(const Context& ui, const LayerView& layer) {
  const auto& layers = ui.snapshot.layers;
  std::string text;
  for (std::size_t i = index_of(ui.snapshot, layer) + 1; i < layers.size() && layers[i].group < 0; ++i) {
    if (nn::is_nonlinearity(layers[i].kind)) {
      text += (text.empty() ? " after " : ", ") + describe(layers[i]);
    } else if (layers[i].kind == nn::LayerKind::kDropout) {
      text += ", then " + describe(layers[i]);  // the shape stays
    } else {
      text += ", then " + describe(layers[i]) + " → " + nn::to_string(layers[i].output);
    }
  }
  return text;
}

/// Whether its activations cannot be negative, as those of a tanh can.
bool is_rectified(const LayerView& shown) { return shown.kind == nn::LayerKind::kRelu || shown.kind == nn::LayerKind::kSigmoid; }

/// A conv layer on one channel, or on the input's colours: each filter above the map it makes.
void draw_first_conv(const Context& ui, const LayerView& layer) {
  const LayerView& shown = shown_activation(ui.snapshot, layer);
  TileGrid filters = weight_grid(ui, layer);
  filters.color = sees_colors(ui.snapshot, layer);
  filters.count = std::min(layer.output.channels,
                           static_cast<int>(layer.weights.size() / std::max(1, layer.input.channels * layer.kernel * layer.kernel)));
  filters.selected = locked_unit(ui, layer);
  const TileGrid maps = map_grid(ui, layer, shown);
  const GridLayout cells = fit_grid(ui, ImGui::GetContentRegionAvail().x, filters, {26, 64, ui.narrow ? 2 : 1});
  GridLayout map_cells = cells;
  map_cells.width = map_cells.height = crisp_size(ui, cells.width, maps.width);

  caption(ui, print("filters %d×%d", layer.kernel, layer.kernel), filters.color ? ", as red, green and blue" : "",
          legend_scale(ui, filters.layer_scale, filters.all_scale), true,
          filters.color ? "The layer's weights: one filter a feature map, its three channels as the red, green and blue of one tile; mid "
                          "grey is 0. They are drawn as the forward pass uses them, not flipped."
                        : "The layer's weights: one filter a feature map. They are drawn as the forward pass uses them, not flipped.",
          filters.color);
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const bool one_row = cells.columns >= filters.count;
  lock(ui, layer, draw_grid(ui, filters, cells, 0, filters.count));
  mark_grid(ui, filters, cells, low);
  if (maps.values.size() < static_cast<std::size_t>(maps.count) * maps.width * maps.height) return;
  caption(ui, one_row ? "their feature maps" : "feature maps", what_follows(ui, layer),
          legend_scale(ui, maps.layer_scale, maps.all_scale), !is_rectified(shown),
          "What each filter answers to the current image. Click one to lock its unit, double-click to look closer.");
  const ImVec2 maps_low = ui.snap(ImGui::GetCursorScreenPos());
  lock(ui, layer, draw_grid(ui, maps, map_cells, 0, maps.count));
  mark_grid(ui, maps, map_cells, maps_low);
}

/// A conv layer on several channels: the kernels of one unit, and all maps.
void draw_later_conv(const Context& ui, const LayerView& layer) {
  const LayerView& shown = shown_activation(ui.snapshot, layer);
  const int unit = std::clamp(locked_unit(ui, layer), 0, std::max(0, layer.output.channels - 1));
  const std::size_t per_unit = static_cast<std::size_t>(layer.input.channels) * layer.kernel * layer.kernel;
  if (layer.weights.size() >= per_unit * (unit + 1)) {
    TileGrid kernels = weight_grid(ui, layer);
    kernels.values = kernels.values.subspan(per_unit * unit, per_unit);
    kernels.count = layer.input.channels;
    kernels.word = "kernel on input map";
    const GridLayout cells = fit_grid(ui, ImGui::GetContentRegionAvail().x, kernels, {26, 64, ui.narrow ? 2 : 1});
    caption(ui, print("%d kernels of unit %d", kernels.count, unit), ", one an input map",
            legend_scale(ui, kernels.layer_scale, kernels.all_scale), true,
            "A unit of this layer adds up one kernel over each map below it. Lock a unit by clicking its map to see its kernels; double-click a kernel to see what it adds.");
    const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
    const int clicked = draw_grid(ui, kernels, cells, 0, kernels.count);
    if (clicked >= 0 && opens_closer(ui)) look_closer(ui, layer.name, unit, clicked);
    mark_grid(ui, kernels, cells, low);
  }
  const TileGrid maps = map_grid(ui, layer, shown);
  if (maps.values.size() < static_cast<std::size_t>(maps.count) * maps.width * maps.height) return;
  const GridLayout cells = fit_grid(ui, ImGui::GetContentRegionAvail().x, maps, {20, 56, ui.height >= 960 ? 3 : 2});
  caption(ui, print("%d feature maps", maps.count), what_follows(ui, layer), legend_scale(ui, maps.layer_scale, maps.all_scale),
          !is_rectified(shown), "What each unit answers to the current image. Click one to lock its unit, double-click to look closer.");
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  lock(ui, layer, draw_grid(ui, maps, cells, 0, maps.count));
  mark_grid(ui, maps, cells, low);
}

/// Outputs as a strip: `columns` units in a line, the rest of the last line as a picture of its own.
struct Strip {
  int count, columns;
  float cell_width, cell_height;
  float scale;
};

void draw_strip_pictures(const Context& ui, std::span<const float> values, const Strip& strip, ImVec2 low) {
  const int rows = strip.count / strip.columns, rest = strip.count % strip.columns;
  const gfx::TileStyle style{ui.state.palette, strip.scale};
  const auto size = [&](int columns, int lines) {
    return ImVec2(low.x + strip.cell_width * static_cast<float>(columns), low.y + strip.cell_height * static_cast<float>(lines));
  };
  if (rows > 0)
    draw_picture(ui, make_picture(ui, values.first(static_cast<std::size_t>(rows) * strip.columns), strip.columns, rows, style),
                 low, size(strip.columns, rows));
  if (rest == 0) return;
  const ImVec2 at(low.x, low.y + strip.cell_height * static_cast<float>(rows));
  const ImVec2 end(low.x + strip.cell_width * static_cast<float>(rest), at.y + strip.cell_height);
  draw_picture(ui, make_picture(ui, values.last(rest), rest, 1, style), at, end);
}

void outline_unit(const Strip& strip, ImVec2 low, int unit, ImU32 color) {
  const ImVec2 at(low.x + strip.cell_width * static_cast<float>(unit % strip.columns),
                  low.y + strip.cell_height * static_cast<float>(unit / strip.columns));
  ImGui::GetWindowDrawList()->AddRect({at.x - 1, at.y - 1}, {at.x + strip.cell_width + 1, at.y + strip.cell_height + 1}, color, 2,
                                      0, 2);
}

/// The classes' names over the outputs' colours; digits in full size, words small, and cut where they have no room.
void draw_class_labels(const Context& ui, std::span<const float> values, const Strip& strip, ImVec2 low) {
  const bool words = longest_name(ui.snapshot) > 1;
  if (words) ImGui::PushFont(ui.fonts.small);
  for (int i = 0; i < strip.count; ++i) {
    const std::string name = shortened(class_name(ui.snapshot, i), strip.cell_width);
    const bool strong = std::abs(values[i]) > 0.4f * strip.scale;
    ImGui::GetWindowDrawList()->AddText({low.x + strip.cell_width * (static_cast<float>(i) + 0.5f) - text_width(name) / 2,
                                         low.y + (strip.cell_height - ImGui::GetFontSize()) / 2},
                                        strong ? IM_COL32_WHITE : IM_COL32(30, 36, 46, 255), name.c_str());
  }
  if (words) ImGui::PopFont();
}

void draw_dense(const Context& ui, const LayerView& layer, bool is_output) {
  const LayerView& shown = shown_activation(ui.snapshot, layer);
  const int count = std::min(unit_count(layer), static_cast<int>(shown.activation.size()));
  if (count == 0) return;
  const float available = ImGui::GetContentRegionAvail().x;
  Strip strip{count, count, 0, 0, 1};
  // Lines of 100, or of 50 on a narrow page, so that units are easy to count.
  if (count > 50) strip.columns = available >= 500 ? 100 : 50;
  strip.columns = std::min(strip.columns, count);
  const float cell =
      std::floor(std::min(!is_output ? 12.0f : longest_name(ui.snapshot) > 1 ? 76.0f : 40.0f, available / static_cast<float>(strip.columns)) * ui.pixel_ratio) /
      ui.pixel_ratio;
  strip.cell_width = cell;
  strip.cell_height = is_output ? std::min(cell, 22.0f) : cell;
  const float layer_scale = ui.scales.activations[index_of(ui.snapshot, shown)];
  strip.scale = layer_scale > 0 ? layer_scale : 1;

  caption(ui, is_output ? std::string("logits") : print("%d activations", count),
          is_output ? ", the outputs before softmax" : what_follows(ui, layer), strip.scale, !is_rectified(shown),
          is_output ? "One output a class, in the order of the answer's bars. Softmax makes them the probabilities of the answer."
                    : "One square a unit, in lines from the left. Click one to lock it, double-click to look closer.");
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const int lines = (count + strip.columns - 1) / strip.columns;
  ImGui::PushID(layer.name.c_str());
  const bool clicked =
      ImGui::InvisibleButton("strip", {cell * static_cast<float>(strip.columns), strip.cell_height * static_cast<float>(lines)});
  ImGui::PopID();
  ui.mark("strip." + layer.name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), strip.scale);
  draw_strip_pictures(ui, std::span(shown.activation).first(count), strip, low);
  if (is_output) draw_class_labels(ui, shown.activation, strip, low);
  if (const int unit = locked_unit(ui, layer); unit >= 0 && unit < count) outline_unit(strip, low, unit, ui.theme.selected);
  if (!ImGui::IsItemHovered()) return;
  const ImVec2 mouse = ImGui::GetMousePos();
  const int unit =
      static_cast<int>((mouse.y - low.y) / strip.cell_height) * strip.columns + static_cast<int>((mouse.x - low.x) / cell);
  if (unit < 0 || unit >= count) return;
  outline_unit(strip, low, unit, ui.theme.accent);
  const std::string meaning = is_output ? " (" + class_phrase(ui.snapshot, unit) + ")" : "";
  ImGui::SetTooltip("%s · unit %d%s:  %s", layer.name.c_str(), unit, meaning.c_str(), number(shown.activation[unit], 4).c_str());
  if (clicked) lock(ui, layer, unit);
}

void draw_stage(const Context& ui, const LayerView& layer, bool is_output) {
  if (layer.frozen) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, ui.theme.ice_back);
    ImGui::PushStyleColor(ImGuiCol_Border, ui.theme.ice);
  }
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(10, 4));
  begin_card(ui, layer.name.c_str(), {0, 0}, true);
  ImGui::PopStyleVar();
  if (layer.frozen) ImGui::PopStyleColor(2);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(8, 2));
  draw_stage_header(ui, layer);
  if (layer.kind == nn::LayerKind::kDense) {
    draw_dense(ui, layer, is_output);
  } else if (has_picture_filters(ui.snapshot, layer)) {
    draw_first_conv(ui, layer);
  } else {
    draw_later_conv(ui, layer);
  }
  ImGui::PopStyleVar();
  end_card();
}

}  // namespace

void draw_stages_panel(const Context& ui) {
  const auto& layers = ui.snapshot.layers;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(8, 5));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].group < 0) continue;
    draw_stage(ui, layers[i], i + 1 == layers.size());
  }
  ImGui::PopStyleVar();
}

}  // namespace lenet::ui
