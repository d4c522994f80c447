// The Look back lab: three ways to the pixels, the check by covering, and beside them the sanity check.
#include <algorithm>
#include <array>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/lab_sanity.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::LookBackRequest;
using lab::LookBackResult;
using lab::SanityRequest;

constexpr std::size_t kRuleCount = lab::kRules.size();

constexpr const char* kPicturesText =
    "The unit's strongest activation a at one place, sent back to the pixels by three rules; R is the signal on its way down. The frame is what the "
    "unit can see. At the right the same activation without any model of it: how much it drops when a grey square covers the image there.";

/// The one line in which the rules differ at a ReLU and at a tanh or sigmoid f, and what opens the gate at a ReLU.
struct RuleText {
  const char *relu, *smooth, *gate, *explanation;
};
constexpr std::array<RuleText, kRuleCount> kTexts = {{
    {"R = max(0, R)", "R = R", "gate: the signal", "Deconvnet (Zeiler & Fergus 2014): rectifies the signal that comes down. It starts from the activation's value. A tanh or "
                                                    "sigmoid is passed unchanged."},
    {"R = R · [a > 0]", "R = R · f′(a)", "gate: the forward pass",
     "Gradient ∂a/∂x (Simonyan et al. 2013): lets the signal through where the forward activation was positive. It starts from 1."},
    {"R = max(0, R) · [a > 0]", "R = R · f′(a)", "gate: both", "Guided backpropagation (Springenberg et al. 2015): both gates at once. It starts from 1. A tanh or sigmoid "
                                                            "is passed as by the gradient."},
}};

/// What is on the way from a unit down to the pixels, its own nonlinearity included.
struct Way {
  bool max_pool = false, average_pool = false, relu = false, smooth = false;
};

Way way_from(const app::Snapshot& s, const std::string& name) {
  Way way;
  const app::LayerView* layer = find_layer(s, name);
  if (layer == nullptr) return way;
  const std::size_t last = index_of(s, shown_activation(s, *layer));
  for (std::size_t i = 0; i <= last; ++i) {
    const nn::LayerKind kind = s.layers[i].kind;
    way.max_pool = way.max_pool || kind == nn::LayerKind::kMaxPool;
    way.average_pool = way.average_pool || kind == nn::LayerKind::kAveragePool;
    way.relu = way.relu || kind == nn::LayerKind::kRelu;
    way.smooth = way.smooth || kind == nn::LayerKind::kTanh || kind == nn::LayerKind::kSigmoid;
  }
  return way;
}

std::string scale_text(std::span<const float> values, float scale) {
  const bool blank = std::all_of(values.begin(), values.end(), [](float v) { return v == 0; });
  return blank ? "all 0" : "±" + number(scale, 2);
}

void draw_rule_line(const Context& ui, const RuleText& text, const char* line, std::size_t rule, float width) {
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float height = ImGui::GetFontSize() + 4, box = std::max(width, text_width(line) + 6);
  ImGui::GetWindowDrawList()->AddRectFilled(low, {low.x + box, low.y + height}, (rule_color(ui, rule) & ~IM_COL32_A_MASK) | (56u << IM_COL32_A_SHIFT), 3);
  ImGui::GetWindowDrawList()->AddText({low.x + 3, low.y + 2}, ui.theme.text, line);
  ImGui::Dummy({box, height});
  tooltip(text.explanation);
  ui.mark(print("lookBack.formula.%s", lab::name_of(lab::kRules[rule]).c_str()));
}

/// What each kind of layer on the way does to the signal: the nonlinearity's line stands between lines that are the same for all rules.
void draw_formula(const Context& ui, const Way& way, const RuleText& text, std::size_t rule, float width) {
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 1));
  if (way.max_pool) muted_text(ui, "unpool: switches");
  if (way.average_pool) muted_text(ui, "unpool: spread evenly");
  if (way.relu) draw_rule_line(ui, text, text.relu, rule, width);
  if (way.smooth) draw_rule_line(ui, text, text.smooth, rule, width);
  muted_text(ui, "filter: transposed");
  if (way.relu) colored_text(rule_color(ui, rule), text.gate);
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

struct Pictured {
  const char *name, *title;
  std::string caption;
  Picture picture;
};

/// A picture with its title above and what its colours mean below.
void draw_pictured(const Context& ui, const LookBackResult& found, const Pictured& item, float side) {
  small_text(ui, item.title);
  const std::string about = print("%s · %s · unit %d", item.title, found.unit.layer.c_str(), found.unit.unit);
  whole_picture(ui, print("lookBack.%s", item.name), item.picture, side, about);
  frame_field(ui, found.field, found.input);
  small_text(ui, item.caption);
}

void draw_pictures(const Context& ui, const LookBackResult& found, float width) {
  static constexpr std::array<const char*, kRuleCount> kNames = {"deconv", "gradient", "guided"};
  const std::size_t size = found.input.size();
  if (size == 0 || found.image.size() < size || found.projections.size() < kRuleCount * size) {
    small_paragraph(ui, "There is nothing to send back.");
    return;
  }
  const Way way = way_from(ui.snapshot, found.unit.layer);
  // Each keeps its scale while a stored step is shown.
  const auto scale = [&](const char* name, std::span<const float> values) {
    return held_scale(ui, print("lookBack/%s/%s/%d/%d", name, found.unit.layer.c_str(), found.unit.unit, ui.snapshot.image_index), scale_of(values));
  };
  const nn::Shape plane{1, found.input.height, found.input.width};
  std::vector<Pictured> items = {{"image", "image", print("y %d, x %d", found.peak.y, found.peak.x), image_picture(ui, found.image, found.input)}};
  for (std::size_t rule = 0; rule < kRuleCount; ++rule) {
    const auto values = part_of(found.projections, size, rule);
    const float full = scale(kNames[rule], values);
    items.push_back({kNames[rule], rule_label(rule), scale_text(values, full), signed_picture(ui, values, found.input, full)});
  }
  const float full = scale("drop", found.drop);
  items.push_back({"drop", "drop when covered", scale_text(found.drop, full), signed_picture(ui, found.drop, plane, full)});

  const int columns = ui.narrow ? 2 : 5;
  const float each = std::floor((width - 10 * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (static_cast<int>(i) % columns != 0) ImGui::SameLine(0, 10);
    ImGui::BeginGroup();
    const float left = ImGui::GetCursorPosX();
    draw_pictured(ui, found, items[i], ui.narrow ? std::min(each, 168.0f) : each);
    if (i >= 1 && i <= kRuleCount) draw_formula(ui, way, kTexts[i - 1], i - 1, each);
    ImGui::SetCursorPosX(left);
    ImGui::Dummy({each, 0});
    ImGui::EndGroup();
  }
}

void draw_occluder(const Context& ui) {
  static constexpr std::array<const char*, 3> kLabels = {"3×3", "5×5", "7×7"};
  static constexpr std::array<const char*, 3> kParts = {"3", "5", "7"};
  static constexpr std::array<int, 3> kSizes = {3, 5, 7};
  int& size = ui.state.labs.look_back.occluder;
  const auto now = std::find(kSizes.begin(), kSizes.end(), size);
  ImGui::AlignTextToFramePadding();
  small_text(ui, "square:");
  tooltip("Side of the grey square in pixels. It is put at every pixel of the image in turn.");
  ImGui::SameLine(0, 5);
  const int clicked = segmented(ui, "lookBack.occluder", kLabels, kParts, static_cast<int>(now - kSizes.begin()), 120);
  if (clicked >= 0) size = kSizes[static_cast<std::size_t>(clicked)];
}

void draw_activation(const Context& ui, const LookBackResult& found) {
  ImGui::AlignTextToFramePadding();
  colored_text(ui.theme.selected, print("%s · unit %d", found.unit.layer.c_str(), found.unit.unit));
  small_text_beside(ui, "activation " + number(found.peak.value), 8);
  tooltip("The unit's strongest activation in this image, after its nonlinearity where it has one. All four pictures are about it.");
}

}  // namespace

std::vector<lab::Request> look_back_requests(const Context& ui) {
  const int shorter = std::max(1, std::min(ui.snapshot.input.height, ui.snapshot.input.width));
  const int occluder = std::min(ui.state.labs.look_back.occluder, shorter);
  return {LookBackRequest{.unit = shown_unit(ui), .image = shown_image(ui), .occluder = occluder}, SanityRequest{.unit = shown_unit(ui), .image = shown_image(ui)}};
}

void draw_look_back_lab(const Context& ui, ImVec2) {
  const app::LabView* view = view_of<LookBackRequest>(ui);
  const auto* look_back = found<LookBackRequest, LookBackResult>(ui);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float gap = 16, left = ui.narrow ? room.x : std::floor(room.x * 0.605f);
  begin_part("lookBack.left", {left, ui.narrow ? 0 : room.y});
  const float top = ImGui::GetCursorPosY();
  if (look_back == nullptr) {
    draw_missing(ui, view);
  } else {
    draw_activation(ui, *look_back);
    flow(20, 8);
    info(ui, kPicturesText);
    flow(170, 14);
    draw_occluder(ui);
    flow(130, 12);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ImGui::GetStyle().FramePadding.y);
    legend(ui, 0, true, 40, look_back->input.channels == 3);
    flow(130, 12);
    ImGui::AlignTextToFramePadding();
    draw_age(ui, view, look_back->step);
    draw_pictures(ui, *look_back, left - (ui.narrow ? 0.0f : 2.0f));
    const app::LayerView* output = output_layer(ui.snapshot);
    if (!(look_back->peak.value > 0) && (output == nullptr || look_back->unit.layer != output->name)) {
      small_paragraph(ui, "This unit does not answer to this image: there is nothing to send back.");
    }
  }
  const float rest = ui.narrow ? 240 : std::max(170.0f, room.y - (ImGui::GetCursorPosY() - top) - 4);
  draw_sanity_chart(ui, {left, rest});
  end_part();
  if (!ui.narrow) ImGui::SameLine(0, gap);
  const float right = ui.narrow ? room.x : room.x - left - gap;
  begin_part("lookBack.right", {right, ui.narrow ? 0 : room.y});
  draw_sanity_table(ui, {right - 2, room.y});
  end_part();
}

}  // namespace lenet::ui
