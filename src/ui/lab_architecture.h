// A column of the Architecture lab: what was found in one network.
#pragma once

#include "ui/context.h"

namespace lenet::ui {

struct ArchitectureColumn {
  const char* name = "now";              ///< "before" or "now": registered names begin with it
  const lab::ArchitectureResult& found;
  app::CurvePoint accuracy;              ///< measured last for that network; n is 0 where there was none
  double spectrum_top = 1;               ///< share that fills a bar; the same in both columns
  bool present = true;                   ///< its units can be locked
};

/// Fills `size` at the cursor; on a narrow page as high as its content.
void draw_architecture_column(const Context& ui, const ArchitectureColumn& column, ImVec2 size);

}  // namespace lenet::ui
