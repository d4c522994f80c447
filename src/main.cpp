// The page: a session that trains, a UI that draws what it publishes, a bridge to scripts, on one canvas.
#include <cfloat>
#include <exception>
#include <memory>
#include <utility>

#include "base/thread_pool.h"
#include "platform/bridge.h"
#include "platform/window.h"
#include "ui/ui.h"

namespace {

using namespace lenet;

#ifdef __EMSCRIPTEN_PTHREADS__
constexpr bool kThreaded = true;
#else
constexpr bool kThreaded = false;
#endif

// What a frame may spend on training where there is no thread for it. 60 frames a second leave 16.7 ms.
constexpr double kPumpSeconds = 0.010;

app::Settings page_settings() {
  app::Settings settings;
  if (kThreaded) settings.threads = app::default_threads(hardware_threads());
  return settings;
}

// In projector mode the page is drawn as large as these units just fit: the columns need no more.
constexpr float kProjectorWidth = 1024, kProjectorHeight = 596;

/// Everything that lives as long as the page.
struct Page {
  platform::Window window;
  app::Session session{page_settings()};
  ui::Ui ui{session};
  double changed_at = 0;  // milliseconds
  int frames_since = 0;
  double redraw_at = 0;   // likewise; what moves by itself
  bool suspended = false;
};

// After the last change the page is drawn for a while: delayed tooltips, input that ImGui spreads over frames, layouts that
// settle. Both count, since a slow machine draws few frames in a second.
constexpr double kSettleMilliseconds = 1000;
constexpr int kSettleFrames = 15;

/// Whether this frame can differ from the one before. A page where nothing happens costs nothing, and one that trains at full speed
/// is drawn once for each new state: the next one's frame settles what this one's left open, and drawing takes training's time.
bool needs_drawing(Page& page, bool changed, bool news, double now) {
  const app::Snapshot& snapshot = page.ui.snapshot();
  const bool full_speed = snapshot.playing && snapshot.settings.steps_per_second <= 0;
  const bool settles = changed || ImGui::GetIO().WantTextInput || (news && !full_speed);
  if (settles) {
    page.changed_at = now;
    page.frames_since = 0;
  }
  return ++page.frames_since <= kSettleFrames || now - page.changed_at < kSettleMilliseconds || news || now >= page.redraw_at;
}

void draw(Page& page) {
  platform::Window& window = page.window;
  if (page.ui.prepare(window.pixel_ratio(), window.dark(), window.reduced_motion())) window.renew_fonts();
  window.begin_frame();
  page.ui.draw({window.width(), window.height(), window.pixel_ratio()});
  const ImVec4 background = ImGui::ColorConvertU32ToFloat4(ui::theme_for(page.ui.state().dark).background);
  window.end_frame(background.x, background.y, background.z);
}

/// Draws the page at the picture's scale and hands the canvas to the script, all before the browser takes the frame.
void take_picture(Page& page, float scale) {
  constexpr int kLayoutFrames = 4;  // sizes settle over frames after the fonts have changed
  page.window.magnify(scale);
  ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);  // no tooltip in it
  for (int i = 0; i < kLayoutFrames; ++i) draw(page);
  const ui::NamedRect* view = page.ui.registry().find("view");
  const ui::NamedRect place = view != nullptr ? *view : ui::NamedRect{"", 0, 0, page.window.width(), page.window.height()};
  const float pixels = page.window.pixel_ratio();
  platform::picture_drawn(place.x * pixels, place.y * pixels, place.width * pixels, place.height * pixels);
  page.window.magnify(0);
}

void draw_frame(Page& page) {
  const double start = platform::milliseconds();
  platform::Window& window = page.window;
  const bool input = window.poll_events();
  const bool zoomed = window.set_zoom(page.ui.state().projector ? window.zoom_for(kProjectorWidth, kProjectorHeight) : 1);
  const bool news = page.ui.take_snapshot();
  platform::bridge_frame(page.ui.snapshot(), window.zoom());
  const float picture = platform::wanted_picture();
  const bool changed = platform::take_changed();
  if (!window.can_draw() || page.ui.state().hidden) {
    if (picture > 0) platform::picture_drawn(0, 0, 0, 0);
    return;
  }
  const bool restored = window.take_restored();
  if (restored) page.ui.restore_graphics();
  if (picture > 0) take_picture(page, picture);
  if (!needs_drawing(page, input || zoomed || restored || changed || picture > 0, news, start)) return;
  draw(page);
  page.redraw_at = start + 1000 * page.ui.state().redraw_in;
  page.ui.timer().record(platform::milliseconds() - start, page.ui.snapshot().playing);
}

/// Training stands still while the tab is in the background, where the user wants that.
void follow_background(Page& page, bool background) {
  const bool suspend = background && page.ui.state().pause_in_background;
  if (suspend == std::exchange(page.suspended, suspend)) return;
  page.session.post(app::command::Suspend{suspend});
}

void start() {
  static std::unique_ptr<Page> page;  // outlives main(), which returns to the browser
  page = std::make_unique<Page>();
  page->ui.callbacks() = {.open_draw = platform::open_draw,
                          .rewind = platform::rewind,
                          .open_lesson = platform::open_lesson,
                          .save_curve = platform::save_curve,
                          .save_weights = platform::save_weights,
                          .open_weights = platform::open_weights,
                          .save_results = platform::save_results,
                          .open_results = platform::open_results,
                          .save_view = platform::save_view,
                          .save_picture = platform::save_picture,
                          .copy_class_link = platform::copy_class_link,
                          .reload_exact = platform::reload_exact};
  platform::bridge_init(page->session, page->ui, kThreaded);
  platform::watch_background([](bool background) { follow_background(*page, background); });
#ifdef __EMSCRIPTEN_PTHREADS__
  page->session.start();
#endif
  platform::run_main_loop(
      [] {
        if (!kThreaded) page->session.pump(kPumpSeconds);
        draw_frame(*page);
      },
      [](const char* reason) { platform::show_crash(reason); });
}

}  // namespace

int main() {
  try {
    start();
  } catch (const std::exception& problem) {
    platform::show_crash(problem.what());
  }
  return 0;
}
