// The measurements of lab/measure.h as the page, the program and tools/bench ask for them and read them.
#pragma once

#include <string>

#include "lab/measure.h"
#include "lab/measure_views.h"
#include "lab/run.h"

namespace lenet::app {

inline constexpr double kLongestMeasurement = 60;

/// `what` is "inference", "layers" or "lab"; the present weights of the run are used and not changed. Returns an object as JSON:
/// {"images", "seconds"}; {"peak_gflops", "layers": [{"layer", "pass", "microseconds", "gflops", "share_of_peak"}]}; or {"layer", "units",
/// "projections_per_second", "top_images", "top_seconds", "occlusion_positions", "occlusion_seconds"}, on one thread.
/// Throws Error for another name, a batch that is not 1 … 1024, or seconds not within 0 … kLongestMeasurement.
std::string measure(const lab::Run& run, const std::string& what, int batch, double seconds, lab::Workers& workers);

/// {"images", "seconds"} as text.
std::string to_json(const lab::Throughput& throughput);

}  // namespace lenet::app
