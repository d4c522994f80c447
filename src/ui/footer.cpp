// The line at the bottom of the page: where the data come from, what runs it, and what does not happen to it.
#include <algorithm>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

std::string data_text(const app::Snapshot& s) {
  const std::string name = app::title_of(s.dataset);
  const auto count = static_cast<std::uint64_t>(std::max(0, s.train_count));
  if (s.train_available >= s.train_count) return name + ": " + grouped(count) + " images";
  return name + ": " + grouped(static_cast<std::uint64_t>(std::max(0, s.train_available))) + " of " + grouped(count) +
         " images loaded";
}

}  // namespace

void draw_footer(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  ImGui::PushFont(ui.fonts.small);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 4);
  muted_text(ui, data_text(s));
  tooltip("The training part of the data set in use. Its first 5,000 images are held out: training never sees them.");
  if (!ui.narrow) {
    ImGui::SameLine(0, 18);
    muted_text(ui, s.simd + print(", %d thread%s", s.threads, s.threads == 1 ? "" : "s"));
    tooltip(s.exact ? "What the training runs on. Results are the same bits everywhere."
                    : "What the training runs on. This build is fast; its last digits depend on the processor. With ?build=baseline in the "
                      "address, results are the same bits everywhere.");
  }
  const char* privacy = "Nothing leaves this machine.";
  const float left = ImGui::GetWindowContentRegionMax().x - text_width(privacy) - 4;
  if (left > ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + 12) ImGui::SameLine(left);
  muted_text(ui, privacy);
  tooltip("Training, images and weights stay in this browser. The page sends nothing anywhere.");
  ImGui::PopFont();
}

}  // namespace lenet::ui
