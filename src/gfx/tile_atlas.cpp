// The tile atlas: packing on shelves, uploading values, the colour pass.
#include "gfx/tile_atlas.h"

#include <algorithm>
#include <stdexcept>

#include "embedded/shaders.h"

namespace lenet::gfx {

namespace {

constexpr int kGutter = 1;
constexpr int kLargestSize = 2048;
constexpr int kFloatsPerInstance = 6;

GLuint make_texture(GLenum internal_format, int size) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexStorage2D(GL_TEXTURE_2D, 1, internal_format, size, size);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return texture;
}

}  // namespace

TileAtlas::TileAtlas() { create(); }

TileAtlas::~TileAtlas() { destroy(); }

void TileAtlas::create() {
  program_ = Program("tile", {embedded::shader_tile_vert}, {embedded::shader_palette_glsl, embedded::shader_tile_frag});
  size_uniform_ = program_.uniform("u_atlas_size");
  value_texture_ = make_texture(GL_R32F, size_);
  color_texture_ = make_texture(GL_RGBA8, size_);
  glBindTexture(GL_TEXTURE_2D, 0);

  glGenFramebuffers(1, &framebuffer_);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, color_texture_, 0);
  const bool complete = glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  if (!complete) throw std::runtime_error("The graphics driver cannot draw into a texture.");

  glGenVertexArrays(1, &vertex_array_);
  glGenBuffers(1, &instance_buffer_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, instance_buffer_);
  constexpr GLsizei kStride = kFloatsPerInstance * sizeof(float);
  glEnableVertexAttribArray(0);
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, kStride, nullptr);
  glVertexAttribDivisor(0, 1);
  glEnableVertexAttribArray(1);
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, kStride, reinterpret_cast<const void*>(4 * sizeof(float)));
  glVertexAttribDivisor(1, 1);
  glBindVertexArray(0);

  values_.assign(static_cast<std::size_t>(size_) * size_, 0.0f);
  tiles_.clear();
  instances_.clear();
  cursor_ = first_new_ = 0;
  shelf_x_ = shelf_y_ = shelf_height_ = 0;
}

void TileAtlas::destroy() {
  glDeleteTextures(1, &value_texture_);
  glDeleteTextures(1, &color_texture_);
  glDeleteFramebuffers(1, &framebuffer_);
  glDeleteVertexArrays(1, &vertex_array_);
  glDeleteBuffers(1, &instance_buffer_);
}

void TileAtlas::restore() {
  program_.forget();
  create();
}

void TileAtlas::begin(std::uint64_t version) {
  if (grow_) {
    grow_ = false;
    if (size_ < kLargestSize) {
      destroy();
      size_ *= 2;
      create();
    }
  }
  replaying_ = version == version_;
  version_ = version;
  cursor_ = 0;
  if (!replaying_) drop_tail();
  first_new_ = tiles_.size();
}

/// Takes the tiles from the cursor on out again.
void TileAtlas::drop_tail() {
  if (cursor_ >= tiles_.size()) return;
  shelf_x_ = tiles_[cursor_].shelf_x;
  shelf_y_ = tiles_[cursor_].shelf_y;
  shelf_height_ = tiles_[cursor_].shelf_height;
  tiles_.resize(cursor_);
}

bool TileAtlas::place(Tile& tile) {
  const int width = tile.width + 2 * kGutter, height = tile.height * planes(tile.style.palette) + 2 * kGutter;
  if (shelf_x_ + width > size_) {
    shelf_y_ += shelf_height_;
    shelf_x_ = shelf_height_ = 0;
  }
  if (width > size_ || shelf_y_ + height > size_) return false;
  tile.x = shelf_x_ + kGutter;
  tile.y = shelf_y_ + kGutter;
  shelf_x_ += width;
  shelf_height_ = std::max(shelf_height_, height);
  return true;
}

void TileAtlas::write(const Tile& tile) {
  for (int y = 0; y < tile.height * planes(tile.style.palette); ++y) {
    const float* row = tile.data + static_cast<std::size_t>(y) * tile.width;
    std::copy(row, row + tile.width, values_.begin() + static_cast<std::ptrdiff_t>(tile.y + y) * size_ + tile.x);
  }
}

TileRef TileAtlas::reference(const Tile& tile) const {
  const float texel = 1.0f / static_cast<float>(size_);
  return {static_cast<float>(tile.x) * texel,
          static_cast<float>(tile.y) * texel,
          static_cast<float>(tile.x + tile.width) * texel,
          static_cast<float>(tile.y + tile.height) * texel,
          tile.width,
          tile.height};
}

TileRef TileAtlas::add(std::span<const float> values, int width, int height, const TileStyle& style) {
  if (width <= 0 || height <= 0 || values.size() < static_cast<std::size_t>(width) * height * planes(style.palette)) return {};
  if (replaying_ && cursor_ < tiles_.size()) {
    const Tile& old = tiles_[cursor_];
    if (old.data == values.data() && old.width == width && old.height == height && old.style == style) {
      ++cursor_;
      return reference(old);
    }
    drop_tail();
    first_new_ = cursor_;
  }
  Tile tile{values.data(), style, 0, 0, width, height, shelf_x_, shelf_y_, shelf_height_};
  if (!place(tile)) {
    grow_ = size_ < kLargestSize;
    return {};
  }
  write(tile);
  tiles_.push_back(tile);
  cursor_ = tiles_.size();
  return reference(tile);
}

void TileAtlas::flush() {
  if (first_new_ >= tiles_.size()) return;
  ++uploads_;
  const int first_row = tiles_[first_new_].shelf_y;
  const int end_row = std::min(size_, shelf_y_ + shelf_height_);
  glBindTexture(GL_TEXTURE_2D, value_texture_);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, first_row, size_, end_row - first_row, GL_RED, GL_FLOAT,
                  values_.data() + static_cast<std::size_t>(first_row) * size_);

  instances_.clear();
  for (std::size_t i = first_new_; i < tiles_.size(); ++i) {
    const Tile& t = tiles_[i];
    const float instance[kFloatsPerInstance] = {static_cast<float>(t.x),
                                                static_cast<float>(t.y),
                                                static_cast<float>(t.width),
                                                static_cast<float>(t.height),
                                                static_cast<float>(t.style.palette),
                                                t.style.scale};
    instances_.insert(instances_.end(), instance, instance + kFloatsPerInstance);
  }
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glViewport(0, 0, size_, size_);
  glDisable(GL_BLEND);
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_CULL_FACE);
  glDisable(GL_DEPTH_TEST);
  glUseProgram(program_.id());
  glUniform2f(size_uniform_, static_cast<float>(size_), static_cast<float>(size_));
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, value_texture_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, instance_buffer_);
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(instances_.size() * sizeof(float)), instances_.data(), GL_STREAM_DRAW);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(tiles_.size() - first_new_));
  glBindVertexArray(0);
  glBindTexture(GL_TEXTURE_2D, 0);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  first_new_ = tiles_.size();
}

}  // namespace lenet::gfx
