// The panels of the page, one source file each. A panel draws itself into the current window and pushes commands.
#pragma once

#include <string_view>
#include <vector>

#include "ui/context.h"

namespace lenet::ui {

struct Choice;  // ui/widgets.h

void draw_top_bar(const Context& ui);
/// The data sets, somebody's own among them once it is there.
std::vector<Choice> dataset_choices(const app::Snapshot& snapshot);
std::vector<Choice> initializer_choices();
/// The networks that can be chosen by name, and "custom" where the run has one of its own.
std::vector<Choice> preset_choices(const app::Settings& settings);
/// To step 0, by the page where it keeps a way back.
void rewind(const Context& ui);
/// Errors, notices, a diverged run; nothing when all is well.
void draw_banners(const Context& ui);
void draw_input_panel(const Context& ui);
/// What the network says to the current image, and its loss.
void draw_answer(const Context& ui);
void draw_loss(const Context& ui);
/// The next test image, or the one before; only those that the network gets wrong where the person wants that.
void next_image(const Context& ui, bool back);
/// The switch for that.
void draw_wrong_only(const Context& ui, const char* name, ImVec2 size);
/// Palette and scale, kViewBarWidth wide; on a narrow page all there is.
void draw_view_bar(const Context& ui);
inline constexpr float kViewBarWidth = 128 + 6 + 168;
void draw_stages_panel(const Context& ui);
void draw_stage_header(const Context& ui, const app::LayerView& layer);
void draw_inspector(const Context& ui);
/// Deconv, gradient, guided: the session's rule, `width` wide with its ⓘ.
void draw_rules(const Context& ui, float width);
void draw_kernels(const Context& ui, const app::LayerView& layer, int unit);
/// The current image's projection beside image and patch.
void draw_projection(const Context& ui, const app::ProjectionView& view);
/// The locked unit's nine strongest held-out images: what it sees in each, and the patches.
void draw_winners(const Context& ui);
/// One of them, its projection or its patch, at the cursor with a longer side of `side`; `rank` is an index into Snapshot::winners.
void draw_winner(const Context& ui, std::size_t rank, bool projection, float scale, float side, const std::string& name);
/// The one scale of their projections.
float winners_scale(const Context& ui);
void draw_progress_panel(const Context& ui);
void draw_curves_panel(const Context& ui);
/// The Compare lab: twins side by side, over seeds, and a class's results.
void draw_compare_lab(const Context& ui, ImVec2 size);
void draw_compare_charts(const Context& ui, ImVec2 size);
void draw_arms_table(const Context& ui);
void draw_arm_filters(const Context& ui);
void draw_seeds_panel(const Context& ui);
void draw_plan_panel(const Context& ui);
void draw_debug_overlay(const Context& ui);
void draw_help_window(const Context& ui);

/// Keys that work while nobody types.
void handle_keys(const Context& ui);

}  // namespace lenet::ui
