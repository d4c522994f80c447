// The sanity check of the Look back lab.
#pragma once

#include "ui/context.h"

namespace lenet::ui {

/// The three rules' names, in the order of lab::kRules, and their colours in charts.
const char* rule_label(std::size_t rule);
ImU32 rule_color(const Context& ui, std::size_t rule);

/// The pictures and correlations of all stages, filling `size` at the cursor (on a narrow page as high as they need).
void draw_sanity_table(const Context& ui, ImVec2 size);
/// Correlation against the stage, with what it means for the locked unit.
void draw_sanity_chart(const Context& ui, ImVec2 size);

/// "Use output unit": locks the most probable class's logit. Nothing where that is locked already.
void draw_use_output(const Context& ui);

}  // namespace lenet::ui
