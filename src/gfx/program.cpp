// Compiling and linking shaders, with errors that name the shader.
#include "gfx/program.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace lenet::gfx {

namespace {

constexpr std::string_view kHeader = "#version 300 es\nprecision highp float;\nprecision highp int;\n";

std::string shader_log(GLuint shader) {
  GLint length = 0;
  glGetShaderiv(shader, GL_INFO_LOG_LENGTH, &length);
  std::string log(length > 0 ? length : 1, '\0');
  glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size()), nullptr, log.data());
  return log.c_str();
}

GLuint compile(GLenum stage, std::string_view name, std::initializer_list<std::string_view> pieces) {
  std::string source(kHeader);
  for (const std::string_view piece : pieces) source += piece;
  const char* text = source.c_str();
  const GLuint shader = glCreateShader(stage);
  glShaderSource(shader, 1, &text, nullptr);
  glCompileShader(shader);
  GLint compiled = GL_FALSE;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (compiled == GL_TRUE) return shader;
  const std::string log = shader_log(shader);
  glDeleteShader(shader);
  throw std::runtime_error("The " + std::string(stage == GL_VERTEX_SHADER ? "vertex" : "fragment") + " shader \"" +
                           std::string(name) + "\" does not compile: " + log);
}

}  // namespace

Program::Program(std::string_view name, std::initializer_list<std::string_view> vertex,
                 std::initializer_list<std::string_view> fragment) {
  const GLuint vertex_shader = compile(GL_VERTEX_SHADER, name, vertex);
  const GLuint fragment_shader = compile(GL_FRAGMENT_SHADER, name, fragment);
  id_ = glCreateProgram();
  glAttachShader(id_, vertex_shader);
  glAttachShader(id_, fragment_shader);
  glLinkProgram(id_);
  glDeleteShader(vertex_shader);
  glDeleteShader(fragment_shader);
  GLint linked = GL_FALSE;
  glGetProgramiv(id_, GL_LINK_STATUS, &linked);
  if (linked == GL_TRUE) return;
  std::string log(1024, '\0');
  glGetProgramInfoLog(id_, static_cast<GLsizei>(log.size()), nullptr, log.data());
  glDeleteProgram(id_);
  throw std::runtime_error("The shader program \"" + std::string(name) + "\" does not link: " + log.c_str());
}

Program::~Program() {
  if (id_ != 0) glDeleteProgram(id_);
}

Program::Program(Program&& other) noexcept : id_(std::exchange(other.id_, 0)) {}

Program& Program::operator=(Program&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

}  // namespace lenet::gfx
