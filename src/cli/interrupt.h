// SIGINT and SIGTERM as a question that a loop can ask between two steps.
#pragma once

namespace lenet::cli {

/// While it lives, the first SIGINT or SIGTERM only sets a flag; a second one ends the program at once.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  bool requested() const;
};

}  // namespace lenet::cli
