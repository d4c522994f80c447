// Scrolling by dragging a finger, which ImGui leaves to the application.
#pragma once

namespace lenet::ui {

/// At the end of a frame: a vertical drag that starts anywhere but on a slider scrolls the window under it, and is no click.
void scroll_by_touch();

/// The active item takes drags itself: the finger that holds it does not scroll.
void keep_touch();

}  // namespace lenet::ui
