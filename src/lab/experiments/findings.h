// An outcome as numbers to take away: facts, a table, arrays. Files, scripts and the program all export through here.
#pragma once

#include <string>
#include <vector>

#include "lab/experiments/experiment.h"

namespace lenet::lab {

struct FoundArray {
  std::string name;  ///< "projections"
  std::vector<int> shape;
  std::vector<float> values;
};

struct Findings {
  std::string view;                            ///< "occlusion": the word of the request
  std::string facts;                           ///< a JSON object: step, layer, sizes, n, single figures; NaN as null
  std::vector<std::string> columns;            ///< of the table …
  std::vector<std::vector<std::string>> rows;  ///< … as text, numbers with a decimal point
  std::vector<FoundArray> arrays;
};

Findings findings(const Outcome& outcome);

/// The table as CSV (RFC 4180).
std::string to_csv(const Findings& findings);

/// The word for a request or an outcome: "top", "evolution", "invariance", "occlusion", "correspondence", "architecture", "lookBack", "sanity",
/// "classes", "maximise", "random", "closer", "confusion", "images".
std::string view_name(const Request& request);
std::string view_name(const Outcome& outcome);

/// The step whose weights were looked at; of an evolution the last moment's.
std::uint64_t step_of(const Outcome& outcome);

}  // namespace lenet::lab
