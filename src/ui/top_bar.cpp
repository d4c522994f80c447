// The top bar: running the training, its speed, and its settings.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

// The slider's last 3 % stand for full speed; the rest is logarithmic from 1 to 1,000 steps a second.
constexpr double kFull = 0.97;

double speed_at(double position) { return position >= kFull ? 0 : std::pow(10.0, 3 * position / kFull); }

double position_of(double steps_per_second) {
  if (steps_per_second <= 0) return 1;
  return std::min(kFull - 0.001, std::max(0.0, std::log10(steps_per_second) / 3 * kFull));
}

float tall(const Context& ui) {
  return ui.fonts.small->FontSize * ImGui::GetIO().FontGlobalScale + ImGui::GetStyle().ItemSpacing.y + ImGui::GetFrameHeight();
}

void draw_play(const Context& ui, float height) {
  const bool playing = ui.snapshot.playing || ui.snapshot.seeds.running;
  const float width = ui.narrow ? 96.0f : 108.0f;
  const char* explanation =
      playing ? "Pauses after the current step. (Space)"
              : "Trains step after step until you pause. You can't break it: Rewind goes back to the start. (Space)";
  if (button(ui, "play", playing ? "⏸  Pause" : "▶  Play", {width, height}, ButtonLook::kPrimary, explanation)) {
    playing ? ui.post(app::command::Pause{}) : ui.post(app::command::Play{});
  }
  if (!ui.state.play_focused) return;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  ImGui::GetWindowDrawList()->AddRect({low.x - 3, low.y - 3}, {high.x + 3, high.y + 3}, ui.theme.accent, 8, 0, 2);
}

void draw_run_buttons(const Context& ui) {
  const float height = tall(ui);
  draw_play(ui, height);
  const auto next = [&](const char* name, const char* label, const char* explanation) {
    const float width = text_width(label) + (ui.narrow ? 16.0f : 20.0f);
    ImGui::SameLine(0, 6);
    return button(ui, name, label, {width, height}, ButtonLook::kPlain, explanation);
  };
  if (next("step", "Step", "One step: one minibatch forward, backward, and one update of the weights; then pause. (S)")) {
    ui.post(app::command::Step{1});
  }
  if (next("epoch", "Epoch", "Runs to the end of the epoch, when every training image was seen once more; then pause.")) {
    ui.post(app::command::Epoch{});
  }
  if (next("rewind", ui.narrow ? "⏮" : "⏮ Rewind",
           "Back to step 0 with the same initial weights. Settings and freezes stay. (R)")) {
    rewind(ui);
  }
}

void draw_speed(const Context& ui, float width) {
  static double position = 1;
  static double held_until = 0;
  if (ImGui::GetTime() >= held_until) position = position_of(ui.snapshot.settings.steps_per_second);
  const double speed = speed_at(position);
  const std::string text = speed <= 0 ? "full speed" : print(speed < 10 ? "%.1f steps/s" : "%.0f steps/s", speed);
  begin_field("Speed limit");
  small_text(ui, "Speed limit");
  ImGui::SetNextItemWidth(width);
  auto value = static_cast<float>(position);
  if (ImGui::SliderFloat("##speed", &value, 0, 1, text.c_str(), ImGuiSliderFlags_NoInput)) {
    position = value;
    ui.post(app::command::Set{.steps_per_second = speed_at(position)});
  }
  if (ImGui::IsItemActive()) held_until = ImGui::GetTime() + 0.4;
  ui.mark("speed");
  tooltip("The most steps (minibatches) a second, from 1 to 1,000; at the right end as fast as it goes.");
  ImGui::EndGroup();
}

void draw_seed(const Context& ui) {
  static constexpr std::array<double, 5> kSeeds = {1, 2, 3, 4, 5};
  const app::Settings& settings = ui.snapshot.settings;
  flow(70);
  ImGui::BeginDisabled(ui.state.seed_locked);
  if (auto seed =
          number_field(ui, {.name = "seed",
                            .label = "Seed ↺",
                            .value = static_cast<double>(settings.seed),
                            .low = 0,
                            .high = 9007199254740991.0,
                            .whole = true,
                            .width = 70,
                            .explanation = "Where all random numbers of a run come from: the same seed gives the same run, bit "
                                           "for bit. A change starts a new run.",
                            .choices = kSeeds})) {
    ui.post(app::command::Reset{.seed = static_cast<std::uint64_t>(*seed)});
  }
  ImGui::EndDisabled();
}

void draw_structure(const Context& ui) {
  const app::Settings& settings = ui.snapshot.settings;
  const std::string& chosen = ui.snapshot.wanted_data.empty() ? settings.dataset : ui.snapshot.wanted_data;
  flow(94);
  if (auto key = choice_field(ui, "dataset", "Data ↺", dataset_choices(ui.snapshot), chosen, 94,
                              "The images to learn from: the handwritten digits of MNIST, the small photographs of CIFAR-10 in "
                              "colour, which are loaded when "
                              "they are chosen (up to 170 MB), or digits that this page draws itself from a seed. Files of your "
                              "own are dropped on the page, or "
                              "chosen with the button Own data. A change starts a new run.")) {
    ui.post(app::command::Reset{.dataset = *key});
  }
  flow(128);
  if (auto key =
          choice_field(ui, "preset", "Network ↺", preset_choices(settings), settings.recipe.preset, 128,
                       "WSS17: conv 20@5×5, ReLU, pool, conv 50@5×5, ReLU, pool, dense 500, ReLU, dense 10. Caffe: the same "
                       "sizes with a single ReLU, after the 500 units. LeNet-5: the sizes of 1998, with tanh and average pools, "
                       "simplified. Tiny: conv 4@5×5 and conv 8@5×5, each with ReLU and pool, then the classes. MLP: WSS17 "
                       "without its convs. Softmax: pixels to classes. A change starts a new run.")) {
    ui.post(app::command::Reset{.recipe = {.preset = *key}});
  }
  flow(86);
  if (auto key =
          choice_field(ui, "initializer", "Initial W ↺", initializer_choices(), nn::name_of(settings.recipe.initializer), 86,
                       "How the first weights are drawn; n is the number of values an output reads (fan-in). He: normal with "
                       "variance 2/n. Glorot: uniform ±√(6/(n + fan-out)). Biases start at 0. A change starts a new run.")) {
    ui.post(app::command::Reset{.recipe = {.initializer = nn::initializer_named(*key)}});
  }
  draw_seed(ui);
}

void draw_live(const Context& ui) {
  static constexpr std::array<double, 8> kRates = {0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.3, 1};
  static constexpr std::array<double, 5> kMomenta = {0, 0.5, 0.9, 0.95, 0.99};
  static constexpr std::array<double, 6> kDecays = {0, 1e-5, 1e-4, 5e-4, 1e-3, 1e-2};
  static constexpr std::array<double, 7> kBatches = {1, 8, 16, 32, 64, 128, 256};
  flow(72);
  if (auto value =
          number_field(ui, {.name = "rate",
                            .label = "Rate",
                            .value = ui.snapshot.sgd.rate,
                            .low = 0,
                            .high = 1e6,
                            .width = 72,
                            .explanation = "Learning rate η: how far a step goes, w ← w − η r v. Takes effect at the next step, "
                                           "without a reset. Too large a rate makes the run diverge; try it, it can be undone.",
                            .choices = kRates})) {
    ui.post(app::command::Set{.rate = *value});
  }
  flow(72);
  if (auto value =
          number_field(ui, {.name = "momentum",
                            .label = "Momentum",
                            .value = ui.snapshot.sgd.momentum,
                            .low = 0,
                            .high = 1,
                            .width = 72,
                            .explanation = "Momentum μ: how much of the last steps' direction is kept, v ← μ v + (g + λ w). "
                                           "Takes effect at the next step.",
                            .choices = kMomenta})) {
    ui.post(app::command::Set{.momentum = *value});
  }
  flow(72);
  if (auto value =
          number_field(ui, {.name = "decay",
                            .label = "Decay",
                            .value = ui.snapshot.sgd.decay,
                            .low = 0,
                            .high = 1,
                            .width = 72,
                            .explanation = "Weight decay λ: pulls weights (not biases) towards 0, v ← μ v + (g + λ w). Takes "
                                           "effect at the next step. Frozen layers do not decay.",
                            .choices = kDecays})) {
    ui.post(app::command::Set{.decay = *value});
  }
  flow(64);
  if (auto value =
          number_field(ui, {.name = "batch",
                            .label = "Batch",
                            .value = static_cast<double>(ui.snapshot.batch),
                            .low = 1,
                            .high = lab::kLargestBatch,
                            .whole = true,
                            .width = 64,
                            .explanation = "Images per step. Their mean loss gives the gradient. Takes effect at the next step.",
                            .choices = kBatches})) {
    ui.post(app::command::Set{.batch = static_cast<int>(*value)});
  }
}

constexpr float kHelpButton = 30;

void draw_help_button(const Context& ui, float height) {
  if (button(ui, "help", "?", {kHelpButton, height}, ButtonLook::kPlain, "Keys and conventions. (?)")) ui.state.help = !ui.state.help;
}

}  // namespace

void rewind(const Context& ui) {
  if (ui.callbacks.rewind) {
    ui.callbacks.rewind();
  } else {
    ui.post(app::command::Rewind{});
  }
}

std::vector<Choice> dataset_choices(const app::Snapshot& snapshot) {
  std::vector<Choice> choices = {{"mnist", "MNIST"}, {"cifar10", "CIFAR-10"}, {"strokes", "Strokes"}};
  if (!snapshot.own_title.empty()) choices.push_back({app::kOwnData, "Own: " + snapshot.own_title});
  return choices;
}

std::vector<Choice> initializer_choices() {
  return {{"he", "He"},
          {"glorot", "Glorot"},
          {"uniform-fan-in", "±1/n"},
          {"uniform-sqrt", "±1/√n"},
          {"uniform-sqrt3", "±√(3/n)"},
          {"normal-0.01", "σ 0.01"},
          {"zeros", "zeros"}};
}

std::vector<Choice> preset_choices(const app::Settings& settings) {
  std::vector<Choice> choices = {{"wss17", "WSS17 LeNet"}, {"caffe", "Caffe LeNet"}, {"lenet5", "LeNet-5"},
                                 {"tiny", "Tiny"},         {"mlp", "MLP"},           {"softmax", "Softmax"}};
  if (settings.recipe.preset == "custom") choices.push_back({"custom", "custom"});
  return choices;
}

void draw_top_bar(const Context& ui) {
  if (ui.narrow || ui.state.projector) {
    draw_run_buttons(ui);
    const float height = tall(ui);
    constexpr float kSettings = 96;
    if (ui.shows(Control::kSpeed)) {
      flow(150 + kSettings + kHelpButton + 24);
      draw_speed(ui, std::clamp(ImGui::GetContentRegionAvail().x - kSettings - kHelpButton - 16, 100.0f, 150.0f));
    }
    const bool settings = ui.shows(Control::kStructure) || ui.shows(Control::kLive);
    if (settings) flow(kSettings);
    if (settings && button(ui, "settings", ui.state.settings_open ? "Settings ▴" : "Settings ▾", {kSettings, height}, ButtonLook::kPlain,
               "Data, network, seed, rate, momentum, decay, batch.")) {
      ui.state.settings_open = !ui.state.settings_open;
    }
    flow(kHelpButton);
    draw_help_button(ui, height);
    if (!ui.state.settings_open || !settings) return;
    ImGui::Dummy({0, 0});
    if (ui.shows(Control::kStructure)) draw_structure(ui);
    if (ui.shows(Control::kLive)) draw_live(ui);
    return;
  }
  draw_run_buttons(ui);
  if (ui.shows(Control::kSpeed)) {
    ImGui::SameLine(0, 14);
    draw_speed(ui, 130);
  }
  if (ui.shows(Control::kStructure)) draw_structure(ui);
  if (ui.shows(Control::kLive)) draw_live(ui);
  flow(kHelpButton);
  const float right = ImGui::GetWindowContentRegionMax().x - kHelpButton;
  if (ImGui::GetCursorPosX() < right) ImGui::SetCursorPosX(right);
  draw_help_button(ui, tall(ui));
}

}  // namespace lenet::ui
