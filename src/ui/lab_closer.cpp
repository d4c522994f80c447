// The Look closer lab: one cell of the locked unit's map and the sum that it is made of. The cell moves over the map by itself, stands still under
// the pointer, and stays where it is clicked.
#include "ui/lab_closer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include "ui/format.h"
#include "ui/lab_parts.h"
#include "ui/labs.h"
#include "ui/layers.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::CloserRequest;
using lab::CloserResult;

bool moves(const UiState& state) { return state.labs.closer.moves.value_or(!state.reduced_motion); }

bool fits(const CloserState& state, const std::string& layer, int rows, int columns) {
  return state.layer == layer && state.y >= 0 && state.y < rows && state.x >= 0 && state.x < columns;
}

/// Where the cell is while nothing points at another.
Cell resting_cell(const CloserState& state, const CloserResult& result) {
  if (fits(state, result.unit.layer, result.rows, result.columns)) return {state.y, state.x};
  const nn::Peak largest = lab::largest_sum(result);
  return {largest.y, largest.x};
}

void rest_at(CloserState& state, const CloserResult& result, Cell cell) {
  if (state.layer != result.unit.layer) state.channel = -1;
  state.layer = result.unit.layer;
  state.y = cell.y;
  state.x = cell.x;
}

/// The next cell, row by row, once it is time; says when the page is to be drawn again for the one after it.
void move_by_itself(const Context& ui, const CloserResult& result) {
  CloserState& state = ui.state.labs.closer;
  const double now = ImGui::GetTime(), interval = 1.0 / state.cells_per_second;
  const int cells = result.rows * result.columns;
  if (!moves(ui.state) || state.still || cells < 2) {
    state.moved_at = now;
    return;
  }
  if (now - state.moved_at >= interval) {
    const Cell cell = resting_cell(state, result);
    const int next = (cell.y * result.columns + cell.x + 1) % cells;
    rest_at(state, result, {next / result.columns, next % result.columns});
    state.moved_at = now;
  }
  ui.state.redraw_in = std::min(ui.state.redraw_in, interval - (now - state.moved_at));
}

Cell shown_cell(const CloserState& state, const CloserResult& result) {
  const bool pointed =
      state.pointed_y >= 0 && state.pointed_y < result.rows && state.pointed_x >= 0 && state.pointed_x < result.columns;
  return pointed ? Cell{state.pointed_y, state.pointed_x} : resting_cell(state, result);
}

/// The cell taken apart; kept until it is another one or the outcome is.
const lab::WeightedSum& sum_of(const Context& ui, const app::LabView& view, const CloserResult& result, Cell cell) {
  CloserState& state = ui.state.labs.closer;
  if (state.sum_of != view.outcome || state.sum_y != cell.y || state.sum_x != cell.x) {
    state.current = 1 - state.current;
    state.sums[state.current] = lab::sum_at(result, cell.y, cell.x);
    state.sum_of = view.outcome;
    state.sum_y = cell.y;
    state.sum_x = cell.x;
  }
  return state.sums[state.current];
}

/// The input channel that is large: the chosen one, else the one that adds most where the sum is largest.
int shown_channel(const CloserState& state, const CloserResult& result) {
  const int channels = result.source_shape.channels;
  if (state.layer == result.unit.layer && state.channel >= 0 && state.channel < channels) return state.channel;
  const nn::Peak largest = lab::largest_sum(result);
  const std::vector<double> sums = lab::sum_at(result, largest.y, largest.x).channels;
  return static_cast<int>(std::max_element(sums.begin(), sums.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }) -
                          sums.begin());
}

void draw_movement(const Context& ui) {
  static const std::array<Choice, 3> kSpeeds = {{{"2", "2 cells/s"}, {"4", "4 cells/s"}, {"12", "12 cells/s"}}};
  CloserState& state = ui.state.labs.closer;
  const bool on = moves(ui.state);
  const char* const text = on ? "Stops the cell. It also stands still while the pointer is on the pictures."
                              : "Lets the cell move over the map by itself.";
  if (button(ui, "closer.move", on ? "⏸" : "▶", {30, 0}, on ? ButtonLook::kPlain : ButtonLook::kPrimary, text)) state.moves = !on;
  ImGui::SameLine(0, 4);
  if (button(ui, "closer.previous", "◀", {24, 0}, ButtonLook::kPlain, "The cell before this one. (Shift ←)")) move_cell(ui, 0, -1);
  ImGui::SameLine(0, 4);
  if (button(ui, "closer.next", "▶##cell", {24, 0}, ButtonLook::kPlain, "The next cell. (Shift →)")) move_cell(ui, 0, 1);
  flow(100, 4);
  if (const auto speed = choice_field(ui, "closer.speed", nullptr, kSpeeds, std::to_string(state.cells_per_second), 96,
                                      "How fast the cell moves.")) {
    state.cells_per_second = std::stoi(*speed);
  }
}

void draw_controls(const Context& ui, const app::LabView* view, const CloserResult* result) {
  CloserState& state = ui.state.labs.closer;
  const bool is_map = result == nullptr || result->rows * result->columns > 1;
  if (is_map) {
    draw_movement(ui);
    flow(80, 10);
  }
  const ButtonLook look = state.numbers ? ButtonLook::kPrimary : ButtonLook::kPlain;
  if (button(ui, "closer.numbers", "Numbers", {76, 0}, look, "The values in the cells, where there is room for them. (V)"))
    state.numbers = !state.numbers;
  if (result == nullptr) return;
  flow(220, 10);
  ImGui::AlignTextToFramePadding();
  draw_age(ui, view, result->step);
}

/// The parts that this layer has, each in the room that is left.
void draw_parts(const Context& ui, const Closer& closer) {
  CloserState& state = ui.state.labs.closer;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool dense = closer.result.kind == nn::LayerKind::kDense, patches = has_patches(closer.result);
  const bool channels = patches && closer.result.source_shape.channels > 1;
  const float terms = !dense ? 0 : !patches ? room.x : ui.narrow ? room.x : std::floor(room.x * 0.4f);
  if (dense) {
    draw_closer_terms(ui, closer, {terms, ui.narrow ? 420.0f : room.y});
    if (patches && !ui.narrow) ImGui::SameLine(0, 16);
  }
  if (!patches) return;
  const float width = dense && !ui.narrow ? room.x - terms - 16 : room.x;
  begin_part("closer.pictures", {width, ui.narrow ? 0 : room.y});
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const Pointed pointed = draw_closer_pictures(ui, closer, {width - 2, ui.narrow ? 420.0f : room.y});
  state.pointed_y = pointed.cell.y;
  state.pointed_x = pointed.cell.x;
  state.still = ImGui::IsMouseHoveringRect(low, {low.x + width, ImGui::GetCursorScreenPos().y});
  if (pointed.clicked) {
    rest_at(state, closer.result, pointed.cell);
    state.moves = false;
  }
  const bool beside = shows_channels_beside(closer) && !ui.narrow;
  if (channels && !beside) draw_closer_channels(ui, closer, {width - 2, ui.narrow ? 0 : ImGui::GetContentRegionAvail().y});
  end_part();
}

}  // namespace

std::string source_name(const CloserResult& result) { return result.source.empty() ? std::string("the image") : result.source; }

const char* nonlinearity_name(const CloserResult& result) {
  if (!result.nonlinearity) return "";
  return *result.nonlinearity == nn::LayerKind::kTanh      ? "tanh"
         : *result.nonlinearity == nn::LayerKind::kSigmoid ? "sigmoid"
                                                           : "ReLU";
}

bool has_patches(const CloserResult& result) { return result.kernel_height * result.kernel_width > 1; }

std::vector<lab::Request> closer_requests(const Context& ui) {
  const CloserState& state = ui.state.labs.closer;
  CloserRequest request{.unit = shown_unit(ui), .image = shown_image(ui)};
  const app::LayerView* layer = find_layer(ui.snapshot, ui.snapshot.locked_layer);
  // A cell that rests is the one that is exported; one that moves would be another request with every cell.
  if (layer != nullptr && !moves(ui.state) && fits(state, layer->name, layer->output.height, layer->output.width)) {
    request.y = state.y;
    request.x = state.x;
  }
  return {request};
}

void look_closer(const Context& ui, const std::string& layer, int unit, int channel) {
  CloserState& state = ui.state.labs.closer;
  if (state.layer != layer) state.y = state.x = -1;
  state.layer = layer;
  state.channel = channel;
  ui.post(app::command::LockUnit{layer, unit});
  open_lab(ui.state, Lab::kCloser);
}

void move_cell(const Context& ui, int down, int right) {
  CloserState& state = ui.state.labs.closer;
  const CloserResult* result = found<CloserRequest, CloserResult>(ui);
  if (result == nullptr || result->rows * result->columns < 2) return;
  const Cell cell = resting_cell(state, *result);
  const int cells = result->rows * result->columns;
  const int next = (cell.y * result->columns + cell.x + down * result->columns + right + cells) % cells;
  rest_at(state, *result, {next / result->columns, next % result->columns});
  state.moves = false;
}

void draw_closer_lab(const Context& ui, ImVec2) {
  CloserState& state = ui.state.labs.closer;
  const app::LabView* view = view_of<CloserRequest>(ui);
  const CloserResult* result = found<CloserRequest, CloserResult>(ui);
  draw_controls(ui, view, result);
  if (result == nullptr) {
    draw_missing(ui, view);
    return;
  }
  move_by_itself(ui, *result);
  const Cell cell = shown_cell(state, *result);
  draw_parts(ui, {*result, sum_of(ui, *view, *result, cell), cell, shown_channel(state, *result)});
}

}  // namespace lenet::ui
