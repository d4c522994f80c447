// The Architecture lab: a two-conv network from a few choices, and the two symptoms before and after.
#include <algorithm>
#include <array>

#include "ui/format.h"
#include "ui/lab_architecture.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using app::ArchitectureChoice;
using lab::ArchitectureRequest;
using lab::ArchitectureResult;

constexpr const char* kPaperText =
    "Zeiler & Fergus 2014, section 4.1: the first layer of Krizhevsky et al. had kernels of very low and very high frequencies with few between, and "
    "its stride of 4 aliased the second layer. 7×7 with stride 2 cured both. Here both convs are padded so that the maps do not shrink to nothing.";

/// One of a row of options: what it makes of the choice, and why that is no network.
struct Option {
  std::string label, part;
  ArchitectureChoice choice;
  std::string reason = {};
};

/// Options side by side; those that do not fit are grey and say why. Sets `choice` to the one that is clicked.
void option_row(const Context& ui, const char* name, const char* label, std::span<const Option> options, ArchitectureChoice& choice, float width,
                const char* explanation) {
  small_text(ui, label);
  tooltip(explanation);
  const float each = std::floor(width / static_cast<float>(options.size()));
  const float height = ImGui::GetFontSize() + 2 * ImGui::GetStyle().FramePadding.y, rounding = ImGui::GetStyle().FrameRounding;
  const ImVec2 origin = ImGui::GetCursorScreenPos(), end(origin.x + each * static_cast<float>(options.size()), origin.y + height);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(origin, end, ui.theme.raised, rounding);
  const ArchitectureChoice now = choice;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Option& option = options[i];
    const bool chosen = option.choice == now, can = option.reason.empty();
    ImGui::SetCursorScreenPos({origin.x + each * static_cast<float>(i), origin.y});
    const std::string full = std::string(name) + "." + option.part;
    ImGui::PushID(full.c_str());
    const bool clicked = ImGui::InvisibleButton("part", {each, height});
    ImGui::PopID();
    ui.mark(full);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    if (chosen || (can && ImGui::IsItemHovered())) draw->AddRectFilled(low, high, chosen ? ui.theme.accent : ui.theme.hovered, rounding);
    const ImVec2 size = ImGui::CalcTextSize(option.label.c_str());
    const ImU32 color = chosen ? ui.theme.on_accent : can ? ui.theme.text : (ui.theme.muted & ~IM_COL32_A_MASK) | (110u << IM_COL32_A_SHIFT);
    draw->AddText({std::round((low.x + high.x - size.x) / 2), std::round((low.y + high.y - size.y) / 2)}, color, option.label.c_str());
    tooltip(can ? explanation : option.reason.c_str());
    if (clicked && can) choice = option.choice;
  }
  draw->AddRect(origin, end, ui.theme.border, rounding);
}

int class_count(const Context& ui) { return static_cast<int>(ui.snapshot.class_names.size()); }

std::string text_of(const Context& ui, const ArchitectureChoice& choice) { return app::network_text(choice, class_count(ui)); }

/// Why there is no such network for the data set's images; empty where there is.
std::string reason_against(const Context& ui, const std::string& network) {
  return app::fits(network, ui.snapshot.input, class_count(ui));
}

/// A row whose options each change one thing of the present choice.
template <class Change>
std::vector<Option> options_of(const Context& ui, const std::vector<std::pair<std::string, std::string>>& words, const Change& change) {
  std::vector<Option> options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    Option option{words[i].first, words[i].second, ui.state.labs.architecture.choice};
    change(option.choice, static_cast<int>(i));
    option.reason = reason_against(ui, text_of(ui, option.choice));
    options.push_back(std::move(option));
  }
  return options;
}

/// The fields follow a network that came from elsewhere: from a link, a script, or an earlier choice. Presets leave them alone.
void follow_run(const Context& ui) {
  ArchitectureState& state = ui.state.labs.architecture;
  if (state.run == ui.snapshot.run) return;
  state.run = ui.snapshot.run;
  const std::string& network = ui.snapshot.settings.recipe.network;
  if (network.empty()) return;
  if (const auto choice = app::choice_of(nn::parse_network(network, ui.snapshot.input))) state.choice = *choice;
}

void draw_choice(const Context& ui, float width) {
  ArchitectureChoice& choice = ui.state.labs.architecture.choice;
  option_row(ui, "architecture.kernel", "conv 1: kernel size",
             options_of(ui, {{"3", "3"}, {"5", "5"}, {"7", "7"}, {"9", "9"}, {"11", "11"}}, [](ArchitectureChoice& c, int i) { c.kernel = 3 + 2 * i; }),
             choice, width, "Side of the first conv layer's kernels in pixels.");
  option_row(ui, "architecture.stride", "conv 1: stride",
             options_of(ui, {{"1", "1"}, {"2", "2"}, {"3", "3"}, {"4", "4"}}, [](ArchitectureChoice& c, int i) { c.stride = 1 + i; }), choice, width,
             "Pixels from one output of the first conv layer to the next.");
  option_row(ui, "architecture.padding", "padding of both convs",
             options_of(ui, {{"same", "same"}, {"none", "none"}}, [](ArchitectureChoice& c, int i) { c.same = i == 0; }), choice, width,
             "Same: zeros around the image, (kernel − 1) / 2 on each side, so that a stride of 1 keeps the size. None: maps shrink by kernel − 1.");
  option_row(ui, "architecture.pool", "pools of 2×2",
             options_of(ui, {{"max", "max"}, {"average", "average"}}, [](ArchitectureChoice& c, int i) { c.average = i == 1; }), choice, width,
             "After each conv layer: the largest of four values, or their mean.");
  static constexpr std::array kKinds = {nn::LayerKind::kRelu, nn::LayerKind::kTanh, nn::LayerKind::kSigmoid};
  option_row(ui, "architecture.nonlinearity", "nonlinearity",
             options_of(ui, {{"ReLU", "relu"}, {"tanh", "tanh"}, {"sigmoid", "sigmoid"}},
                        [](ArchitectureChoice& c, int i) { c.nonlinearity = kKinds[static_cast<std::size_t>(i)]; }),
             choice, width, "After both convs and the 500 units: max(0, x), tanh(x) or 1 / (1 + exp(−x)).");
  static constexpr std::array<double, 4> kFirst = {6, 10, 20, 40}, kSecond = {12, 25, 50, 100};
  const float field = std::floor((width - 8) / 2);
  if (const auto maps = number_field(ui, {.name = "architecture.maps1", .label = "maps of conv 1", .value = static_cast<double>(choice.first_maps),
                                          .low = 1, .high = 64, .whole = true, .width = field - 18,
                                          .explanation = "Kernels of the first conv layer, 1 to 64.", .choices = kFirst})) {
    choice.first_maps = static_cast<int>(*maps);
  }
  ImGui::SameLine(0, 8);
  if (const auto maps = number_field(ui, {.name = "architecture.maps2", .label = "maps of conv 2", .value = static_cast<double>(choice.second_maps),
                                          .low = 1, .high = 128, .whole = true, .width = field - 18,
                                          .explanation = "Maps of the second conv layer, 1 to 128.", .choices = kSecond})) {
    choice.second_maps = static_cast<int>(*maps);
  }
}

std::size_t parameters_now(const app::Snapshot& s) {
  std::size_t count = 0;
  for (const app::LayerView& layer : s.layers) count += layer.parameter_count;
  return count;
}

/// The findings if they are those of the network that trains, and not of the one before it.
const ArchitectureResult* present(const Context& ui) {
  const auto* found_now = found<ArchitectureRequest, ArchitectureResult>(ui);
  const bool fresh = found_now != nullptr && found_now->step <= ui.snapshot.step && found_now->parameters == parameters_now(ui.snapshot);
  return fresh ? found_now : nullptr;
}

app::CurvePoint last_accuracy(const app::Snapshot& s) { return s.accuracy.empty() ? app::CurvePoint{} : s.accuracy.back(); }

void pin(const Context& ui) {
  if (present(ui) == nullptr) return;
  ArchitectureState& state = ui.state.labs.architecture;
  state.before = view_of<ArchitectureRequest>(ui)->outcome;
  state.accuracy = last_accuracy(ui.snapshot);
}

void pin_if_none(const Context& ui) {
  if (!ui.state.labs.architecture.before && ui.snapshot.step > 0) pin(ui);
}

void build(const Context& ui, const std::string& network) { ui.post(app::command::Reset{.recipe = {.network = network}}); }

void draw_build(const Context& ui, float width) {
  ArchitectureState& state = ui.state.labs.architecture;
  const std::string text = text_of(ui, state.choice), reason = reason_against(ui, text);
  small_paragraph(ui, reason.empty() ? text : reason);
  ui.mark("architecture.text");
  if (button_unless(ui, reason, "architecture.build", "Build this net ↺", {width, 0}, ButtonLook::kPrimary,
                    "A new run of this network at step 0, with the seed and the settings that it has. What was found in the present one is kept as "
                    "“Before”, if it was trained and nothing else is kept. Then press Play.")) {
    pin_if_none(ui);
    build(ui, text);
  }
  const bool can_pin = present(ui) != nullptr;
  if (button_unless(ui, can_pin ? "" : "There is nothing to keep yet.", "architecture.keep", "Keep as before", {width, 0}, ButtonLook::kPlain,
                    "Keeps what was found in the present network, as it is at this step, beside what is found from now on.")) {
    pin(ui);
  }
}

void draw_paper(const Context& ui, float width) {
  ArchitectureState& state = ui.state.labs.architecture;
  heading(ui, "As in the paper", kPaperText);
  const auto classic = [&](int kernel, int stride) {
    state.choice = {.kernel = kernel, .stride = stride, .same = true};
    build(ui, text_of(ui, state.choice));
  };
  if (button(ui, "architecture.paper.first", "1. 11×11, stride 4 ↺", {width, 0}, ButtonLook::kPlain,
             "First: builds this network and forgets what was kept. Then press Play and train it.")) {
    state.before.reset();
    classic(11, 4);
  }
  const std::string reason = ui.snapshot.step == 0 || present(ui) == nullptr ? "Train the network with 11×11 first: this one keeps it as “Before”." : "";
  if (button_unless(ui, reason, "architecture.paper.second", "2. then 7×7, stride 2 ↺", {width, 0}, ButtonLook::kPlain,
                    "Then: keeps the present network as “Before” and builds this one. Train it as long as the first.")) {
    pin(ui);
    classic(7, 2);
  }
}

void draw_controls(const Context& ui, float width) {
  const std::string& now = ui.snapshot.settings.recipe.preset;
  const std::vector<Choice> presets = preset_choices(ui.snapshot.settings);
  follow_run(ui);
  draw_choice(ui, width);
  draw_build(ui, width);
  draw_paper(ui, width);
  if (const auto key = choice_field(ui, "architecture.preset", "or a network by its name ↺", presets, now, width, "Builds it: a new run at step 0.")) {
    if (*key != "custom") {
      pin_if_none(ui);
      ui.post(app::command::Reset{.recipe = {.preset = *key}});
    }
  }
}

double highest(const ArchitectureResult* result) {
  double top = 0;
  if (result == nullptr) return top;
  for (const auto* shares : {&result->spectrum, &result->white_spectrum}) {
    for (const double share : *shares) top = std::max(top, share);
  }
  return top;
}

void draw_before(const Context& ui, const ArchitectureResult* before, double top, float width) {
  ArchitectureState& state = ui.state.labs.architecture;
  ImGui::AlignTextToFramePadding();
  heading(ui, "Before", "What was kept of an earlier network: by “Keep as before”, or when this one was built.");
  if (before == nullptr) {
    small_paragraph(ui, "Nothing is kept yet. “Keep as before” puts what is found now here; a build does so by itself, if nothing is kept.");
    return;
  }
  small_text_beside(ui, "step " + grouped(before->step), 8);
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - 60);
  if (button(ui, "architecture.forget", "Forget", {60, 0}, ButtonLook::kPlain, "Lets go of it.")) {
    state.before.reset();
    return;
  }
  draw_architecture_column(ui, {"before", *before, state.accuracy, top, false}, {width, ImGui::GetContentRegionAvail().y});
}

void draw_now(const Context& ui, const ArchitectureResult* now, double top, float width) {
  const app::LabView* view = view_of<ArchitectureRequest>(ui);
  ImGui::AlignTextToFramePadding();
  heading(ui, "Now", "The network that trains, worked out anew while it does.");
  if (now == nullptr) {
    if (!draw_missing(ui, view)) small_paragraph(ui, "is being worked out …");
    return;
  }
  ImGui::SameLine(0, 8);
  draw_age(ui, view, now->step);
  draw_architecture_column(ui, {"now", *now, last_accuracy(ui.snapshot), top, true}, {width, ImGui::GetContentRegionAvail().y});
}

}  // namespace

std::vector<lab::Request> architecture_requests(const Context&) { return {ArchitectureRequest{}}; }

void draw_architecture_lab(const Context& ui, ImVec2) {
  // Held here too: a button may let go of it while it is drawn.
  const std::shared_ptr<const lab::Outcome> held = ui.state.labs.architecture.before;
  const ArchitectureResult* before = held ? std::get_if<ArchitectureResult>(held.get()) : nullptr;
  const ArchitectureResult* now = present(ui);
  const double top = std::max({highest(before), highest(now), 1e-9});
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float controls = ui.narrow ? room.x : 250, gap = 14;
  begin_part("architecture.controls", {controls, ui.narrow ? 0 : room.y});
  draw_controls(ui, controls - (ui.narrow ? 0.0f : 12.0f));
  end_part();
  const float column = ui.narrow ? room.x : std::floor((room.x - controls - 2 * gap) / 2);
  const auto begin = [&](const char* id) {
    if (!ui.narrow) ImGui::SameLine(0, gap);
    begin_part(id, {column, ui.narrow ? 0 : room.y});
  };
  const float width = column - (ui.narrow ? 0.0f : 2.0f);
  begin("architecture.before");
  draw_before(ui, before, top, width);
  end_part();
  begin("architecture.now");
  draw_now(ui, now, top, width);
  end_part();
}

}  // namespace lenet::ui
