// A dense unit's sum in the Look closer lab: the terms that weigh most, as bars.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/lab_closer.h"
#include "ui/lab_parts.h"
#include "ui/layers.h"
#include "ui/tiles.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

using lab::CloserResult;

/// A line of the sum: what it is, how it comes about, what it adds.
struct Term {
  std::string name, factors;
  double value = 0;
  std::string explanation;
};

std::string place_name(const Context& ui, const CloserResult& r, std::size_t i) {
  const lab::SourcePlace place = lab::place_of(r, {0, 0, r.kernel_height, r.kernel_width}, i);
  if (!has_patches(r)) return print("%s unit %d", source_name(r).c_str(), place.channel);
  if (r.source.empty()) {
    static constexpr std::array<const char*, 3> kColors = {"red", "green", "blue"};
    const char* const channel = r.source_shape.channels == 3 ? kColors[static_cast<std::size_t>(place.channel)] : "pixel";
    return print("%s y %d, x %d", channel, place.y, place.x);
  }
  return print(ui.narrow ? "%s %d (%d, %d)" : "%s map %d y %d, x %d", r.source.c_str(), place.channel, place.y, place.x);
}

/// The largest ones, then the others together, then the bias.
std::vector<Term> terms_of(const Context& ui, const Closer& closer, std::size_t count) {
  const CloserResult& r = closer.result;
  const std::vector<std::size_t> order = lab::largest_products(closer.sum, count);
  std::vector<Term> terms;
  double rest = closer.sum.sum - static_cast<double>(r.bias);
  for (const std::size_t i : order) {
    const double value = static_cast<double>(closer.sum.products[i]);
    terms.push_back({place_name(ui, r, i),
                     number(static_cast<double>(closer.sum.patch[i])) + " × " + number(static_cast<double>(r.kernel[i])), value,
                     "What it reads there × the weight for it."});
    rest -= value;
  }
  const std::size_t others = closer.sum.products.size() - order.size();
  if (others > 0)
    terms.push_back(
        {grouped(others) + (others == 1 ? " other" : " others"), "", rest, "All products that are not listed, together."});
  terms.push_back({"bias", "", static_cast<double>(r.bias), "The unit's own number, whatever it sees."});
  return terms;
}

struct Columns {
  float name, factors, value;  // widths; the bar has the rest
};

void draw_term(const Context& ui, const Term& term, int index, const Columns& columns, double scale, float width, float height) {
  static constexpr std::array<float, 2> kEnds = {-0.8f, 0.8f};  // nearly the palette's full colours
  const ImVec2 at = ui.snap(ImGui::GetCursorScreenPos());
  ImGui::PushID(index);
  ImGui::InvisibleButton("term", {width, height});
  ImGui::PopID();
  ui.mark(print("closer.term.%d", index));
  tooltip((term.name + (term.factors.empty() ? ": " : ": " + term.factors + " = ") + signed_number(term.value, 5) + "\n" +
           term.explanation)
              .c_str());
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float text = at.y + (height - ImGui::GetFontSize()) / 2;
  draw->AddText({at.x, text}, ui.theme.text, term.name.c_str());
  draw->AddText({at.x + columns.name + columns.factors - text_width(term.factors) - 8, text}, ui.theme.muted, term.factors.c_str());
  const float low = at.x + columns.name + columns.factors, high = at.x + width - columns.value,
              middle = std::round((low + high) / 2);
  const double t = std::isfinite(term.value) ? std::clamp(term.value / scale, -1.0, 1.0) : 0.0;
  const float end = middle + static_cast<float>(t) * (high - low) / 2;
  const int side = t < 0 ? 0 : 1;
  const Picture ends = make_picture(ui, kEnds, 2, 1, {ui.state.palette, 1});
  draw->AddRectFilled({low, at.y + 3}, {high, at.y + height - 3}, ui.theme.faint, 2);
  if (std::abs(end - middle) >= 0.5f)
    draw_picture(ui, ends, {side, 0, side + 1, 1}, {std::min(middle, end), at.y + 3}, {std::max(middle, end), at.y + height - 3});
  draw->AddLine({middle, at.y + 1}, {middle, at.y + height - 1}, ui.theme.muted);
  const std::string value = signed_number(term.value);
  draw->AddText({at.x + width - text_width(value) - 2, text}, ui.theme.text, value.c_str());
}

void draw_total(const Context& ui, const Closer& closer) {
  const CloserResult& r = closer.result;
  std::string text = "sum " + signed_number(closer.sum.sum, 4);
  if (r.nonlinearity) {
    text += print(" → %s → %s", nonlinearity_name(r), number(static_cast<double>(closer.sum.activation), 4).c_str());
  }
  colored_text(ui.theme.selected, text);
  ui.mark("closer.total");
  tooltip(print("The network, in single precision and another order, has %s for the sum.",
                number(static_cast<double>(closer.sum.before), 9).c_str())
              .c_str());
}

}  // namespace

void draw_closer_terms(const Context& ui, const Closer& closer, ImVec2 size) {
  const CloserResult& r = closer.result;
  begin_part("closer.terms", size);
  small_text(ui, print("what adds most of %s products: value × weight", grouped(closer.sum.products.size()).c_str()));
  tooltip(
      "A dense unit has a weight for everything that it reads. The products are sorted by size; together with the bias they are "
      "its sum.");
  ImGui::PushFont(ui.fonts.small);
  const float row = ImGui::GetFontSize() + 6, total = 2 * row + 6;
  const float width = ImGui::GetContentRegionAvail().x - 4;
  const float room = size.y - row - total - 2 * row;  // title, total, others and bias
  const std::size_t count = static_cast<std::size_t>(std::clamp(static_cast<int>(room / row), 3, 40));
  const std::vector<Term> terms = terms_of(ui, closer, count);
  Columns columns{0, 0, 0};
  double scale = 0;
  for (const Term& term : terms) {
    columns.name = std::max(columns.name, text_width(term.name) + 12);
    columns.factors = std::max(columns.factors, text_width(term.factors) + 8);
    columns.value = std::max(columns.value, text_width(signed_number(term.value)) + 8);
    if (std::isfinite(term.value)) scale = std::max(scale, std::abs(term.value));
  }
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  for (std::size_t i = 0; i < terms.size(); ++i)
    draw_term(ui, terms[i], static_cast<int>(i), columns, scale > 0 ? scale : 1, width, row);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  draw_total(ui, closer);
  if (r.nonlinearity == nn::LayerKind::kRelu && !(closer.sum.activation > 0))
    small_paragraph(ui, "The sum is not positive, so the unit is silent for this image.");
  end_part();
}

}  // namespace lenet::ui
