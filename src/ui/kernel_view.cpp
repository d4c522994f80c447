// The kernels of one unit, enlarged, with their values.
#include <algorithm>

#include "ui/format.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using app::LayerView;

void draw_one_kernel(const Context& ui, const LayerView& layer, int unit, std::span<const float> weights, float scale) {
  const bool color = sees_colors(ui.snapshot, layer);
  const float available = ImGui::GetContentRegionAvail().x;
  // In colour it holds no numbers, and the pictures below of 32 × 32 pixels need a little more room than those of 28 × 28.
  const float largest = (ui.narrow ? 240.0f : ui.height < 900 ? 155.0f : 200.0f) - (color ? 10.0f : 0.0f);
  const float side = crisp_size(ui, std::min(available, largest), layer.kernel);
  const ImVec2 low = ui.snap(ImVec2(ImGui::GetCursorScreenPos().x + (available - side) / 2, ImGui::GetCursorScreenPos().y));
  const Picture picture =
      make_picture(ui, weights, layer.kernel, layer.kernel, {color ? gfx::Palette::kSignedColor : ui.state.palette, scale});
  ImGui::SetCursorScreenPos(low);
  ImGui::InvisibleButton("kernel", {side, side});
  const ImVec2 high(low.x + side, low.y + side);
  draw_picture(ui, picture, low, high);
  ImGui::GetWindowDrawList()->AddRect({low.x - 0.5f, low.y - 0.5f}, {high.x + 0.5f, high.y + 0.5f}, ui.theme.border);
  ui.mark("kernel", low, high, scale);
  const float cell = side / static_cast<float>(layer.kernel);
  if (!color) draw_cell_numbers(ui, picture, low, cell);
  picture_tooltip(ui, picture, {0, 0, layer.kernel, layer.kernel}, print("%s · filter %d", layer.name.c_str(), unit));
}

}  // namespace

void draw_kernels(const Context& ui, const LayerView& layer, int unit) {
  if (layer.kind != nn::LayerKind::kConv) {
    small_text(ui, print("reads %s inputs, each with a weight of its own", grouped(layer.input.size()).c_str()));
    return;
  }
  const std::size_t per_unit = static_cast<std::size_t>(layer.input.channels) * layer.kernel * layer.kernel;
  if (layer.weights.size() < per_unit * (unit + 1)) return;
  const auto weights = std::span(layer.weights).subspan(per_unit * unit, per_unit);
  const float layer_scale = ui.scales.weights[index_of(ui.snapshot, layer)];
  const bool color = sees_colors(ui.snapshot, layer);
  const bool one = has_picture_filters(ui.snapshot, layer);
  const float scale = choose_scale(ui, weights, layer_scale, ui.scales.all_weights);
  small_text(ui, color ? "as red, green, blue" : one ? "its weights" : print("its %d kernels", layer.input.channels));
  legend_at_right(ui, scale, true, 56, color);
  if (one) {
    draw_one_kernel(ui, layer, unit, weights, scale);
    return;
  }
  TileGrid kernels;
  kernels.kind = "kernel";
  kernels.layer = layer.name;
  kernels.word = "kernel on input map";
  kernels.values = weights;
  kernels.count = layer.input.channels;
  kernels.width = kernels.height = layer.kernel;
  kernels.layer_scale = layer_scale;
  kernels.all_scale = ui.scales.all_weights;
  const GridLimits limits = ui.narrow ? GridLimits{45, 56, 4} : ui.height < 900 ? GridLimits{22, 30, 2} : GridLimits{45, 50, 3};
  const GridLayout cells = fit_grid(ui, ImGui::GetContentRegionAvail().x, kernels, limits);
  draw_grid(ui, kernels, cells, 0, kernels.count);
}

}  // namespace lenet::ui
