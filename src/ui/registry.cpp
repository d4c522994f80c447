// The list of named widgets.
#include "ui/registry.h"

#include <algorithm>

namespace lenet::ui {

const NamedRect* Registry::find(std::string_view name) const {
  const auto found = std::find_if(rects_.begin(), rects_.end(), [&](const NamedRect& r) { return r.name == name; });
  return found == rects_.end() ? nullptr : &*found;
}

}  // namespace lenet::ui
