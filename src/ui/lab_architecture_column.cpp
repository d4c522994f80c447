// What was found in one network: facts, the spectrum of its first kernels, the kernels, the second layer's projections.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_architecture.h"
#include "ui/lab_parts.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr double kLowEnd = 1.0 / 6, kMiddleEnd = 1.0 / 3;  // cycles per pixel, as lab::ArchitectureResult has them

ImU32 band_color(const Context& ui, double frequency) {
  return ui.theme.arms[frequency < kLowEnd ? 0 : frequency < kMiddleEnd ? 2 : 1];
}

/// Shares of the three bands in a spectrum, by the middles of its bins.
std::array<double, 3> bands_of(const std::vector<double>& spectrum) {
  std::array<double, 3> bands{};
  for (std::size_t b = 0; b < spectrum.size(); ++b) {
    const double middle = (static_cast<double>(b) + 0.5) * 0.5 / static_cast<double>(spectrum.size());
    bands[middle < kLowEnd ? 0 : middle < kMiddleEnd ? 1 : 2] += spectrum[b];
  }
  return bands;
}

int count_of(const std::vector<bool>& marks) { return static_cast<int>(std::count(marks.begin(), marks.end(), true)); }

void draw_accuracy(const ArchitectureColumn& column) {
  ImGui::TextUnformatted((grouped(column.found.parameters) + " parameters").c_str());
  tooltip("Weights and biases of all layers.");
  const app::CurvePoint& a = column.accuracy;
  const std::string text = a.n == 0 ? std::string("test accuracy: not measured yet")
                                    : "test accuracy " + percent(a.value) + " (n " + grouped(static_cast<std::uint64_t>(a.n)) + ", step " + grouped(a.step) + ")";
  flow(text_width(text), 14);
  ImGui::TextUnformatted(text.c_str());
  tooltip("Right / n on n test images, with the weights of that step. It is measured while the network trains.");
}

void draw_facts(const Context& ui, const ArchitectureColumn& column) {
  const lab::ArchitectureResult& found = column.found;
  ImGui::BeginGroup();
  const auto fact = [&](const char* label, const std::string& value, const std::string& explanation, float width) {
    labelled_value(ui, label, value, explanation.c_str());
    flow(width, 14);
  };
  const int maps = static_cast<int>(found.near_dead.size());
  fact("near-dead", counted(count_of(found.near_dead), maps),
       "Kernels of the first conv layer whose root mean square is below a tenth of the median one's, or whose map is 0 on every image.", 80);
  fact("very high", counted(count_of(found.very_high), static_cast<int>(found.very_high.size())),
       print("Kernels of the first conv layer with more than %s of their energy above 1/3 cycles per pixel; random weights have about %s there.",
             percent(lab::ArchitectureResult::kVeryHigh, 0).c_str(), percent(bands_of(found.white_spectrum)[2], 0).c_str()), 76);
  const bool alias = !found.second.empty() && found.sampled > 0;
  labelled_value(ui, "alias share", !alias ? "–" : found.grid <= 1 ? "0 (stride 1)" : print("%s (white noise %s)", percent(found.alias_share, 1).c_str(), percent(found.white_alias_share, 1).c_str()),
                 print("Energy of the second conv layer's projections that is finer than the first one's outputs can carry: above 1 / (2 · grid) cycles "
                       "per pixel along either axis; grid is its stride, here %g pixels. Mean over the projections; 0 for a stride of 1, by definition. "
                       "This limit falls as the stride grows, so more lies above it in any picture: compare with white noise, 1 − 1 / grid².",
                       found.grid)
                     .c_str());
  ImGui::EndGroup();
  ui.mark(print("architecture.%s.facts", column.name));
}

void draw_spectrum(const Context& ui, const ArchitectureColumn& column, ImVec2 size) {
  const lab::ArchitectureResult& found = column.found;
  const ImVec2 low = ui.snap(ImGui::GetCursorScreenPos());
  ImGui::PushID(column.name);
  ImGui::InvisibleButton("spectrum", size);
  ImGui::PopID();
  ui.mark(print("architecture.%s.spectrum", column.name));
  tooltip(
      "Energy |F(k)|² of the first layer's kernels by radial frequency |f| in cycles per pixel: shares of the whole, mean over kernels. A kernel "
      "that is a mean has all of it at the left, one that flips its sign from pixel to pixel at the right. The last bar holds all above 1/2, too "
      "(diagonals reach √2/2). The line across the bars is what independent random weights have.");
  ImDrawList* draw = ImGui::GetWindowDrawList();
  ImGui::PushFont(ui.fonts.small);
  const float bottom = low.y + size.y - ImGui::GetFontSize() - 3, right = low.x + size.x;
  const std::size_t bins = found.spectrum.size();
  const float pitch = size.x / static_cast<float>(bins);
  for (std::size_t b = 0; b < bins; ++b) {
    const float share = std::clamp(static_cast<float>(found.spectrum[b] / std::max(column.spectrum_top, 1e-9)), 0.0f, 1.0f);
    const float left = low.x + pitch * static_cast<float>(b);
    const double middle = (static_cast<double>(b) + 0.5) * 0.5 / static_cast<double>(bins);
    draw->AddRectFilled({left + 1, bottom - share * (bottom - low.y)}, {left + pitch - 1, bottom}, band_color(ui, middle));
  }
  for (std::size_t b = 0; b < found.white_spectrum.size() && found.white_spectrum.size() == bins; ++b) {
    const float share = std::clamp(static_cast<float>(found.white_spectrum[b] / std::max(column.spectrum_top, 1e-9)), 0.0f, 1.0f);
    const float left = low.x + pitch * static_cast<float>(b), y = bottom - share * (bottom - low.y);
    draw->AddLine({left, y}, {left + pitch, y}, ui.theme.text, 1.5f);
  }
  draw->AddLine({low.x, bottom + 0.5f}, {right, bottom + 0.5f}, ui.theme.border);
  for (const auto& [at, label] : {std::pair<float, const char*>{1.0f / 3, "1/6"}, {2.0f / 3, "1/3"}}) {
    const float x = std::round(low.x + at * size.x) + 0.5f;
    draw->AddLine({x, low.y}, {x, bottom + 3}, ui.theme.border);
    draw->AddText({x - text_width(label) / 2, bottom + 3}, ui.theme.muted, label);
  }
  draw->AddText({low.x, bottom + 3}, ui.theme.muted, "0");
  const char* end = "1/2 and above, cycles/pixel";
  draw->AddText({right - text_width(end), bottom + 3}, ui.theme.muted, end);
  ImGui::PopFont();
}

void draw_bands(const Context& ui, const lab::ArchitectureResult& found) {
  ImGui::PushFont(ui.fonts.small);
  muted_text(ui, print("energy of the kernels of %s:", found.first.c_str()));
  const std::array<std::pair<const char*, double>, 3> bands = {{{"low", found.low}, {"middle", found.middle}, {"high", found.high}}};
  const std::array<double, 3> at = {0.1, 0.25, 0.4};
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const std::string text = print("■ %s %s", bands[i].first, percent(bands[i].second, 0).c_str());
    flow(text_width(text), 10);
    colored_text(band_color(ui, at[i]), text);
  }
  if (!found.white_spectrum.empty()) {
    const std::array<double, 3> white = bands_of(found.white_spectrum);
    const std::string text = print("— random weights: %.0f / %.0f / %.0f %%", 100 * white[0], 100 * white[1], 100 * white[2]);
    flow(text_width(text), 10);
    muted_text(ui, text);
    tooltip("The same three shares of independent random weights: the line across the bars.");
  }
  ImGui::PopFont();
}

/// A dot on near-dead kernels, a triangle on those of very high frequencies.
void draw_mark(const Context& ui, ImVec2 low, bool dead, bool high) {
  ImDrawList* draw = ImGui::GetWindowDrawList();
  if (dead) {
    draw->AddCircleFilled({low.x + 4, low.y + 4}, 4.5f, ui.theme.card);
    draw->AddCircleFilled({low.x + 4, low.y + 4}, 3.5f, ui.theme.bad);
  }
  if (!high) return;
  const float x = low.x + (dead ? 14.0f : 4.0f), y = low.y + 4;
  draw->AddTriangleFilled({x - 6, y + 5}, {x + 6, y + 5}, {x, y - 6}, ui.theme.card);
  draw->AddTriangleFilled({x - 4, y + 3.5f}, {x + 4, y + 3.5f}, {x, y - 3.5f}, ui.theme.warn);
}

void draw_kernels_of(const Context& ui, const ArchitectureColumn& column, ImVec2 room) {
  const lab::ArchitectureResult& found = column.found;
  const nn::Shape shape{found.input.channels, found.kernel, found.kernel};
  const std::span<const float> all = found.kernels;
  if (shape.size() == 0 || found.maps < 1 || all.size() < shape.size() * static_cast<std::size_t>(found.maps)) return;
  const float top = ImGui::GetCursorPosY();
  small_text(ui, print("%s: %d of %d×%d, stride %d", found.first.c_str(), found.maps, found.kernel, found.kernel, found.stride));
  ImGui::SameLine(0, 10);
  ImGui::PushFont(ui.fonts.small);
  colored_text(ui.theme.bad, "●");
  ImGui::SameLine(0, 3);
  muted_text(ui, "near-dead");
  ImGui::SameLine(0, 8);
  colored_text(ui.theme.warn, "▲");
  ImGui::SameLine(0, 3);
  muted_text(ui, "very high");
  ImGui::PopFont();
  const float scale = scale_of(all);
  flow(116, 8);
  legend(ui, scale, true, 32, shape.channels == 3);
  const Mosaic mosaic = fit_mosaic(ui, {room.x, room.y - (ImGui::GetCursorPosY() - top)}, found.maps, found.kernel, 56);
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  for (int map = 0; map < found.maps; ++map) {
    const std::size_t i = static_cast<std::size_t>(map);
    const ImVec2 at(origin.x + mosaic.pitch * static_cast<float>(map % mosaic.columns), origin.y + mosaic.pitch * static_cast<float>(map / mosaic.columns));
    ImGui::SetCursorScreenPos(at);
    const Picture picture = signed_picture(ui, part_of(all, shape.size(), i), shape, scale);
    const bool dead = i < found.near_dead.size() && found.near_dead[i], high = i < found.very_high.size() && found.very_high[i];
    std::string title = print("%s · map %d", found.first.c_str(), map);
    if (i < found.energy.size()) title += "\nroot mean square " + number(found.energy[i]) + (dead ? ": near-dead" : "");
    if (i < found.kernel_high.size()) title += "\n" + percent(found.kernel_high[i], 0) + " of its energy above 1/3 cycles per pixel";
    if (whole_picture(ui, print("architecture.%s.kernel.%d", column.name, map), picture, mosaic.tile, title) && column.present) {
      ui.post(app::command::LockUnit{found.first, map});
    }
    draw_mark(ui, at, dead, high);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({room.x, mosaic.height});
}

void draw_projections_of(const Context& ui, const ArchitectureColumn& column, ImVec2 room) {
  const lab::ArchitectureResult& found = column.found;
  if (found.second.empty()) {
    small_paragraph(ui, "There is no second conv layer whose projections could show aliasing.");
    return;
  }
  const nn::Shape shape{found.input.channels, found.window.height, found.window.width};
  const std::span<const float> all = found.projections;
  const int count = shape.size() == 0 ? 0 : static_cast<int>(all.size() / shape.size());
  if (count == 0) return;
  const float scale = scale_of(all);
  const float top = ImGui::GetCursorPosY();
  small_text(ui, print("%s sent back · %d images · %d of %d maps answer", found.second.c_str(), found.images, found.sampled, count));
  tooltip("Of each map its strongest activation over held-out images, projected by the deconvnet. A regular grid or a pattern of blocks is aliasing.");
  flow(116, 8);
  legend(ui, scale, true, 32, shape.channels == 3);
  const Mosaic mosaic = fit_mosaic(ui, {room.x, room.y - (ImGui::GetCursorPosY() - top)}, count, std::max(shape.width, shape.height), 72);
  const ImVec2 origin = ui.snap(ImGui::GetCursorScreenPos());
  for (int map = 0; map < count; ++map) {
    ImGui::SetCursorScreenPos(
        {origin.x + mosaic.pitch * static_cast<float>(map % mosaic.columns), origin.y + mosaic.pitch * static_cast<float>(map / mosaic.columns)});
    const Picture picture = signed_picture(ui, part_of(all, shape.size(), static_cast<std::size_t>(map)), shape, scale);
    if (whole_picture(ui, print("architecture.%s.projection.%d", column.name, map), picture, mosaic.tile, print("%s · map %d", found.second.c_str(), map)) &&
        column.present) {
      ui.post(app::command::LockUnit{found.second, map});
    }
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({room.x, mosaic.height});
}

}  // namespace

void draw_architecture_column(const Context& ui, const ArchitectureColumn& column, ImVec2 size) {
  const lab::ArchitectureResult& found = column.found;
  const float top = ImGui::GetCursorPosY();
  small_paragraph(ui, found.network);
  ui.mark(print("architecture.%s.network", column.name));
  draw_accuracy(column);
  draw_facts(ui, column);
  if (found.first.empty() || found.spectrum.empty()) {
    small_paragraph(ui, "This network has no conv layer, so there are no kernels to judge.");
    return;
  }
  draw_bands(ui, found);
  draw_spectrum(ui, column, {size.x, ui.narrow ? 80.0f : 62.0f});
  // What is left is for the tiles: two parts for the kernels, five for the projections, about as many as there are by default.
  const float left = ui.narrow ? 460.0f : std::max(150.0f, size.y - (ImGui::GetCursorPosY() - top) - 2 * ImGui::GetStyle().ItemSpacing.y);
  const float kernels = found.second.empty() ? left : std::max(56.0f, left * 0.32f);
  const float before = ImGui::GetCursorPosY();
  draw_kernels_of(ui, column, {size.x, kernels});
  const float used = ImGui::GetCursorPosY() - before;
  draw_projections_of(ui, column, {size.x, std::max(80.0f, left - used)});
}

}  // namespace lenet::ui
