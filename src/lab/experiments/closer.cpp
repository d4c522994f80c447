#include "lab/experiments/closer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/responses.h"
#include "nn/block.h"

namespace lenet::lab {
namespace {

bool passes_on(nn::LayerKind kind) { return kind == nn::LayerKind::kFlatten || kind == nn::LayerKind::kDropout; }

std::size_t plane_size(const nn::Shape& shape) {
  return static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
}

class Closer final : public Experiment {
 public:
  Closer(std::shared_ptr<const Subject> subject, const CloserRequest& request) : subject_(std::move(subject)), request_(request) {
    const nn::Network<float>& network = subject_->network;
    observed_ = observed(network, request.unit);
    layer_ = network.find_layer(request.unit.layer);
    LoadedImage loaded = load_image(subject_->dataset, network.input(), request.image);
    result_.step = subject_->step;
    result_.unit = request.unit;
    result_.kind = network.layer(layer_).spec().kind;
    if (result_.kind != nn::LayerKind::kConv && result_.kind != nn::LayerKind::kDense) {
      throw Error("Layer “" + request.unit.layer +
                  "” has no weights, so its values are no sums of products. Choose a conv or a dense layer.");
    }
    result_.input = network.input();
    result_.image = std::move(loaded.pixels);
    result_.index = loaded.index;
    result_.label = loaded.label;
    describe_layer();
    check_cell();
    copy_parameters();
  }

  bool advance(nn::Workspace<float>& workspace) override {
    if (done_) return false;
    const std::span<const float> images[] = {result_.image};
    run_block(*subject_, images, static_cast<int>(observed_), workspace);
    const nn::Shape& in = subject_->network.layer(layer_).input();
    result_.source_values = nn::get_image(in, workspace.activation[layer_].data(), 0);  // flattened or not, [channel][y][x]
    result_.sums = map_of(workspace, layer_);
    result_.map = map_of(workspace, observed_);
    if (request_.y < 0) {
      const nn::Peak largest = largest_sum(result_);
      result_.y = largest.y;
      result_.x = largest.x;
    }
    done_ = true;
    return false;
  }

  double fraction() const override { return done_ ? 1 : 0; }
  Outcome outcome() const override { return result_; }

 private:
  void describe_layer() {
    const nn::Network<float>& network = subject_->network;
    const nn::Layer<float>& layer = network.layer(layer_);
    std::size_t from = layer_;
    while (from > 0 && passes_on(network.layer(from - 1).spec().kind)) --from;
    if (from > 0) result_.source = network.layer(from - 1).spec().name;
    result_.source_shape = network.layer(from).input();
    if (observed_ != layer_) result_.nonlinearity = network.layer(observed_).spec().kind;
    result_.rows = layer.output().height;
    result_.columns = layer.output().width;
    result_.field = window_of(network, layer_, 0, 0);
    if (result_.kind == nn::LayerKind::kDense) {
      result_.kernel_height = result_.source_shape.height;
      result_.kernel_width = result_.source_shape.width;
      return;
    }
    result_.kernel_height = result_.kernel_width = layer.spec().kernel;
    result_.stride = layer.spec().stride;
    result_.padding = layer.spec().padding;
    result_.field_stride = window_of(network, layer_, 1, 1).top - result_.field.top;
  }

  void check_cell() {
    if (request_.y < 0 && request_.x < 0) return;
    check_between("The cell's y", request_.y, 0, result_.rows - 1);
    check_between("The cell's x", request_.x, 0, result_.columns - 1);
    result_.y = request_.y;
    result_.x = request_.x;
  }

  void copy_parameters() {
    const std::size_t unit = static_cast<std::size_t>(request_.unit.unit);
    for (const nn::ParameterView& view : subject_->network.parameters()) {
      if (view.layer != request_.unit.layer) continue;
      const auto values = view.of(std::span<const float>(subject_->weights.values));
      if (view.is_bias) {
        result_.bias = values[unit];
      } else {
        const std::size_t size = values.size() / static_cast<std::size_t>(view.shape.front());
        const auto own = values.subspan(unit * size, size);
        result_.kernel.assign(own.begin(), own.end());
      }
    }
  }

  std::vector<float> map_of(const nn::Workspace<float>& workspace, std::size_t layer) const {
    const nn::Shape& shape = subject_->network.layer(layer).output();
    const std::vector<float> all = nn::get_image(shape, workspace.activation[layer + 1].data(), 0);
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(request_.unit.unit) * plane_size(shape));
    return {first, first + static_cast<std::ptrdiff_t>(plane_size(shape))};
  }

  std::shared_ptr<const Subject> subject_;
  CloserRequest request_;
  std::size_t layer_ = 0, observed_ = 0;
  bool done_ = false;
  CloserResult result_;
};

}  // namespace

WeightedSum sum_at(const CloserResult& result, int y, int x) {
  if (y < 0 || y >= result.rows || x < 0 || x >= result.columns) throw std::logic_error("sum_at: no such cell");
  WeightedSum sum;
  sum.window = {y * result.stride - result.padding, x * result.stride - result.padding, result.kernel_height, result.kernel_width};
  sum.patch.resize(result.kernel.size());
  cut(result.source_values, result.source_shape, sum.window, sum.patch);
  sum.products.resize(result.kernel.size());
  sum.channels.assign(static_cast<std::size_t>(result.source_shape.channels), 0);
  const std::size_t area = static_cast<std::size_t>(result.kernel_height) * static_cast<std::size_t>(result.kernel_width);
  for (std::size_t i = 0; i < sum.products.size(); ++i) {
    sum.products[i] = sum.patch[i] * result.kernel[i];
    sum.channels[i / area] += static_cast<double>(sum.products[i]);
  }
  sum.sum = std::accumulate(sum.channels.begin(), sum.channels.end(), static_cast<double>(result.bias));
  const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(result.columns) + static_cast<std::size_t>(x);
  sum.before = result.sums.at(at);
  sum.activation = result.map.at(at);
  return sum;
}

nn::Peak largest_sum(const CloserResult& result) {
  nn::Peak peak{-std::numeric_limits<double>::infinity(), 0, 0};
  for (std::size_t i = 0; i < result.sums.size(); ++i) {
    if (!(static_cast<double>(result.sums[i]) > peak.value)) continue;
    const int place = static_cast<int>(i);
    peak = {static_cast<double>(result.sums[i]), place / result.columns, place % result.columns};
  }
  return peak;
}

Window field_of(const CloserResult& result, int y, int x) {
  Window field = result.field;
  field.top += y * result.field_stride;
  field.left += x * result.field_stride;
  return field;
}

SourcePlace place_of(const CloserResult& result, const Window& window, std::size_t i) {
  const std::size_t width = static_cast<std::size_t>(result.kernel_width),
                    area = static_cast<std::size_t>(result.kernel_height) * width;
  return {static_cast<int>(i / area), window.top + static_cast<int>(i % area / width), window.left + static_cast<int>(i % width)};
}

bool is_inside(const nn::Shape& shape, const SourcePlace& place) {
  return place.y >= 0 && place.y < shape.height && place.x >= 0 && place.x < shape.width;
}

std::vector<std::size_t> largest_products(const WeightedSum& sum, std::size_t count) {
  std::vector<std::size_t> order(sum.products.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // What is no number has no place in an order; it counts as the largest, since it is what makes the sum none.
  const auto weight = [&](std::size_t i) {
    const float size = std::abs(sum.products[i]);
    return std::isnan(size) ? std::numeric_limits<float>::infinity() : size;
  };
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) { return weight(a) != weight(b) ? weight(a) > weight(b) : a < b; });
  order.resize(count);
  return order;
}

std::unique_ptr<Experiment> make_closer(std::shared_ptr<const Subject> subject, const CloserRequest& request) {
  return std::make_unique<Closer>(std::move(subject), request);
}

}  // namespace lenet::lab
