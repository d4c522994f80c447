#include "lab/experiments/findings.h"

#include <array>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "base/text.h"
#include "lab/csv.h"
#include "lab/experiments/findings_writer.h"

namespace lenet::lab {
namespace {

// By the place in Request and Outcome.
constexpr std::array<const char*, std::variant_size_v<Request>> kViews = {
    "top",      "evolution", "invariance", "occlusion", "correspondence", "architecture",
    "lookBack", "sanity",    "classes",    "maximise",  "random",
    "closer",   "confusion", "images"};
static_assert(std::variant_size_v<Request> == std::variant_size_v<Outcome>);

template <class T>
bool is_finite(T value) {
  return value - value == 0;
}

void add_line(std::string& text, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? "," : "") + csv_field(cells[i]);
  text += "\r\n";
}

}  // namespace

std::string view_name(const Request& request) { return kViews[request.index()]; }
std::string view_name(const Outcome& outcome) { return kViews[outcome.index()]; }

std::uint64_t step_of(const Outcome& outcome) {
  return std::visit(
      [](const auto& result) -> std::uint64_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(result)>, EvolutionResult>) {
          return result.steps.empty() ? 0 : result.steps.back();
        } else {
          return result.step;
        }
      },
      outcome);
}

Findings findings(const Outcome& outcome) {
  FindingsWriter writer(view_name(outcome));
  std::visit([&](const auto& result) { write(writer, result); }, outcome);
  return writer.take();
}

std::string to_csv(const Findings& findings) {
  std::string text;
  add_line(text, findings.columns);
  for (const std::vector<std::string>& row : findings.rows) add_line(text, row);
  return text;
}

// --- the writer -----------------------------------------------------------------------------------------------------------

std::string cell(int value) { return std::to_string(value); }
std::string cell(std::uint64_t value) { return std::to_string(value); }
std::string cell(double value) { return is_finite(value) ? decimal_text(value) : ""; }
std::string cell(float value) { return is_finite(value) ? float_text(value) : ""; }
std::string cell(bool value) { return value ? "1" : "0"; }
std::string cell(const std::string& text) { return text; }

double figure(std::span<const double> values, std::size_t i) {
  return i < values.size() ? values[i] : std::numeric_limits<double>::quiet_NaN();
}

float figure(std::span<const float> values, std::size_t i) {
  return i < values.size() ? values[i] : std::numeric_limits<float>::quiet_NaN();
}

double as_written(float value) { return is_finite(value) ? read_decimal(float_text(value)).value() : static_cast<double>(value); }

Facts as_written(std::span<const double> activations) {
  Facts list = Facts::array();
  for (const double value : activations) list.push_back(as_written(static_cast<float>(value)));
  return list;
}

Facts index_fact(int index) { return index < 0 ? Facts() : Facts(index); }

Facts facts_of(const nn::Shape& shape) { return Facts::array({shape.channels, shape.height, shape.width}); }

Facts facts_of(const Window& window) {
  return {{"top", window.top}, {"left", window.left}, {"height", window.height}, {"width", window.width}};
}

Facts size_of(const Window& window) { return {{"height", window.height}, {"width", window.width}}; }

Facts facts_of(const nn::Peak& peak) {
  return {{"activation", as_written(static_cast<float>(peak.value))}, {"y", peak.y}, {"x", peak.x}};
}

FindingsWriter::FindingsWriter(std::string view) {
  findings_.view = std::move(view);
  facts_["view"] = findings_.view;
}

void FindingsWriter::add_row(std::vector<std::string> cells) {
  if (cells.size() != findings_.columns.size())
    throw std::logic_error("findings: a row of " + findings_.view + " does not fit its columns");
  findings_.rows.push_back(std::move(cells));
}

void FindingsWriter::array(std::string name, std::vector<int> shape, std::span<const float> values) {
  if (values.empty()) return;
  std::size_t size = 1;
  for (const int extent : shape) size *= static_cast<std::size_t>(extent);
  if (size != values.size()) {
    throw std::logic_error("findings: " + name + " of " + findings_.view + " has " + std::to_string(values.size()) +
                           " values, not " + std::to_string(size));
  }
  findings_.arrays.push_back({std::move(name), std::move(shape), {values.begin(), values.end()}});
}

Findings FindingsWriter::take() {
  findings_.facts = facts_.dump();
  return std::move(findings_);
}

}  // namespace lenet::lab
