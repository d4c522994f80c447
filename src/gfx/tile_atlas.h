// Small images of numbers (filters, feature maps, projections) as one coloured texture.
//
// Each frame: begin(), add() every tile that the frame shows, flush(). Values go into an R32F texture, a colour pass writes
// the RGBA texture of the same layout through shaders/palette.glsl, and the caller draws rectangles of that texture. When
// a frame adds the tiles of the frame before and their data have not changed, nothing is uploaded or drawn.
//
// Layout: shelves from the top; every tile has a gutter of one texel that repeats its edge. Sampling is nearest. A tile of three
// planes takes a place three times as high: the planes of its values lie below each other, and its colours where the first is.
#pragma once

#include <GLES3/gl3.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gfx/program.h"

namespace lenet::gfx {

/// Numbers as in shaders/palette.glsl. The last two take three values a texel, red, green and blue, in planes one after the other.
enum class Palette : std::uint8_t { kOrangeBlue = 0, kBlueGreenRed = 1, kPurpleGreen = 2, kGrey = 3, kColor = 4, kSignedColor = 5 };

/// Values a texel.
constexpr int planes(Palette palette) { return palette == Palette::kColor || palette == Palette::kSignedColor ? 3 : 1; }

struct TileStyle {
  Palette palette = Palette::kOrangeBlue;
  float scale = 1;  ///< the value that gets the full colour; signed palettes show -scale … scale, grey and colour 0 … scale
  bool operator==(const TileStyle&) const = default;
};

/// Where a tile is in the atlas texture: texture coordinates of its first and one past its last texel.
struct TileRef {
  float u0 = 0, v0 = 0, u1 = 0, v1 = 0;
  int width = 0, height = 0;
};

class TileAtlas {
 public:
  TileAtlas();
  ~TileAtlas();
  TileAtlas(const TileAtlas&) = delete;
  TileAtlas& operator=(const TileAtlas&) = delete;

  /// Starts a frame. `version` names the data's state: tiles at the same address are taken to be unchanged while it is.
  void begin(std::uint64_t version);

  /// Adds height × width values, row by row from the top, as many planes of them as the palette takes. Where the atlas is full the tile stays blank for this frame and
  /// the atlas grows for the next one.
  TileRef add(std::span<const float> values, int width, int height, const TileStyle& style);

  /// Uploads and colours what changed. Before the frame's own drawing; leaves the default framebuffer bound.
  void flush();

  GLuint texture() const { return color_texture_; }

  /// The GL context was lost and is back: makes everything anew.
  void restore();

  int size() const { return size_; }
  std::size_t tile_count() const { return cursor_; }
  std::uint64_t uploads() const { return uploads_; }

 private:
  struct Tile {
    const float* data;
    TileStyle style;
    int x, y, width, height;
    int shelf_x, shelf_y, shelf_height;  // the packer's state before this tile
  };

  void create();
  void destroy();
  bool place(Tile& tile);
  void write(const Tile& tile);
  void drop_tail();
  TileRef reference(const Tile& tile) const;

  Program program_;
  GLuint value_texture_ = 0, color_texture_ = 0, framebuffer_ = 0, vertex_array_ = 0, instance_buffer_ = 0;
  GLint size_uniform_ = -1;

  int size_ = 512;  // texels along each side
  bool grow_ = false;
  std::uint64_t version_ = 0;
  bool replaying_ = false;  // tiles so far are those of the frame before
  std::size_t cursor_ = 0;
  std::size_t first_new_ = 0;
  std::uint64_t uploads_ = 0;
  int shelf_x_ = 0, shelf_y_ = 0, shelf_height_ = 0;
  std::vector<Tile> tiles_;
  std::vector<float> values_;     // the value texture's content
  std::vector<float> instances_;  // six floats a tile, as in shaders/tile.vert
};

}  // namespace lenet::gfx
