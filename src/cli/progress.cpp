#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lenet::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kLine = std::chrono::seconds(10);
constexpr int kBar = 24;  // characters

}  // namespace

Progress::Progress(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), next_(Clock::now() + (terminal_ ? Clock::duration(kRedraw) : kLine)) {}

bool Progress::due() const { return !quiet_ && Clock::now() >= next_; }

void Progress::draw(const std::string& label, double fraction, const std::string& text) {
  if (!due()) return;
  const int percent = static_cast<int>(std::floor(std::clamp(fraction, 0.0, 1.0) * 100));
  if (terminal_) {
    const int filled = percent * kBar / 100;
    const std::string bar =
        std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(kBar - filled), '.');
    std::fprintf(stderr, "\r\033[K%s [%s] %3d %%  %s", label.c_str(), bar.c_str(), percent, text.c_str());
  } else {
    std::fprintf(stderr, "%s  %3d %%  %s\n", label.c_str(), percent, text.c_str());
  }
  std::fflush(stderr);
  drawn_ = terminal_;
  next_ = Clock::now() + (terminal_ ? Clock::duration(kRedraw) : kLine);
}

void Progress::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

std::string duration_text(double seconds) {
  const long total = std::lround(std::clamp(seconds, 0.0, 1e6));
  char text[32];
  if (total >= 3600) {
    std::snprintf(text, sizeof(text), "%ld:%02ld:%02ld", total / 3600, total / 60 % 60, total % 60);
  } else {
    std::snprintf(text, sizeof(text), "%ld:%02ld", total / 60, total % 60);
  }
  return text;
}

std::string count_text(double value) {
  std::string digits = std::to_string(std::llround(std::max(value, 0.0)));
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace lenet::cli
