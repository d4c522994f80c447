// A linked shader program. Owns the GL object; after a lost context call forget() and make a new one.
#pragma once

#include <GLES3/gl3.h>

#include <initializer_list>
#include <string_view>

namespace lenet::gfx {

class Program {
 public:
  Program() = default;
  /// Compiles and links GLSL ES 3.00; each stage is the pieces one after the other, with the version line put before them.
  /// Throws std::runtime_error with the driver's log and the line it complains about.
  Program(std::string_view name, std::initializer_list<std::string_view> vertex, std::initializer_list<std::string_view> fragment);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  Program(Program&& other) noexcept;
  Program& operator=(Program&& other) noexcept;

  GLuint id() const { return id_; }
  GLint uniform(const char* name) const { return glGetUniformLocation(id_, name); }
  /// The context is gone and the GL object with it.
  void forget() { id_ = 0; }

 private:
  GLuint id_ = 0;
};

}  // namespace lenet::gfx
