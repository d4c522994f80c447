// The command line of lenet-lab: reads the options, calls the subcommand, turns errors into one sentence and an exit code.
#pragma once

namespace lenet::cli {

// Exit codes.
inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;        ///< bad options or files; one sentence on the standard error
inline constexpr int kDiverged = 2;       ///< a training run reached NaN or infinity
inline constexpr int kInterrupted = 130;  ///< stopped by SIGINT or SIGTERM; what there was has been written

/// Runs the program and returns its exit code.
int run(int argc, const char* const* argv);

}  // namespace lenet::cli
