// Tests of src/data/strokes_pen.h: the ink fills the box, is as broad as the pen, and soft at its edges.
#include "data/strokes_pen.h"

#include <numeric>

#include "support.h"

using namespace lenet;
using data::InkBox;
using data::PenPath;

namespace {

/// A polygonal line drawn with one pressure, in one stroke.
PenPath line(std::initializer_list<data::Point> points, double radius) {
  PenPath path;
  for (const data::Point& at : points) {
    path.add(at, path.size == 0);
    path.points[static_cast<std::size_t>(path.size - 1)].radius = radius;
  }
  return path;
}

float at(const InkBox& box, int x, int y) { return box[static_cast<std::size_t>(y * 20 + x)]; }

double mass(const InkBox& box) { return std::accumulate(box.begin(), box.end(), 0.0); }

}  // namespace

TEST_CASE("strokes pen: a stem is as long as the box and as broad as the pen") {
  for (const double radius : {0.7, 1.0, 1.6, 2.5}) {
    CAPTURE(radius);
    const InkBox box = data::draw_path(line({{0, -0.5}, {0, 0.5}}, radius), 0);
    for (int y = 4; y < 16; ++y) {
      double row = 0;
      for (int x = 0; x < 20; ++x) {
        row += static_cast<double>(at(box, x, y));
        CHECK(at(box, x, y) == at(box, 19 - x, y));
      }
      CHECK(row == doctest::Approx(2 * radius).epsilon(0.06));
    }
    CHECK(at(box, 9, 0) > 0);
    CHECK(at(box, 9, 19) > 0);
    CHECK(at(box, 9, 10) == doctest::Approx(std::min((radius - 0.5 + 0.55) / 1.1, 1.0)));
  }
}

TEST_CASE("strokes pen: the size on the paper makes no difference, the longer side decides") {
  const InkBox tall = data::draw_path(line({{0, 0}, {0.3, 1}}, 1.2), 0);
  const InkBox small = data::draw_path(line({{5, 5}, {5.03, 5.1}}, 1.2), 0);
  const InkBox wide = data::draw_path(line({{0, 0}, {1, 0.3}}, 1.2), 0);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 20; ++x) {
      CHECK(std::abs(at(tall, x, y) - at(small, x, y)) < 1e-4F);
      CHECK(std::abs(at(tall, x, y) - at(wide, y, x)) < 1e-4F);
    }
}

TEST_CASE("strokes pen: the offset moves the ink on the shorter side alone") {
  const auto centre = [](const InkBox& box, bool across) {
    double moment = 0;
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 20; ++x) moment += static_cast<double>(at(box, x, y)) * ((across ? x : y) + 0.5);
    return moment / mass(box);
  };
  const PenPath stem = line({{0, 0}, {0.1, 1}}, 1.3);
  for (const double off : {-0.5, -0.2, 0.0, 0.4}) {
    const InkBox box = data::draw_path(stem, off);
    CHECK(centre(box, true) == doctest::Approx(10 + off).epsilon(0.002));
    CHECK(centre(box, false) == doctest::Approx(10).epsilon(0.002));
  }
}

TEST_CASE("strokes pen: strokes that cross are not darker, strokes apart are not joined, and a dot is drawn") {
  PenPath cross = line({{-0.5, 0}, {0.5, 0}}, 1);
  cross.add({0, -0.5}, true);
  cross.add({0, 0.5}, false);
  for (std::size_t i = 2; i < 4; ++i) cross.points[i].radius = 1;
  const InkBox box = data::draw_path(cross, 0);
  CHECK(at(box, 10, 10) <= 1);
  CHECK(at(box, 10, 10) >= at(box, 10, 4));
  CHECK(at(box, 3, 3) == 0);

  const InkBox dot = data::draw_path(line({{0.2, 0.2}, {0.2, 0.2}}, 1), 0);
  CHECK(mass(dot) > 0);
  for (const float ink : dot) CHECK(ink <= 1);
}
