// Where the run is: step, epoch, speed, milestones; and its files.
#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kRunText =
    "The run so far. A step is one minibatch, an epoch is every training image once; everything on the page belongs to the step "
    "named here.";

void draw_epoch_bar(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const float height = ImGui::GetFontSize() + 3;
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::Dummy({width, height});
  ui.mark("epoch.progress");
  const ImVec2 high(low.x + width, low.y + height);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(low, high, ui.theme.faint, 5);
  const float part = static_cast<float>(std::clamp(s.epoch_fraction, 0.0, 1.0));
  if (part > 0.004f)
    draw->AddRectFilled(low, {low.x + std::max(8.0f, width * part), high.y},
                        (ui.theme.accent & ~IM_COL32_A_MASK) | (110u << IM_COL32_A_SHIFT), 5);
  std::string text = print("epoch %d · %.0f %%", s.epoch + 1, 100 * s.epoch_fraction);
  if (s.waiting_for_data) text += " · waiting for data";
  draw->AddText({low.x + (width - text_width(text)) / 2, low.y + 2}, ui.theme.text, text.c_str());
  tooltip(print("Epoch %d is running: %.1f %% of its %s images are done. Epochs completed: %d.", s.epoch + 1,
                100 * s.epoch_fraction, grouped(static_cast<std::uint64_t>(std::max(0, s.train_count))).c_str(), s.epoch)
              .c_str());
}

void cell(const Context& ui, const char* label, const std::string& value, const char* explanation) {
  ImGui::TableNextColumn();
  labelled_value(ui, label, value, explanation);
}

/// Where the weights of step 0 are from, in the place of a time to 98 % that would not be this run's: what was trained elsewhere is not counted as
/// steps.
void draw_loaded(const Context& ui, const app::LoadedView& loaded) {
  const std::string on = loaded.dataset.empty() ? "" : " on " + app::title_of(loaded.dataset);
  const std::string text = loaded.steps > 0 ? grouped(loaded.steps) + " steps" : std::string("unknown steps");
  cell(ui, "loaded weights", text,
       ("The run began with weights from a file, which were trained elsewhere" + on +
        " for so many steps before. The steps here are counted from then on.")
           .c_str());
  ui.mark("loaded");
}

void draw_numbers(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  if (!ImGui::BeginTable("numbers", 2, ImGuiTableFlags_SizingStretchSame)) return;
  cell(ui, "images seen", grouped(s.images_seen), "Training images used so far, repeats counted.");
  cell(ui, "images / s", s.images_per_second > 0 ? grouped(static_cast<std::uint64_t>(s.images_per_second)) : "–",
       "Training images a second over the last seconds, by wall time, evaluation included.");
  if (s.loaded) {
    draw_loaded(ui, *s.loaded);
  } else {
    cell(ui, "to 98 %", s.seconds_to_98 >= 0 ? duration(s.seconds_to_98) : "–",
         "Wall time of training until the first measured test accuracy of 98 % or more.");
  }
  cell(ui, "trained for", duration(s.seconds_trained), "Wall time spent training, pauses left out.");
  ImGui::EndTable();
}

void draw_files(const Context& ui) {
  const Callbacks& page = ui.callbacks;
  bool first = true;
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(8, 3));
  const auto file_button = [&](const std::function<void()>& action, const char* name, const char* label, const char* explanation) {
    if (!action) return;
    if (!first) flow(text_width(label) + 16, 4);
    first = false;
    if (button(ui, name, label, {0, 0}, ButtonLook::kPlain, explanation)) action();
  };
  file_button(page.save_weights, "weights.save", "Save weights",
              "Downloads the weights of this step as safetensors, with PyTorch's names and shapes.");
  file_button(page.open_weights, "weights.open", "Load",
              "Opens a safetensors file with this network's names and shapes, and goes on from there.");
  file_button(page.save_curve, "curve.save", "Save CSV", "Downloads loss and test accuracy of every step as CSV.");
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

}  // namespace

void draw_progress_panel(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  ImGui::PushFont(ui.fonts.title);
  const bool past = s.timeline.shows_moment;
  if (past) {
    colored_text(ui.theme.selected, "Step " + grouped(s.timeline.shown));
  } else {
    ImGui::TextUnformatted(("Step " + grouped(s.step)).c_str());
  }
  ImGui::PopFont();
  ui.mark("step.number");
  const char* doing = s.diverged ? "stopped" : s.playing ? (s.waiting_for_data ? "waiting for data" : "training") : "paused";
  if (past) {
    small_text_beside(ui, "of " + grouped(s.step) + "; Play goes on there", 8);
    tooltip("The timeline shows a stored step. The numbers below and the curves are the run's, which stands at its last step: Play goes on from there.");
  } else {
    small_text_beside(ui, s.evaluating ? print("%s, testing %.0f %%", doing, 100 * s.evaluation_fraction) : doing, 10);
  }
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - text_width("ⓘ"));
  info(ui, kRunText);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(8, 3));
  draw_epoch_bar(ui);
  draw_numbers(ui);
  if (ui.shows(Control::kSave)) draw_files(ui);
  ImGui::PopStyleVar();
}

}  // namespace lenet::ui
