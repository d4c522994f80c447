// The course of a study as a picture: test accuracy against the step.
#pragma once

#include <string>

#include "lab/results.h"

namespace lenet::cli {

/// An SVG for light and dark pages: for each arm the mean over the seeds as a line, its 95 % interval as a band, and the seeds as thin
/// lines. The accuracy's axis is logarithmic in the error, so that 98 and 99 % are as far apart as 80 and 90 %; the steps' axis is
/// logarithmic where the first measurement comes early.
std::string chart_svg(const lab::Results& results, const std::string& title);

}  // namespace lenet::cli
