// The debug overlay: what a frame costs us, and where the run is.
#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

void line(const char* label, const FrameTimes& times) {
  if (times.frames == 0) return;
  ImGui::Text("%-9s median %.2f ms, p95 %.2f ms  (%d frames)", label, times.median_ms, times.p95_ms, times.frames);
}

}  // namespace

void draw_debug_overlay(const Context& ui) {
  if (!ui.state.debug) return;
  const app::Snapshot& s = ui.snapshot;
  ImGui::SetNextWindowPos({ui.width - 12, 84}, ImGuiCond_Always, {1, 0});
  ImGui::SetNextWindowBgAlpha(0.97f);
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                                 ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoSavedSettings;
  if (ImGui::Begin("debug", nullptr, flags)) {
    ImGui::PushFont(ui.fonts.small);
    ImGui::TextUnformatted("our own CPU time per frame");
    line("training", ui.timer.times(true));
    line("paused", ui.timer.times(false));
    ImGui::Text("snapshot %s of run %s, step %s", grouped(s.version).c_str(), grouped(s.run).c_str(), grouped(s.step).c_str());
    ImGui::Text("%d thread%s, %s", s.threads, s.threads == 1 ? "" : "s", s.simd.c_str());
    ImGui::Text("page %.0f × %.0f, %.2f pixels a CSS pixel", ui.width, ui.height, ui.pixel_ratio);
    ImGui::Text("atlas %d², %zu tiles, %s uploads", ui.atlas.size(), ui.atlas.tile_count(), grouped(ui.atlas.uploads()).c_str());
    const ImGuiIO& io = ImGui::GetIO();
    ImGui::Text("%d vertices, %d windows", io.MetricsRenderVertices, io.MetricsRenderWindows);
    ImGui::PopFont();
  }
  ImGui::End();
}

}  // namespace lenet::ui
