// A comparison over seeds: how many, how long, what came out; and the results of others.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/class_question.h"
#include "app/results_view.h"
#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr const char* kText =
    "Repeats the comparison with n seeds: other initial weights and another order of the images each time, the same for all arms. Shown are "
    "the mean of test accuracy ± standard deviation, and the paired difference to the first arm with its 95 % interval (Student's t). An "
    "interval that holds 0 says that n is too small to tell, or that there is no difference.";
constexpr const char* kPoolText =
    "Results files of others (Save results here, or results.json of lenet-lab study) become one: drop them on the page. Only runs that answer the same question "
    "are pooled; a seed that several have counts once.";

void draw_length(const Context& ui) {
  static constexpr std::array<const char*, 2> kLabels = {"steps", "epochs"};
  CompareState& state = ui.state.compare;
  const auto field = [&](const char* name, const char* label, int value, int high, const char* explanation) {
    return number_field(ui, {.name = name, .label = label, .value = static_cast<double>(value), .low = 1, .high = static_cast<double>(high),
                             .whole = true, .width = 62, .explanation = explanation});
  };
  if (const auto n = field("seeds.count", "seeds", state.seeds, 1000, "How many seeds.")) state.seeds = static_cast<int>(*n);
  ImGui::SameLine(0, 6);
  if (const auto n = field("seeds.first", "from seed", state.first_seed, 1 << 30, "The first seed; the others follow.")) {
    state.first_seed = static_cast<int>(*n);
  }
  ImGui::SameLine(0, 6);
  if (const auto n = field("seeds.length", "each for", state.length, 10'000'000, "Length of every run.")) state.length = static_cast<int>(*n);
  ImGui::SameLine(0, 6);
  begin_field("unit");
  small_text(ui, " ");
  const int clicked = segmented(ui, "seeds.unit", kLabels, kLabels, state.in_epochs ? 1 : 0, 112);
  if (clicked >= 0) state.in_epochs = clicked == 1;
  ImGui::EndGroup();
}

void draw_progress(const Context& ui) {
  const app::SeedsView& seeds = ui.snapshot.seeds;
  const double part = seeds.wanted > 0 ? (seeds.done + seeds.fraction) / seeds.wanted : 0;
  const float width = ImGui::GetContentRegionAvail().x, height = ImGui::GetFontSize() + 3;
  const ImVec2 low = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, height});
  ui.mark("seeds.progress");
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(low, {low.x + width, low.y + height}, ui.theme.faint, 5);
  draw->AddRectFilled(low, {low.x + width * static_cast<float>(std::clamp(part, 0.0, 1.0)), low.y + height},
                      (ui.theme.accent & ~IM_COL32_A_MASK) | (110u << IM_COL32_A_SHIFT), 5);
  const std::string text = print("%d of %d seeds · seed %llu is at step %s", seeds.done, seeds.wanted,
                                 static_cast<unsigned long long>(ui.snapshot.settings.seed), grouped(ui.snapshot.step).c_str());
  draw->AddText({low.x + (width - text_width(text)) / 2, low.y + 2}, ui.theme.text, text.c_str());
}

app::command::RepeatSeeds repeat_of(const CompareState& state) {
  app::command::RepeatSeeds repeat;
  repeat.first = static_cast<std::uint64_t>(state.first_seed);
  repeat.count = state.seeds;
  if (state.in_epochs) {
    repeat.epochs = state.length;
  } else {
    repeat.steps = static_cast<std::uint64_t>(state.length);
  }
  return repeat;
}

std::string question_of(const Context& ui, int seeds) {
  const CompareState& state = ui.state.compare;
  const app::command::RepeatSeeds repeat = repeat_of(state);
  return app::class_question(ui.snapshot, state.comparison, seeds, repeat.epochs, repeat.steps);
}

void draw_buttons(const Context& ui) {
  CompareState& state = ui.state.compare;
  const bool running = ui.snapshot.seeds.running;
  if (running) {
    if (button(ui, "seeds.stop", "Stop", {90, 0}, ButtonLook::kPlain, "Stops the repetition; the seeds that are done are kept.")) {
      ui.post(app::command::StopSeeds{});
    }
  } else if (!ui.snapshot.exact) {
    small_text(ui, "Seeds need the exact build, so that each gives the same bits everywhere.");
    if (ui.callbacks.reload_exact && button(ui, "seeds.exact", "Reload with the exact build", {0, 0}, ButtonLook::kPrimary,
                                            "Opens this page again with the build whose results are the same bits everywhere. The run starts anew.")) {
      ui.callbacks.reload_exact(question_of(ui, state.seeds));
    }
  } else if (button(ui, "seeds.run", "Run seeds", {90, 0}, ButtonLook::kPrimary,
                    "Runs every arm with every seed, in place of the present run. Seeds of the same question that are done already are kept; results of "
                    "another question are replaced.")) {
    state.source = CurveSource::kSeeds;
    ui.post(repeat_of(state));
  }
  if (ui.callbacks.copy_class_link) {
    flow(120, 6);
    if (button(ui, "class.link", "Copy class link", {118, 0}, ButtonLook::kPlain,
               "An address for a class: it opens this comparison with a seed of each student's own, for results to be pooled.")) {
      ui.callbacks.copy_class_link(question_of(ui, 1));
    }
  }
}

std::string plus_minus(const lab::Summary& s) {
  if (s.n == 0) return "–";
  return print("%.2f", 100 * s.mean) + (s.n > 1 ? print(" ± %.2f", 100 * s.deviation) : "") + " %";
}

std::string interval(const lab::Summary& s) {
  if (s.n == 0) return "–";
  const std::string mean = signed_number(100 * s.mean);
  if (s.n == 1) return mean;
  return mean + " [" + signed_number(100 * (s.mean - s.half_width)) + ", " + signed_number(100 * (s.mean + s.half_width)) + "]";
}

void draw_table(const Context& ui, const char* id, const app::ResultsView& results) {
  small_text(ui, results.question);  // the arms may be others by now
  if (!ImGui::BeginTable(id, 4, ImGuiTableFlags_SizingFixedFit)) return;
  ImGui::TableSetupColumn("arm", ImGuiTableColumnFlags_WidthStretch);
  ImGui::PushFont(ui.fonts.small);
  ImGui::TableNextRow();
  for (const char* title : {"arm", "n", "test accuracy", "difference, points [95 %]"}) {
    ImGui::TableNextColumn();
    muted_text(ui, title);
  }
  for (std::size_t i = 0; i < results.arms.size(); ++i) {
    const lab::ArmSummary& arm = results.arms[i].summary;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    colored_text(ui.theme.arms[i % std::size(ui.theme.arms)], arm.arm);
    ImGui::TableNextColumn();
    ImGui::Text("%d%s", arm.test.n, arm.diverged > 0 ? print(" (%d div.)", arm.diverged).c_str() : "");
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(plus_minus(arm.test).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(i == 0 ? "–" : interval(arm.difference).c_str());
  }
  ImGui::PopFont();
  ImGui::EndTable();
}

void draw_saving(const Context& ui, bool pooled) {
  if (!ui.callbacks.save_results) return;
  const std::string prefix = pooled ? "pool." : "results.";
  if (button(ui, (prefix + "json").c_str(), "Save results", {104, 0}, ButtonLook::kPlain, "A file that others can drop on their page, to be pooled.")) {
    ui.callbacks.save_results(pooled, false);
  }
  ImGui::SameLine(0, 6);
  if (button(ui, (prefix + "csv").c_str(), "CSV", {50, 0}, ButtonLook::kPlain, "A table: a row for every run and measurement.")) {
    ui.callbacks.save_results(pooled, true);
  }
}

void draw_pool(const Context& ui) {
  const app::SeedsView& seeds = ui.snapshot.seeds;
  heading(ui, "A class's results", kPoolText);
  if (ui.callbacks.open_results && button(ui, "pool.open", "Open files …", {104, 0}, ButtonLook::kPlain, "Results files to pool; dropping them on the page does the same.")) {
    ui.callbacks.open_results();
  }
  if (!seeds.pooled) {
    ImGui::SameLine(0, 8);
    small_text(ui, "or drop them on the page");
    return;
  }
  ImGui::SameLine(0, 6);
  draw_saving(ui, true);
  ImGui::SameLine(0, 6);
  if (button(ui, "pool.clear", "Clear", {54, 0}, ButtonLook::kPlain, "Forgets the pooled files.")) ui.post(app::command::ClearPool{});
  small_text(ui, print("%d %s, %d different %s", seeds.pooled_files, seeds.pooled_files == 1 ? "file" : "files", seeds.pooled->seeds,
                         seeds.pooled->seeds == 1 ? "seed" : "seeds"));
  ui.mark("pool.summary");
  small_text(ui, seeds.pooled->contributors);
  draw_table(ui, "pooled", *seeds.pooled);
}

}  // namespace

void draw_seeds_panel(const Context& ui) {
  const app::SeedsView& seeds = ui.snapshot.seeds;
  heading(ui, "Over seeds", kText);
  draw_length(ui);
  draw_buttons(ui);
  if (seeds.running) draw_progress(ui);
  if (seeds.results && seeds.results->seeds > 0) {
    draw_table(ui, "results", *seeds.results);
    draw_saving(ui, false);
  }
  ImGui::Separator();
  draw_pool(ui);
}

}  // namespace lenet::ui
