// Where the widgets of the current frame are, by name, in CSS pixels from the canvas' top left corner. Scripts and tests use
// it to click the real ones and to know which pixels belong to which tile.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lenet::ui {

struct NamedRect {
  std::string name;  ///< "play", "freeze.conv1", "tile.conv1.3", …
  float x = 0, y = 0, width = 0, height = 0;
  float scale = 0;  ///< tiles: the value that gets the full colour; 0 for other widgets
};

class Registry {
 public:
  void begin_frame() { rects_.clear(); }
  void add(NamedRect rect) { rects_.push_back(std::move(rect)); }
  const std::vector<NamedRect>& rects() const { return rects_; }
  /// nullptr where no such widget is on screen.
  const NamedRect* find(std::string_view name) const;

 private:
  std::vector<NamedRect> rects_;
};

}  // namespace lenet::ui
