// One activation sent back to the pixels, beside the image and the patch that the unit sees.
#include <algorithm>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kCurrentText =
    "The unit's strongest activation for the current image, sent back to the pixels. The projection is signed and centred on 0; it "
    "shows "
    "one activation and is no sample from the network.";
struct Frame {
  ImVec2 low, high;
};

/// A square place for a picture with a caption under it; the crop keeps its shape inside.
Frame place(const Context& ui, float side, const Crop& crop) {
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  const float columns = static_cast<float>(crop.right - crop.left), rows = static_cast<float>(crop.bottom - crop.top);
  const float cell =
      crisp_size(ui, side, std::max(1, static_cast<int>(std::max(columns, rows)))) / std::max(1.0f, std::max(columns, rows));
  return {low, {low.x + cell * columns, low.y + cell * rows}};
}

void show(const Context& ui, const Picture& picture, const Crop& crop, float side, const char* label, std::string_view name,
          const std::string& title) {
  ImGui::BeginGroup();
  const Frame frame = place(ui, side, crop);
  picture_item(ui, name, picture, crop, {frame.high.x - frame.low.x, frame.high.y - frame.low.y}, title);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 1));
  ImGui::SetCursorScreenPos({frame.low.x, frame.low.y + side + 1});
  small_text(ui, label);
  ImGui::PopStyleVar();
  ImGui::EndGroup();
}

/// The receptive field on the image that was drawn last at `low`.
void draw_field(const Context& ui, const app::ProjectionView& view, ImVec2 low, float cell) {
  const ImVec2 a(low.x + cell * static_cast<float>(view.left), low.y + cell * static_cast<float>(view.top));
  const ImVec2 b(low.x + cell * static_cast<float>(view.right), low.y + cell * static_cast<float>(view.bottom));
  ImGui::GetWindowDrawList()->AddRect(a, b, ui.theme.selected, 0, 0, 2);
}

std::string image_label(const app::ProjectionView& view) {
  return view.image_index < 0 ? std::string("own image") : print("test %d", view.image_index);
}

}  // namespace

void draw_projection(const Context& ui, const app::ProjectionView& view) {
  const app::Snapshot& s = ui.snapshot;
  heading(ui, "Current image", kCurrentText);
  const int width = std::max(1, s.input.width), height = std::max(1, s.input.height);
  const std::size_t size = s.input.size();
  if (!view.valid || size == 0 || view.image.size() < size || view.pixels.size() < size) {
    small_text(ui, "no projection yet");
    return;
  }
  ImGui::SameLine(0, 10);
  colored_text(view.activation > 0 ? ui.theme.text : ui.theme.muted, number(view.activation));
  tooltip("The unit's strongest activation in this image, after its nonlinearity.");
  small_text_beside(ui, print("y %d, x %d", view.y, view.x), 6);
  tooltip("Where in its map it is (y down, x right, from 0).");
  const float largest_side = ui.narrow ? 168.0f : ui.height < 900 ? 87.0f : 126.0f;
  const float side = ui.snap(std::min(largest_side, (ImGui::GetContentRegionAvail().x - 16) / 3));
  const Picture image = make_picture(ui, view.image, width, height, image_style(ui));
  const std::span<const float> pixels = view.pixels;
  const std::string held = print("projection/%s/%d/%d/%d", s.locked_layer.c_str(), s.locked_unit, static_cast<int>(s.rule), view.image_index);
  const Picture projection = make_picture(ui, pixels, width, height, signed_image_style(ui, held_scale(ui, held, scale_of(pixels))));
  const Crop all{0, 0, width, height};
  const Crop patch{std::clamp(view.left, 0, width), std::clamp(view.top, 0, height), std::clamp(view.right, 0, width),
                   std::clamp(view.bottom, 0, height)};

  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  show(ui, image, all, side, image_label(view).c_str(), "image.current", "image");
  draw_field(ui, view, low, crisp_size(ui, side, std::max(width, height)) / static_cast<float>(std::max(width, height)));
  ImGui::SameLine(0, 8);
  show(ui, image, patch, side, "its patch", "patch.current", "patch that the unit sees");
  ImGui::SameLine(0, 8);
  const bool blank = std::all_of(pixels.begin(), pixels.end(), [](float v) { return v == 0; });
  const std::string label = blank ? "seen: 0" : "seen: ±" + number(projection.style.scale, 2);
  show(ui, projection, patch, side, label.c_str(), "projection.current", "projection");
}

}  // namespace lenet::ui
