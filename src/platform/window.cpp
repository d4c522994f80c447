// The canvas: SDL2 window, WebGL 2 context, keyboard focus, device pixel ratio, lost contexts.
#include "platform/window.h"

#include <EGL/egl.h>
#include <GLES3/gl3.h>
#include <emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_sdl2.h>

#include <cmath>
#include <stdexcept>
#include <string>

/// SDL names it, and needs no GL function by name here; Emscripten's own would bring every function of WebGL into the page.
extern "C" __eglMustCastToProperFunctionPointerType eglGetProcAddress(const char*) { return nullptr; }

namespace lenet::platform {

namespace {

constexpr const char* kCanvas = "#canvas";
constexpr const char* kNoWebGl =
    "This page draws with WebGL 2, and this browser has none. A current Firefox, Chrome, Edge or Safari has; if this is one, "
    "hardware acceleration may be switched off in its settings.";

// clang-format off

// SDL takes every key of the element it listens to, Tab among them, which would lock keyboard users into the canvas. So Tab
// stays with the browser while no text field is open. A press focuses the canvas, since SDL keeps the browser from it.
EM_JS(void, prepare_canvas, (), {
  const canvas = document.getElementById('canvas');
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Tab' && !Module['lenetTyping']) event.stopImmediatePropagation();
  }, true);
  canvas.addEventListener('pointerdown', () => canvas.focus({preventScroll: true}), true);
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  // A part of the page may have been focused by hand while the program was loading.
  if (document.activeElement === document.body || document.activeElement === null) canvas.focus({preventScroll: true});
  // SDL measures the canvas when the window changes; the dock changes the canvas alone.
  new ResizeObserver(() => dispatchEvent(new Event('resize'))).observe(canvas);
})

EM_JS(int, page_is_dark, (), { return document.documentElement.dataset.theme === 'dark' ? 1 : 0; })
EM_JS(int, wants_less_motion, (), { return matchMedia('(prefers-reduced-motion: reduce)').matches ? 1 : 0; })
EM_JS(void, set_typing, (int typing), { Module['lenetTyping'] = typing !== 0; })

// clang-format on

EM_BOOL lose_context(int, const void*, void* graphics) {
  static_cast<Graphics*>(graphics)->lost = true;
  return EM_TRUE;  // keeps the browser's default away, which is not to restore
}

EM_BOOL restore_context(int, const void*, void* graphics) {
  *static_cast<Graphics*>(graphics) = {.lost = false, .restored = true};
  return EM_TRUE;
}

}  // namespace

Window::Window() {
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, kCanvas);
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_ASYNCIFY, "0");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) throw std::runtime_error(std::string("The page cannot open its window: ") + SDL_GetError());
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  SDL_GL_SetAttribute(SDL_GL_ALPHA_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
  prepare_canvas();
  double width = 0, height = 0;
  emscripten_get_element_css_size(kCanvas, &width, &height);
  window_ = SDL_CreateWindow("LeNet Lab", 0, 0, static_cast<int>(width), static_cast<int>(height),
                             SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  context_ = window_ == nullptr ? nullptr : SDL_GL_CreateContext(window_);
  if (context_ == nullptr) throw std::runtime_error(kNoWebGl);
  emscripten_set_webglcontextlost_callback(kCanvas, &graphics_, EM_FALSE, lose_context);
  emscripten_set_webglcontextrestored_callback(kCanvas, &graphics_, EM_FALSE, restore_context);

  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  ImGui_ImplSDL2_InitForOpenGL(window_, context_);
  renderer_ = std::make_unique<UiRenderer>();
  measure();
}

Window::~Window() {
  renderer_.reset();
  ImGui_ImplSDL2_Shutdown();
  ImGui::DestroyContext();
  SDL_GL_DeleteContext(context_);
  SDL_DestroyWindow(window_);
  SDL_Quit();
}

/// Whether anything is not as it was.
bool Window::measure() {
  int width = 0, height = 0;
  SDL_GetWindowSize(window_, &width, &height);
  // The browser's ratio, not pixels / width: a width in whole CSS pixels would make it waver at odd zoom levels.
  const auto ratio = magnified_ > 0 ? magnified_ : static_cast<float>(emscripten_get_device_pixel_ratio());
  const bool dark = page_is_dark() != 0;
  const bool changed =
      static_cast<float>(width) != width_ || static_cast<float>(height) != height_ || ratio != pixel_ratio_ || dark != dark_;
  width_ = static_cast<float>(width);
  height_ = static_cast<float>(height);
  pixel_ratio_ = ratio;
  dark_ = dark;
  reduced_motion_ = wants_less_motion() != 0;
  return changed;
}

bool Window::poll_events() {
  bool any = false;
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) {
    if (event.type == SDL_MOUSEMOTION) {
      event.motion.x = static_cast<int>(std::lround(static_cast<float>(event.motion.x) / zoom_));
      event.motion.y = static_cast<int>(std::lround(static_cast<float>(event.motion.y) / zoom_));
    }
    ImGui_ImplSDL2_ProcessEvent(&event);
    any = true;
  }
  return measure() || any;
}

bool Window::take_restored() {
  if (!graphics_.restored) return false;
  graphics_.restored = false;
  renderer_->restore();
  return true;
}

void Window::magnify(float ratio) {
  if (magnified_ == 0) emscripten_get_canvas_element_size(kCanvas, &canvas_width_, &canvas_height_);
  magnified_ = ratio;
  if (ratio > 0) {
    emscripten_set_canvas_element_size(kCanvas, static_cast<int>(std::ceil(width_ * ratio)), static_cast<int>(std::ceil(height_ * ratio)));
  } else {
    emscripten_set_canvas_element_size(kCanvas, canvas_width_, canvas_height_);
  }
  measure();
}

void Window::renew_fonts() { renderer_->renew_fonts(); }

void Window::begin_frame() {
  ImGui_ImplSDL2_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  if (magnified_ > 0) io.DisplayFramebufferScale = {magnified_, magnified_};
  io.DisplaySize = {width(), height()};
  io.DisplayFramebufferScale = {io.DisplayFramebufferScale.x * zoom_, io.DisplayFramebufferScale.y * zoom_};
  ImGui::NewFrame();
}

void Window::end_frame(float red, float green, float blue) {
  ImGui::Render();
  set_typing(ImGui::GetIO().WantTextInput ? 1 : 0);
  int width = 0, height = 0;
  if (magnified_ > 0) {
    emscripten_get_canvas_element_size(kCanvas, &width, &height);
  } else {
    SDL_GL_GetDrawableSize(window_, &width, &height);
  }
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(red, green, blue, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  renderer_->draw(*ImGui::GetDrawData(), width, height);
}

}  // namespace lenet::platform
