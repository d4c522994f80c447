// What the writers of findings share: facts in an order of their own, rows of cells, arrays whose shapes are checked.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "lab/experiments/findings.h"

namespace lenet::lab {

using Facts = nlohmann::ordered_json;

/// A cell of a table. What is no finite number is an empty one, as a missing figure is.
std::string cell(int value);
std::string cell(std::uint64_t value);
std::string cell(double value);
std::string cell(float value);
std::string cell(bool value);  ///< "1" or "0"
std::string cell(const std::string& text);

/// Figure `i` of a list; NaN where it has none.
double figure(std::span<const double> values, std::size_t i);
float figure(std::span<const float> values, std::size_t i);

/// The number that a person would write for this float, as facts have it: 0.1 and not 0.10000000149011612.
double as_written(float value);
/// The same for activations, which are the network's floats.
Facts as_written(std::span<const double> activations);

Facts index_fact(int index);             ///< a label or an index; null where it is negative: there is none
Facts facts_of(const nn::Shape& shape);  ///< [channels, height, width]
Facts facts_of(const Window& window);    ///< {"top", "left", "height", "width"}
Facts size_of(const Window& window);     ///< {"height", "width"}
Facts facts_of(const nn::Peak& peak);    ///< {"activation", "y", "x"}

/// Collects one outcome's findings.
class FindingsWriter {
 public:
  explicit FindingsWriter(std::string view);

  Facts& fact(const char* name) { return facts_[name]; }
  /// The names of the table's columns; before any row.
  void columns(std::vector<std::string> names) { findings_.columns = std::move(names); }
  template <class... Cells>
  void row(const Cells&... cells) {
    add_row({cell(cells)...});
  }
  void add_row(std::vector<std::string> cells);
  /// An array that is still empty is left out. Throws std::logic_error when there are other than the shape's many values.
  void array(std::string name, std::vector<int> shape, std::span<const float> values);

  Findings take();

 private:
  Findings findings_;
  Facts facts_;
};

void write(FindingsWriter& writer, const TopResult& result);
void write(FindingsWriter& writer, const EvolutionResult& result);
void write(FindingsWriter& writer, const InvarianceResult& result);
void write(FindingsWriter& writer, const OcclusionResult& result);
void write(FindingsWriter& writer, const CorrespondenceResult& result);
void write(FindingsWriter& writer, const ArchitectureResult& result);
void write(FindingsWriter& writer, const LookBackResult& result);
void write(FindingsWriter& writer, const SanityResult& result);
void write(FindingsWriter& writer, const ClassResult& result);
void write(FindingsWriter& writer, const MaximisationResult& result);
void write(FindingsWriter& writer, const RandomnessResult& result);
void write(FindingsWriter& writer, const CloserResult& result);
void write(FindingsWriter& writer, const ConfusionResult& result);
void write(FindingsWriter& writer, const ImagesResult& result);

}  // namespace lenet::lab
