#include "lab/experiments/invariance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "base/math.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"

namespace lenet::lab {
namespace {

constexpr int kTypicalImages = 16;

struct TransformRange {
  Transform transform;
  const char* name;
  const char* unit;  // of the amounts, in messages
  double low, high;
  double neutral;  // changes nothing
};
constexpr TransformRange kTransforms[] = {
    {Transform::kTranslateY, "translateY", "shift in pixels", -32, 32, 0},
    {Transform::kTranslateX, "translateX", "shift in pixels", -32, 32, 0},
    {Transform::kScale, "scale", "scale", 0.2, 5, 1},
    {Transform::kRotate, "rotate", "rotation in degrees", -360, 360, 0},
};

const TransformRange& range_of(Transform transform) {
  for (const TransformRange& range : kTransforms)
    if (range.transform == transform) return range;
  throw std::logic_error("range_of: no such transform");
}

/// Where an output pixel's value comes from: source = centre + matrix · (output − centre) − shift.
struct Mapping {
  double yy = 1, yx = 0, xy = 0, xx = 1;
  double shift_y = 0, shift_x = 0;
};

Mapping mapping_of(Transform transform, double amount) {
  switch (transform) {
    case Transform::kTranslateY: return {.shift_y = amount};
    case Transform::kTranslateX: return {.shift_x = amount};
    case Transform::kScale: return {.yy = 1 / amount, .xx = 1 / amount};
    case Transform::kRotate: break;
  }
  // Rows count downwards: a point right of the centre turns upwards. This is the inverse: from where it went to where it was.
  static constexpr double kCosines[] = {1, 0, -1, 0}, kSines[] = {0, 1, 0, -1};
  double cosine = cos(amount * kPi / 180), sine = sin(amount * kPi / 180);
  const double quarters = amount / 90;
  if (quarters == std::floor(quarters)) {  // a quarter turn moves pixels onto pixels
    const int quarter = (static_cast<int>(quarters) % 4 + 4) % 4;
    cosine = kCosines[quarter];
    sine = kSines[quarter];
  }
  return {.yy = cosine, .yx = sine, .xy = -sine, .xx = cosine};
}

/// Along one axis: the two neighbours of a position and how much the second counts. `inside` is false where both are beyond the edge.
struct Between {
  Between(double position, int size) : inside(position > -1 && position < size) {  // false for NaN, too
    if (!inside) return;
    const double below = std::floor(position);
    first = static_cast<int>(below);
    part = position - below;
  }
  bool inside;
  int first = 0;
  double part = 0;
};

float bilinear(std::span<const float> plane, const nn::Shape& shape, const Between& y, const Between& x) {
  const auto pixel = [&](int row, int column) {
    const bool within = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
    return within ? static_cast<double>(plane[static_cast<std::size_t>(row * shape.width + column)]) : 0.0;
  };
  const auto row = [&](int r) { return (1 - x.part) * pixel(r, x.first) + x.part * pixel(r, x.first + 1); };
  return static_cast<float>((1 - y.part) * row(y.first) + y.part * row(y.first + 1));
}

/// Evenly spaced; a whole number is hit exactly, whatever the division rounds to.
std::vector<double> amounts_of(const InvarianceRequest& request) {
  std::vector<double> amounts;
  for (int i = 0; i < request.amounts; ++i) {
    const double amount = request.from + (request.to - request.from) * i / (request.amounts - 1);
    const double whole = std::floor(amount + 0.5);
    amounts.push_back(std::abs(amount - whole) < 1e-9 ? whole : amount);
  }
  amounts.back() = request.to;
  return amounts;
}

/// Adds the squared distance between image a of one block and image b of another to sums[a][b], for all of them.
using PairSums = std::array<std::array<double, nn::kLanes>, nn::kLanes>;
void add_squares(std::span<const float> one, std::span<const float> other, PairSums& sums) {
  for (std::size_t at = 0; at < one.size(); at += nn::kLanes)
    for (std::size_t a = 0; a < nn::kLanes; ++a)
      for (std::size_t b = 0; b < nn::kLanes; ++b) {
        const double difference = static_cast<double>(one[at + a]) - static_cast<double>(other[at + b]);
        sums[a][b] += difference * difference;
      }
}

class Invariance final : public Experiment {
 public:
  Invariance(std::shared_ptr<const Subject> subject, const InvarianceRequest& request);

  bool advance(nn::Workspace<float>& workspace) override;
  double fraction() const override { return static_cast<double>(slice_) / slices(); }
  Outcome outcome() const override { return result_; }

 private:
  int typical_blocks() const { return (typical_images_ + nn::kLanes - 1) / nn::kLanes; }
  int jobs() const { return static_cast<int>(images_.size() * result_.amounts.size()); }
  int slices() const { return typical_blocks() + 1 + (jobs() + nn::kLanes - 1) / nn::kLanes; }

  void compare_held_out(int block, nn::Workspace<float>& workspace);
  void look_at_originals(nn::Workspace<float>& workspace);
  void look_at_transformed(int first, nn::Workspace<float>& workspace);
  void measure_distances(int first, int count, const nn::Workspace<float>& workspace);

  std::shared_ptr<const Subject> subject_;
  ObservedLayers layers_;
  std::vector<LoadedImage> images_;
  int typical_images_;
  Features kept_;  // first of the first held-out block, then of the untransformed images
  int slice_ = 0;
  InvarianceResult result_;
};

Invariance::Invariance(std::shared_ptr<const Subject> subject, const InvarianceRequest& request)
    : subject_(std::move(subject)), layers_(observed_layers(subject_->network)) {
  const TransformRange& range = range_of(request.transform);
  check_between("The number of images", static_cast<int>(std::min<std::size_t>(request.images.size(), 1000)), 1, nn::kLanes);
  check_between("The number of amounts", request.amounts, 2, 91);
  check_between(std::string("The first ") + range.unit, request.from, range.low, range.high);
  check_between(std::string("The last ") + range.unit, request.to, range.low, range.high);
  if (!(request.from < request.to)) throw Error("The amounts must grow: the first one must be smaller than the last one.");

  const nn::Shape input = subject_->network.input();
  for (const ImageRef& image : request.images) images_.push_back(load_image(subject_->dataset, input, image));
  typical_images_ = std::min(held_out_available(subject_->dataset), kTypicalImages);

  result_.step = subject_->step;
  result_.transform = request.transform;
  result_.input = input;
  result_.amounts = amounts_of(request);
  result_.layers = layers_.names;
  result_.typical_pairs = typical_images_ * (typical_images_ - 1) / 2;
  result_.typical.assign(layers_.names.size(), result_.typical_pairs > 0 ? 0 : std::numeric_limits<double>::quiet_NaN());
  result_.classes.resize(images_.size());
  const std::size_t shown = static_cast<std::size_t>(jobs());
  result_.distance.resize(layers_.names.size() * shown);
  result_.probability.resize(shown);
  result_.pictures.resize(shown * input.size());
}

bool Invariance::advance(nn::Workspace<float>& workspace) {
  const int first_job = (slice_ - typical_blocks() - 1) * nn::kLanes;
  if (slice_ < typical_blocks()) {
    compare_held_out(slice_, workspace);
  } else if (slice_ == typical_blocks()) {
    look_at_originals(workspace);
  } else if (slice_ < slices()) {
    look_at_transformed(first_job, workspace);
  }
  slice_ = std::min(slice_ + 1, slices());
  return slice_ < slices();
}

void Invariance::compare_held_out(int block, nn::Workspace<float>& workspace) {
  const int first = block * nn::kLanes, count = std::min(typical_images_ - first, nn::kLanes);
  std::vector<std::vector<float>> pixels;
  for (int i = 0; i < count; ++i) pixels.push_back(train_pixels(subject_->dataset, first + i));
  run_block(*subject_, std::vector<std::span<const float>>(pixels.begin(), pixels.end()), -1, workspace);
  for (std::size_t layer = 0; layer < layers_.indices.size(); ++layer) {
    const std::vector<float>& features = workspace.activation[layers_.indices[layer] + 1];
    double sum = 0;
    PairSums squares{};
    add_squares(features, features, squares);
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b) sum += std::sqrt(squares[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)]);
    if (block > 0) {  // and with those of the block before, which is full
      squares = {};
      add_squares(kept_[layer], features, squares);
      for (const std::array<double, nn::kLanes>& row : squares)
        for (int b = 0; b < count; ++b) sum += std::sqrt(row[static_cast<std::size_t>(b)]);
    }
    if (result_.typical_pairs > 0) result_.typical[layer] += sum / result_.typical_pairs;
  }
  if (block == 0) keep_features(workspace, layers_, kept_);
}

void Invariance::look_at_originals(nn::Workspace<float>& workspace) {
  std::vector<std::span<const float>> pixels;
  for (const LoadedImage& image : images_) pixels.emplace_back(image.pixels);
  run_block(*subject_, pixels, -1, workspace);
  keep_features(workspace, layers_, kept_);
  for (std::size_t i = 0; i < images_.size(); ++i) {
    const bool labelled = images_[i].label >= 0;
    result_.classes[i] = labelled ? images_[i].label : most_probable(probabilities_of(workspace, static_cast<int>(i)));
  }
}

void Invariance::look_at_transformed(int first, nn::Workspace<float>& workspace) {
  const int count = std::min(jobs() - first, nn::kLanes), amounts = static_cast<int>(result_.amounts.size());
  const std::size_t size = result_.input.size();
  std::vector<std::span<const float>> pixels;
  for (int job = first; job < first + count; ++job) {
    const std::vector<float>& original = images_[static_cast<std::size_t>(job / amounts)].pixels;
    const double amount = result_.amounts[static_cast<std::size_t>(job % amounts)];
    const std::span<float> picture = std::span(result_.pictures).subspan(static_cast<std::size_t>(job) * size, size);
    std::ranges::copy(transformed(original, result_.input, result_.transform, amount), picture.begin());
    pixels.emplace_back(picture);
  }
  run_block(*subject_, pixels, -1, workspace);
  measure_distances(first, count, workspace);
  for (int lane = 0; lane < count; ++lane) {
    const std::size_t job = static_cast<std::size_t>(first + lane);
    const std::size_t image = job / static_cast<std::size_t>(amounts);
    const std::size_t of = static_cast<std::size_t>(result_.classes[image]);
    result_.probability[job] = static_cast<float>(probabilities_of(workspace, lane)[of]);
  }
}

void Invariance::measure_distances(int first, int count, const nn::Workspace<float>& workspace) {
  std::array<std::size_t, nn::kLanes> original{};  // lane of the untransformed image
  for (int lane = 0; lane < count; ++lane) {
    original[static_cast<std::size_t>(lane)] = static_cast<std::size_t>(first + lane) / result_.amounts.size();
  }
  for (std::size_t layer = 0; layer < layers_.indices.size(); ++layer) {
    const std::vector<float>& features = workspace.activation[layers_.indices[layer] + 1];
    const std::vector<float>& plain = kept_[layer];
    std::array<double, nn::kLanes> squares{};
    for (std::size_t at = 0; at < features.size(); at += nn::kLanes)
      for (std::size_t lane = 0; lane < nn::kLanes; ++lane) {
        const double difference = static_cast<double>(features[at + lane]) - static_cast<double>(plain[at + original[lane]]);
        squares[lane] += difference * difference;
      }
    float* distance = result_.distance.data() + layer * static_cast<std::size_t>(jobs()) + first;
    for (int lane = 0; lane < count; ++lane)
      distance[lane] = static_cast<float>(std::sqrt(squares[static_cast<std::size_t>(lane)]));
  }
}

}  // namespace

std::vector<float> transformed(std::span<const float> image, const nn::Shape& shape, Transform transform, double amount) {
  if (image.size() != shape.size()) throw std::logic_error("transformed: an image of another size");
  if (amount == range_of(transform).neutral) return {image.begin(), image.end()};
  const Mapping mapping = mapping_of(transform, amount);
  const double centre_y = (shape.height - 1) / 2.0, centre_x = (shape.width - 1) / 2.0;
  const std::size_t area = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<float> out(image.size());
  for (int y = 0; y < shape.height; ++y)
    for (int x = 0; x < shape.width; ++x) {
      const double from_y = y - centre_y, from_x = x - centre_x;
      const Between row(centre_y + mapping.yy * from_y + mapping.yx * from_x - mapping.shift_y, shape.height);
      const Between column(centre_x + mapping.xy * from_y + mapping.xx * from_x - mapping.shift_x, shape.width);
      if (!row.inside || !column.inside) continue;
      const std::size_t place = static_cast<std::size_t>(y * shape.width + x);
      for (std::size_t plane = 0; plane < image.size(); plane += area) {
        out[plane + place] = bilinear(image.subspan(plane, area), shape, row, column);
      }
    }
  return out;
}

std::string name_of(Transform transform) { return range_of(transform).name; }

Transform transform_named(const std::string& name) {
  std::string known;
  for (const TransformRange& range : kTransforms) {
    if (name == range.name) return range.transform;
    known += (known.empty() ? "" : ", ") + std::string(range.name);
  }
  throw Error("There is no transform “" + name + "”. Known ones: " + known + ".");
}

std::unique_ptr<Experiment> make_invariance(std::shared_ptr<const Subject> subject, const InvarianceRequest& request) {
  return std::make_unique<Invariance>(std::move(subject), request);
}

}  // namespace lenet::lab
