#include "cli/study_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/text.h"
#include "cli/chart_axis.h"
#include "cli/progress.h"

namespace lenet::cli {
namespace {

// Pixels.
constexpr double kWidth = 980, kHeight = 520;
constexpr double kLeft = 70, kRight = 700, kTop = 56, kBottom = 460;
constexpr double kLegend = 722, kLegendRow = 22;

// Told apart by people who see fewer colours, and on white as on black: after Okabe & Ito.
constexpr std::array<const char*, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#e69f00", "#56b4e9", "#9467bd", "#8c8c8c"};

const char* colour_of(std::size_t arm) { return kColours[arm % kColours.size()]; }
const char* dashes_of(std::size_t arm) { return arm < kColours.size() ? "" : " stroke-dasharray=\"6 3\""; }

struct Point {
  double step, accuracy;
};

/// An arm's runs, at the steps at which all were measured.
struct Course {
  std::string name;
  int runs = 0;
  std::vector<double> steps;
  std::vector<lab::Summary> means;
  std::vector<std::vector<Point>> seeds;
};

Course course_of(const lab::Results& results, const std::string& arm) {
  Course course{arm, 0, {}, {}, {}};
  for (const std::uint64_t step : lab::common_steps(results, arm)) {
    course.steps.push_back(static_cast<double>(step));
    course.means.push_back(lab::summarize(lab::accuracies(results, arm, step)));
  }
  for (const lab::RunResult& run : results.runs) {
    if (run.arm != arm || run.diverged) continue;
    std::vector<Point> points;
    for (const lab::Measurement& m : run.curve) points.push_back({static_cast<double>(m.step), m.test.accuracy()});
    course.seeds.push_back(std::move(points));
  }
  course.runs = static_cast<int>(course.seeds.size());
  return course;
}

std::string pixel(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

/// At most `most` letters of a text in UTF-8.
std::string shortened(const std::string& text, int most) {
  int letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins && ++letters > most) return text.substr(0, i) + "…";
  }
  return text;
}

std::string text_at(double x, double y, const char* anchor, const std::string& text, const char* more = "") {
  return "<text x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" text-anchor=\"" + anchor + "\"" + more + ">" + escaped(text) +
         "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const char* css) {
  return "<line x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) + "\" y2=\"" + pixel(y2) + "\" class=\"" +
         css + "\"/>\n";
}

class Chart {
 public:
  explicit Chart(const lab::Results& results);
  std::string svg(const std::string& title) const;

 private:
  std::string points(const std::vector<Point>& points) const;
  std::string axes() const;
  std::string band(const Course& course, std::size_t index) const;
  std::string lines(const Course& course, std::size_t index) const;
  std::string legend() const;

  std::vector<Course> courses_;
  bool any_ = false;  // whether a run was finished
  std::optional<Axis> x_, y_;
  bool log_steps_ = false;
  double best_ = 1;  // the largest accuracy that has a place on the axis: half an error
};

Chart::Chart(const lab::Results& results) : best_(1 - 0.5 / std::max(results.question.test_images, 1)) {
  double first = 1e300, last = 1, low = 1, high = 0;
  for (const lab::Arm& arm : results.question.arms) {
    courses_.push_back(course_of(results, arm.name));
    for (const std::vector<Point>& run : courses_.back().seeds) {
      for (const Point& point : run) {
        any_ = true;
        first = std::min(first, point.step);
        last = std::max(last, point.step);
        low = std::min(low, point.accuracy);
        high = std::max(high, std::min(point.accuracy, best_));
      }
    }
  }
  if (!any_) return;
  log_steps_ = first * 20 <= last;
  // A little room above and below, in shares of the error; the margin keeps a single measurement from being no range at all.
  const double least = std::max(0.0, 1 - (1 - low) * 1.1), most = 1 - (1 - high) / 1.1;
  x_.emplace(log_steps_ ? Scale::kLog : Scale::kLinear, log_steps_ ? first : 0, last, kLeft, kRight);
  y_.emplace(Scale::kLogError, std::min(least, most - 1e-6), most, kBottom, kTop);
}

std::string Chart::points(const std::vector<Point>& points) const {
  std::string text;
  for (const Point& point : points) {
    const double y = y_->at(std::clamp(point.accuracy, 0.0, best_));
    text += (text.empty() ? "" : " ") + pixel(x_->at(point.step)) + "," + pixel(y);
  }
  return text;
}

std::string Chart::axes() const {
  std::string text;
  for (const double step : x_->ticks(48)) {
    text +=
        line(x_->at(step), kTop, x_->at(step), kBottom, "grid") + text_at(x_->at(step), kBottom + 18, "middle", count_text(step));
  }
  for (const double accuracy : y_->ticks(20)) {
    text += line(kLeft, y_->at(accuracy), kRight, y_->at(accuracy), "grid");
    text += text_at(kLeft - 8, y_->at(accuracy) + 4, "end", decimal_text(std::round(accuracy * 1e6) / 1e4) + " %");
  }
  text += line(kLeft, kBottom, kRight, kBottom, "axis") + line(kLeft, kTop, kLeft, kBottom, "axis");
  const std::string steps = log_steps_ ? "step (minibatches, logarithmic)" : "step (minibatches)";
  text += text_at((kLeft + kRight) / 2, kBottom + 42, "middle", steps);
  const std::string turned = " transform=\"rotate(-90 16 " + pixel((kTop + kBottom) / 2) + ")\"";
  return text + text_at(16, (kTop + kBottom) / 2, "middle", "test accuracy (logarithmic in the error)", turned.c_str());
}

std::string Chart::band(const Course& course, std::size_t index) const {
  std::vector<Point> upper, lower;
  for (std::size_t i = 0; i < course.steps.size(); ++i) {
    const lab::Summary& at = course.means[i];
    if (at.n < 2) continue;
    upper.push_back({course.steps[i], at.mean + at.half_width});
    lower.push_back({course.steps[i], at.mean - at.half_width});
  }
  if (upper.empty()) return "";
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  return "<polygon points=\"" + points(upper) + "\" fill=\"" + colour_of(index) + "\" fill-opacity=\"0.16\"/>\n";
}

std::string Chart::lines(const Course& course, std::size_t index) const {
  const std::string stroke = std::string("\" stroke=\"") + colour_of(index) + "\"";
  std::vector<Point> mean;
  for (std::size_t i = 0; i < course.steps.size(); ++i) mean.push_back({course.steps[i], course.means[i].mean});
  std::string text;
  for (const std::vector<Point>& seed : course.seeds) {
    text += "<polyline points=\"" + points(seed) + stroke + " stroke-width=\"0.7\" stroke-opacity=\"0.5\"/>\n";
  }
  if (mean.size() == 1) {  // would be no line
    return text + "<circle cx=\"" + pixel(x_->at(mean[0].step)) + "\" cy=\"" + pixel(y_->at(std::min(mean[0].accuracy, best_))) +
           "\" r=\"4\" fill=\"" + colour_of(index) + "\"/>\n";
  }
  return text + "<polyline points=\"" + points(mean) + stroke + " stroke-width=\"2.2\"" + dashes_of(index) + "/>\n";
}

std::string Chart::legend() const {
  std::string text;
  double y = kTop + 12;
  for (std::size_t i = 0; i < courses_.size(); ++i, y += kLegendRow) {
    text += "<line x1=\"" + pixel(kLegend) + "\" x2=\"" + pixel(kLegend + 24) + "\" y1=\"" + pixel(y - 4) + "\" y2=\"" +
            pixel(y - 4) + "\" stroke=\"" + colour_of(i) + "\" stroke-width=\"2.2\"" + dashes_of(i) + "/>\n";
    text += text_at(kLegend + 32, y, "start", shortened(courses_[i].name, 32) + " (n = " + std::to_string(courses_[i].runs) + ")");
  }
  return text + text_at(kLegend, y + 12, "start", "band: 95 % interval of the mean", " class=\"note\"") +
         text_at(kLegend, y + 28, "start", "thin lines: single seeds", " class=\"note\"");
}

std::string Chart::svg(const std::string& title) const {
  const std::string size =
      pixel(kWidth) + " " + pixel(std::max(kHeight, kTop + kLegendRow * (static_cast<double>(courses_.size()) + 3)));
  std::string text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" role=\"img\">\n<title>" + escaped(title) +
      "</title>\n<style>\n"
      ".paper { fill: #ffffff } text { fill: #222222; font: 12px system-ui, sans-serif } .head { font-size: 16px }\n"
      ".note { fill: #666666; font-size: 11px } .grid { stroke: #888888; stroke-opacity: 0.27 } .axis { stroke: #888888 }\n"
      "@media (prefers-color-scheme: dark) { .paper { fill: #15181c } text { fill: #e6e6e6 } .note { fill: #a0a0a0 } }\n"
      "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" +
      text_at(kLeft, 30, "start", shortened(title, 100), " class=\"head\"");
  if (!any_)
    return text + text_at((kLeft + kRight) / 2, (kTop + kBottom) / 2, "middle", "No run came to its end.") + legend() + "</svg>\n";
  text += axes() + "<clipPath id=\"plot\"><rect x=\"" + pixel(kLeft) + "\" y=\"" + pixel(kTop) + "\" width=\"" +
          pixel(kRight - kLeft) + "\" height=\"" + pixel(kBottom - kTop) +
          "\"/></clipPath>\n<g clip-path=\"url(#plot)\" fill=\"none\" stroke-linejoin=\"round\">\n";
  for (std::size_t i = 0; i < courses_.size(); ++i) text += band(courses_[i], i);
  for (std::size_t i = 0; i < courses_.size(); ++i) text += lines(courses_[i], i);
  return text + "</g>\n" + legend() + "</svg>\n";
}

}  // namespace

std::string chart_svg(const lab::Results& results, const std::string& title) { return Chart(results).svg(title); }

}  // namespace lenet::cli
