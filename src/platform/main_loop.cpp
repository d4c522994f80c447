// The browser's frames.
#include <emscripten.h>
#include <emscripten/html5.h>

#include <exception>
#include <functional>
#include <utility>

#include "platform/window.h"

namespace lenet::platform {

namespace {

struct Loop {
  std::function<void()> frame;
  std::function<void(const char*)> failed;
};

void run_frame(void* argument) {
  auto& loop = *static_cast<Loop*>(argument);
  try {
    loop.frame();
  } catch (const std::exception& problem) {
    emscripten_cancel_main_loop();
    loop.failed(problem.what());
  }
}

}  // namespace

void run_main_loop(std::function<void()> frame, std::function<void(const char* reason)> failed) {
  static Loop loop;  // outlives main()
  loop = {std::move(frame), std::move(failed)};
  emscripten_set_main_loop_arg(run_frame, &loop, 0, false);
}

void watch_background(std::function<void(bool background)> changed) {
  static std::function<void(bool)> listener;  // outlives main()
  listener = std::move(changed);
  emscripten_set_visibilitychange_callback(nullptr, false, [](int, const EmscriptenVisibilityChangeEvent* event, void*) -> EM_BOOL {
    listener(event->hidden != 0);
    return EM_FALSE;
  });
}

double milliseconds() { return emscripten_get_now(); }

}  // namespace lenet::platform
