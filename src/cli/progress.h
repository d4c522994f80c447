// A progress bar on the standard error: redrawn in place on a terminal, a line every ten seconds elsewhere (a log).
#pragma once

#include <chrono>
#include <string>

namespace lenet::cli {

class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether something would be drawn now; asks cheaply, so that the text is made only when it is needed.
  bool due() const;
  /// Draws `label`, a bar of `fraction` (0 … 1) and `text`.
  void draw(const std::string& label, double fraction, const std::string& text);
  /// Removes the bar, so that ordinary lines can follow.
  void clear();

 private:
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

/// "1:05" or "2:03:09".
std::string duration_text(double seconds);
/// "12,345".
std::string count_text(double value);

}  // namespace lenet::cli
