// Draws Dear ImGui's triangles with WebGL 2.
//
// ImGui's own backend saves and restores all GL state around each frame. In a browser some of those questions wait for the
// graphics process, longer than all our work takes. Here every pass sets what it needs, so nothing has to be asked.
#pragma once

#include <GLES3/gl3.h>

#include "gfx/program.h"

struct ImDrawCmd;
struct ImDrawData;

namespace lenet::platform {

class UiRenderer {
 public:
  UiRenderer();
  ~UiRenderer();
  UiRenderer(const UiRenderer&) = delete;
  UiRenderer& operator=(const UiRenderer&) = delete;

  /// Uploads ImGui's font atlas and hands its texture to ImGui.
  void renew_fonts();
  /// The GL context was lost and is back: makes everything anew, the fonts too.
  void restore();
  /// Into the bound framebuffer, width × height screen pixels.
  void draw(const ImDrawData& data, int width, int height);

 private:
  void create();
  void clip(const ImDrawData& data, const ImDrawCmd& command, int height) const;

  gfx::Program program_;
  GLint size_uniform_ = -1;
  GLuint vertex_array_ = 0, vertices_ = 0, indices_ = 0, font_texture_ = 0;
};

}  // namespace lenet::platform
