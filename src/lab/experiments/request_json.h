// Requests as scripts and the program write them: {"view": "occlusion", "image": 12, "size": 5, "color": "grey"}.
#pragma once

#include "lab/experiments/experiment.h"
#include "lab/json_fields.h"

namespace lenet::lab {

/// What a request that leaves them out means.
struct RequestDefaults {
  UnitRef unit{"conv1", 0};
  ImageRef image = 0;
};

/// Reads "view" and its fields; the caller ends with finish(). An image is an index into the test set, or a list of numbers (its pixels).
/// What is left out has its default; layer, unit and image have those of `defaults` (a layer named without a unit means its unit 0, also when it is that of `defaults`), and a
/// scale or a rotation has a range of its own. Throws Error for an unknown view, a wrong type or a senseless value; whether the values fit
/// the network is for make_experiment() to say.
Request read_request(Fields& fields, const RequestDefaults& defaults);

}  // namespace lenet::lab
