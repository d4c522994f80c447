// Keys and conventions.
#include <array>
#include <utility>

#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr std::array<std::pair<const char*, const char*>, 18> kKeys = {
    {{"Space", "play or pause"},
     {"S", "one step"},
     {"R", "rewind to step 0"},
     {"F", "freeze the locked unit's layer, or let it train again"},
     {"← →", "the unit before, the next unit"},
     {"↑ ↓", "the layer before, the next layer"},
     {"B", "deconv, gradient, guided in turn"},
     {"N, P", "next, previous image"},
     {"W", "of those only that the network gets wrong, or all again"},
     {"C", "the Compare lab, and back"},
     {"1 … 9, 0", "the first ten labs, as their tabs stand"},
     {"X", "look closer at the locked unit"},
     {"Shift + arrows", "there: the cell beside"},
     {"V", "there: the values in the cells"},
     {"[ ]", "the stored step before, the next one"},
     {"L", "larger, for a projector, and back"},
     {"F1", "frame times"},
     {"?", "this window"}}};

void draw_keys(const Context& ui) {
  if (!ImGui::BeginTable("keys", 2, ImGuiTableFlags_None)) return;
  ImGui::TableSetupColumn("key", ImGuiTableColumnFlags_WidthFixed);
  ImGui::TableSetupColumn("meaning", ImGuiTableColumnFlags_WidthStretch);
  for (const auto& [key, meaning] : kKeys) {
    ImGui::TableNextColumn();
    colored_text(ui.theme.accent, key);
    ImGui::TableNextColumn();
    ImGui::TextWrapped("%s", meaning);
  }
  ImGui::EndTable();
}

}  // namespace

void draw_help_window(const Context& ui) {
  if (!ui.state.help) return;
  const float width = std::min(440.0f, ui.width - 24);
  ImGui::SetNextWindowPos({ui.width / 2, ui.height / 2}, ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({width, 0});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoResize |
                                 ImGuiWindowFlags_AlwaysAutoResize;
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.theme.card);
  const bool open = ImGui::Begin("Keys and conventions", &ui.state.help, flags);
  ImGui::PopStyleColor();
  if (open) {
    draw_keys(ui);
    ImGui::Separator();
    ImGui::PushTextWrapPos(0);
    muted_text(ui,
               "↺ marks what starts a new run; everything else takes effect at the next step. Colours are signed and symmetric "
               "about 0; magenta "
               "is no number at all. "
               "Numbers and pictures on the page all belong to the step that it names.");
    muted_text(ui, "Hover over anything, or touch ⓘ, for its meaning, unit and formula.");
    ImGui::PopTextWrapPos();
    ImGui::Separator();
    ImGui::Checkbox("Pause while this tab is in the background", &ui.state.pause_in_background);
    ui.mark("background");
    tooltip("Without this, training goes on in a hidden tab: at its full pace, or in short turns where the page has no threads.");
    if (button(ui, "help.close", "Close", {90, 0}, ButtonLook::kPrimary, "")) ui.state.help = false;
    ImGui::SameLine();
    if (button(ui, "debug", ui.state.debug ? "Hide frame times" : "Show frame times", {0, 0}, ButtonLook::kPlain,
               "Our own CPU time per frame, and more for developers. (F1)")) {
      ui.state.debug = !ui.state.debug;
    }
  }
  ImGui::End();
}

}  // namespace lenet::ui
