// The arms of a comparison: what each reaches and costs, and its first filters.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/gap.h"
#include "ui/format.h"
#include "ui/panels.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kText =
    "One line an arm. Click one to look at it: the Network lab, its freeze buttons and the settings above are that arm's. Time is that of "
    "training one minibatch, without measuring; × is how many times the first arm's speed that is.";

void dot(const Context& ui, std::size_t arm) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float radius = 5, height = ImGui::GetFrameHeight();
  ImGui::GetWindowDrawList()->AddCircleFilled({at.x + radius, at.y + height / 2}, radius, ui.theme.arms[arm % std::size(ui.theme.arms)]);
  ImGui::Dummy({2 * radius, height});
  ImGui::SameLine(0, 6);
}

void text_column(const std::string& text, const char* explanation) {
  ImGui::TableNextColumn();
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text.c_str());
  tooltip(explanation);
}

void draw_row(const Context& ui, std::size_t index) {
  const app::Snapshot& s = ui.snapshot;
  const app::ArmView& arm = s.arms[index];
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  dot(ui, index);
  const bool shown = s.shown_arm == static_cast<int>(index);
  const std::string name = print("arm.%d", static_cast<int>(index));
  std::string label = arm.name;
  if (arm.diverged) label += " (diverged)";
  if (button(ui, name.c_str(), label.c_str(), {ImGui::GetContentRegionAvail().x, 0}, shown ? ButtonLook::kPrimary : ButtonLook::kPlain,
             shown ? "This arm is shown in the Network lab." : "Shows this arm in the Network lab.") &&
      !shown) {
    ui.post(app::command::ShowArm{static_cast<int>(index)});
  }
  const bool measured = !arm.accuracy.empty();
  text_column(measured ? percent(arm.accuracy.back().value) : "–",
              measured ? print("Right of n = %d test images at step %s.", arm.accuracy.back().n, grouped(arm.accuracy.back().step).c_str()).c_str()
                       : "Not measured yet.");
  const auto gap = app::accuracy_gap(s.arms.front().accuracy, arm.accuracy);
  text_column(index == 0 || gap.empty() ? "–" : signed_number(100 * gap.back().value),
              "Gap to the first arm in percentage points, at the last step at which both were measured.");
  const double first = s.arms.front().step_seconds;
  std::string time = arm.step_seconds > 0 ? print("%.1f ms", 1000 * arm.step_seconds) : "–";
  if (index > 0 && arm.step_seconds > 0 && first > 0) time += print(" %.2f×", first / arm.step_seconds);
  text_column(time, "Time of training one minibatch, a mean over the last 200; and the speed against the first arm's.");
  if (ImGui::TableGetColumnCount() < 5) return;
  const double part = arm.parameters > 0 ? static_cast<double>(arm.trainable) / static_cast<double>(arm.parameters) : 0;
  text_column(print("%.1f %%", 100 * part),
              ("Trainable parameters: " + grouped(arm.trainable) + " of " + grouped(arm.parameters) + ".").c_str());
}

}  // namespace

void draw_arms_table(const Context& ui) {
  heading(ui, "Arms", kText);
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, ImVec2(4, 2));
  static constexpr std::array<const char*, 5> kTitles = {"arm", "accuracy", "gap", "a step", "trained"};
  const int columns = ImGui::GetContentRegionAvail().x < 420 ? 4 : 5;  // else names would be cut off
  if (ImGui::BeginTable("arms", columns, ImGuiTableFlags_SizingFixedFit)) {
    ImGui::TableSetupColumn(kTitles[0], ImGuiTableColumnFlags_WidthStretch);
    for (int i = 1; i < columns; ++i) ImGui::TableSetupColumn(kTitles[i]);
    ImGui::PushFont(ui.fonts.small);
    ImGui::TableNextRow();
    for (int i = 0; i < columns; ++i) {
      ImGui::TableNextColumn();
      muted_text(ui, kTitles[i]);
    }
    ImGui::PopFont();
    for (std::size_t i = 0; i < ui.snapshot.arms.size(); ++i) draw_row(ui, i);
    ImGui::EndTable();
  }
  ImGui::PopStyleVar();
}

void draw_arm_filters(const Context& ui) {
  const auto& arms = ui.snapshot.arms;
  float all = 0;  // one scale, so that arms can be compared
  for (const app::ArmView& arm : arms) {
    for (const float value : arm.filters) all = std::max(all, std::abs(value));
  }
  small_text(ui, ui.narrow ? "First filters, one scale" : "First conv layer of each arm, one scale");
  const bool color = !arms.front().filters.empty() && arms.front().filter_shape[1] == 3;
  legend_at_right(ui, all > 0 ? all : 1, true, 56, color);
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const app::ArmView& arm = arms[i];
    dot(ui, i);
    if (arm.filters.empty()) {
      small_text(ui, arm.name + ": no conv layer");
      continue;
    }
    const std::string kind = print("arm%d", static_cast<int>(i));
    const std::string word = arm.name + ", filter";
    TileGrid grid;
    grid.kind = kind.c_str();
    grid.layer = arm.filter_layer;
    grid.word = word.c_str();
    grid.color = arm.filter_shape[1] == 3;
    grid.values = arm.filters;
    grid.width = arm.filter_shape[3];
    grid.height = arm.filter_shape[2];
    grid.count = grid.color || arm.filter_shape[1] == 1 ? arm.filter_shape[0] : 0;
    grid.layer_scale = grid.all_scale = all > 0 ? all : 1;
    const GridLayout cells = fit_grid(ui, ImGui::GetContentRegionAvail().x, grid, {14, 40, 1});
    const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
    if (draw_grid(ui, grid, cells, 0, grid.count) >= 0) ui.post(app::command::ShowArm{static_cast<int>(i)});
    mark_grid(ui, grid, cells, low);
  }
}

}  // namespace lenet::ui
