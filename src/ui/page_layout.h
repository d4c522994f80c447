// Where the panels go.
#pragma once

#include "ui/context.h"

namespace lenet::ui {

/// The whole page: columns on a wide one, tabs on a narrow one.
void draw_page_layout(const Context& ui);

}  // namespace lenet::ui
