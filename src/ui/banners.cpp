// What went wrong and what there is to know, above everything else.
#include <cmath>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

void begin_banner(const Context& ui, const char* id, ImU32 back, ImU32 edge) {
  (void)ui;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, back);
  ImGui::PushStyleColor(ImGuiCol_Border, edge);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(10, 6));
  begin_card(ui, id, {0, 0}, true);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  ImGui::AlignTextToFramePadding();
}

void wrapped(ImU32 color, const std::string& text, float keep_right) {
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::PushTextWrapPos(ImGui::GetWindowContentRegionMax().x - keep_right);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
}

void draw_diverged(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  begin_banner(ui, "diverged", ui.theme.bad_back, ui.theme.bad);
  const std::string own =
      "Stopped at step " + grouped(s.step) + ": a value is no longer a finite number. A smaller learning rate helps.";
  wrapped(ui.theme.bad, s.error.empty() ? own : s.error, 0);
  if (button(ui, "restore", "Back to the last good state", {0, 0}, ButtonLook::kPrimary,
             "Weights, momentum and step number of the last state whose numbers were all finite.")) {
    ui.post(app::command::RestoreLastGood{});
  }
  flow(text_width("⏮ Rewind") + 16);
  if (button(ui, "diverged.rewind", "⏮ Rewind", {0, 0}, ButtonLook::kPlain, "Back to step 0 with the same initial weights.")) {
    rewind(ui);
  }
  end_card();
}

void draw_error(const Context& ui) {
  begin_banner(ui, "error", ui.theme.bad_back, ui.theme.bad);
  const ImVec2 top = ImGui::GetCursorPos();
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - 28);
  if (button(ui, "error.close", "✕", {28, 0}, ButtonLook::kPlain, "Close this message."))
    ui.state.dismissed_error = ui.snapshot.error;
  ImGui::SetCursorPos(top);
  ImGui::AlignTextToFramePadding();
  wrapped(ui.theme.bad, ui.snapshot.error, 36);
  end_card();
}

/// The data set that is on its way, while the run before is on show. MNIST at the page's start comes without a word.
void draw_wanted(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  if (s.wanted_data.empty() || s.wanted_data == s.settings.dataset) return;
  std::string text = "Loading the data: " + app::title_of(s.wanted_data);
  if (s.wanted_count > 0) {
    text += ", " + grouped(static_cast<std::uint64_t>(s.wanted_available)) + " of " +
            grouped(static_cast<std::uint64_t>(s.wanted_count)) + " images are here";
  }
  begin_banner(ui, "wanted", ui.theme.raised, ui.theme.accent);
  wrapped(ui.theme.text, text + ". The new run starts as soon as there are enough; until then the page shows the run before.", 0);
  end_card();
}

}  // namespace

void draw_banners(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  if (s.error.empty()) ui.state.dismissed_error.clear();
  if (s.diverged) {
    draw_diverged(ui);
  } else if (!s.error.empty() && s.error != ui.state.dismissed_error) {
    draw_error(ui);
  }
  draw_wanted(ui);
  if (!s.notice.empty()) {
    begin_banner(ui, "notice", ui.theme.warn_back, ui.theme.warn);
    wrapped(ui.theme.warn, s.notice, 0);
    end_card();
  }
}

}  // namespace lenet::ui
