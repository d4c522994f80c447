// The page's canvas as an SDL2 window with a WebGL 2 context, and Dear ImGui's backends on it.
#pragma once

#include <SDL.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "platform/ui_renderer.h"

namespace lenet::platform {

/// What became of the GL context; the browser's callbacks set it.
struct Graphics {
  bool lost = false, restored = false;
};

class Window {
 public:
  /// Finds the element with the id "canvas". Throws std::runtime_error with a sentence for the user where there is no WebGL 2.
  Window();
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Hands waiting input to ImGui. True when there was any, or the canvas or its screen changed.
  bool poll_events();

  /// False while the browser has taken the GL context away.
  bool can_draw() const { return !graphics_.lost; }
  /// True once after the context came back: all GL objects have to be made anew; the window's already are.
  bool take_restored();

  // Everything is laid out in units, which are CSS pixels unless the page is zoomed.
  float width() const { return width_ / zoom_; }             ///< units
  float height() const { return height_ / zoom_; }           ///< units
  float pixel_ratio() const { return pixel_ratio_ * zoom_; } ///< canvas pixels a unit
  float zoom() const { return zoom_; }                       ///< CSS pixels a unit
  /// The zoom at which so many units fit, 1 to kLargestZoom.
  float zoom_for(float width, float height) const { return std::clamp(std::min(width_ / width, height_ / height), 1.0f, kLargestZoom); }
  /// Makes everything on the canvas larger. True where it was another zoom before.
  bool set_zoom(float zoom) { return std::exchange(zoom_, zoom) != zoom; }
  bool dark() const { return dark_; }
  bool reduced_motion() const { return reduced_motion_; }  ///< the system asks for it

  /// Frames from now on have `ratio` canvas pixels a CSS pixel, whatever the screen has, until it is 0 again. What was on the canvas is gone.
  void magnify(float ratio);

  /// The font atlas was built anew.
  void renew_fonts();
  void begin_frame();
  /// Draws the frame; clears with the given colour first, 0 … 1.
  void end_frame(float red, float green, float blue);

 private:
  bool measure();

  SDL_Window* window_ = nullptr;
  SDL_GLContext context_ = nullptr;
  float width_ = 0, height_ = 0, pixel_ratio_ = 1;  // of the canvas, in CSS pixels
  float zoom_ = 1;
  static constexpr float kLargestZoom = 1.8f;
  float magnified_ = 0;  // 0: as the screen has it
  int canvas_width_ = 0, canvas_height_ = 0;  // of the canvas while it is not magnified
  bool dark_ = false;
  bool reduced_motion_ = false;
  Graphics graphics_;
  std::unique_ptr<UiRenderer> renderer_;
};

/// Calls `frame` for every frame that the browser draws, after main() has returned. What it throws ends the loop and goes
/// to `failed`.
void run_main_loop(std::function<void()> frame, std::function<void(const char* reason)> failed);

/// Calls `changed` whenever the tab goes into the background (true) or comes back (false).
void watch_background(std::function<void(bool background)> changed);

/// Milliseconds since the page started.
double milliseconds();

}  // namespace lenet::platform
