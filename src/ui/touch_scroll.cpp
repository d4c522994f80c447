// Scrolling by dragging a finger.
#include "ui/touch_scroll.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace lenet::ui {

namespace {

ImGuiID kept = 0;  // the item of keep_touch()

ImGuiWindow* scrollable(ImGuiWindow* window) {
  while (window != nullptr && window->ScrollMax.y <= 0)
    window = (window->Flags & ImGuiWindowFlags_ChildWindow) != 0 ? window->ParentWindow : nullptr;
  return window;
}

}  // namespace

void keep_touch() { kept = ImGui::GetActiveID(); }

void scroll_by_touch() {
  static ImGuiWindow* target = nullptr;
  ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImGuiIO& io = g.IO;
  if (io.MouseSource != ImGuiMouseSource_TouchScreen || !io.MouseDown[0]) {
    target = nullptr;
    kept = 0;
    return;
  }
  if (kept != 0 && kept == ImGui::GetActiveID()) return;
  constexpr float kThreshold = 8;
  if (target == nullptr) {
    const ImVec2 moved = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, kThreshold);
    if (std::abs(moved.y) < kThreshold || std::abs(moved.y) < std::abs(moved.x)) return;
    target = scrollable(g.HoveredWindow);
    if (target == nullptr) return;
    ImGui::ClearActiveID();  // the press becomes a drag, so nothing is clicked when the finger lifts
  }
  ImGui::SetScrollY(target, std::clamp(target->Scroll.y - io.MouseDelta.y, 0.0f, target->ScrollMax.y));
}

}  // namespace lenet::ui
