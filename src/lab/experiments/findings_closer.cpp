// Findings of the views that take a result apart: closer, confusion, images.
#include <cmath>

#include "lab/experiments/findings_writer.h"

namespace lenet::lab {
namespace {

std::vector<float> as_floats(const std::vector<int>& values) { return {values.begin(), values.end()}; }

/// The nonlinearity as descriptions of networks write it.
Facts nonlinearity_fact(const CloserResult& result) {
  if (!result.nonlinearity) return {};
  switch (*result.nonlinearity) {
    case nn::LayerKind::kTanh: return "tanh";
    case nn::LayerKind::kSigmoid: return "sigmoid";
    default: return "relu";
  }
}

}  // namespace

void write(FindingsWriter& writer, const CloserResult& result) {
  const WeightedSum sum = sum_at(result, result.y, result.x);
  writer.fact("step") = result.step;
  writer.fact("layer") = result.unit.layer;
  writer.fact("unit") = result.unit.unit;
  writer.fact("kind") = result.kind == nn::LayerKind::kConv ? "conv" : "dense";
  writer.fact("input") = facts_of(result.input);
  writer.fact("image") = index_fact(result.index);
  writer.fact("label") = index_fact(result.label);
  writer.fact("source") = result.source.empty() ? Facts("image") : Facts(result.source);
  writer.fact("sourceShape") = facts_of(result.source_shape);
  writer.fact("stride") = result.stride;
  writer.fact("padding") = result.padding;
  writer.fact("y") = result.y;
  writer.fact("x") = result.x;
  writer.fact("window") = facts_of(sum.window);
  writer.fact("field") = facts_of(field_of(result, result.y, result.x));
  writer.fact("bias") = as_written(result.bias);
  writer.fact("sum") = sum.sum;
  writer.fact("before") = as_written(sum.before);
  writer.fact("nonlinearity") = nonlinearity_fact(result);
  writer.fact("activation") = as_written(sum.activation);

  writer.columns({"channel", "y", "x", "value", "weight", "product"});
  for (std::size_t i = 0; i < sum.products.size(); ++i) {
    const SourcePlace place = place_of(result, sum.window, i);
    writer.row(place.channel, place.y, place.x, sum.patch[i], result.kernel[i], sum.products[i]);
  }
  const std::vector<int> block = {result.source_shape.channels, result.kernel_height, result.kernel_width};
  writer.array("patch", block, sum.patch);
  writer.array("kernel", block, result.kernel);
  writer.array("products", block, sum.products);
  writer.array("channels", {result.source_shape.channels}, std::vector<float>(sum.channels.begin(), sum.channels.end()));
  writer.array("sums", {result.rows, result.columns}, result.sums);
  writer.array("map", {result.rows, result.columns}, result.map);
  const nn::Shape& source = result.source_shape;
  writer.array("source", {source.channels, source.height, source.width}, result.source_values);
  writer.array("image", {result.input.channels, result.input.height, result.input.width}, result.image);
}

void write(FindingsWriter& writer, const ConfusionResult& result) {
  const int done = result.done(), classes = result.classes;
  writer.fact("step") = result.step;
  writer.fact("classes") = classes;
  writer.fact("stride") = result.stride;
  writer.fact("n") = done;
  writer.fact("correct") = result.correct;
  writer.fact("accuracy") = done > 0 ? Facts(static_cast<double>(result.correct) / done) : Facts();
  writer.fact("loss") = result.loss;

  writer.columns({"class", "predicted", "count", "share"});
  std::vector<float> shares;
  for (int truth = 0; truth < classes; ++truth) {
    const int total = class_total(result, truth);
    for (int guess = 0; guess < classes; ++guess) {
      const double share = total > 0 ? static_cast<double>(result.count(truth, guess)) / total : std::nan("");
      writer.row(truth, guess, result.count(truth, guess), share);  // a class without images has no shares
      shares.push_back(static_cast<float>(share));
    }
  }
  writer.array("counts", {classes, classes}, as_floats(result.counts));
  writer.array("shares", {classes, classes}, shares);
  std::vector<int> images;
  for (int i = 0; i < done; ++i) images.push_back(i * result.stride);
  writer.array("images", {done}, as_floats(images));
  writer.array("labels", {done}, as_floats(result.labels));
  writer.array("predicted", {done}, as_floats(result.predicted));
  writer.array("probability", {done}, result.probability);
  writer.array("true_probability", {done}, result.true_probability);
}

void write(FindingsWriter& writer, const ImagesResult& result) {
  writer.fact("step") = result.step;
  writer.fact("input") = facts_of(result.input);
  writer.columns({"image", "class"});
  for (std::size_t i = 0; i < result.images.size(); ++i) writer.row(result.images[i], result.labels[i]);
  const int images = static_cast<int>(result.images.size());
  writer.array("pixels", {images, result.input.channels, result.input.height, result.input.width}, result.pixels);
}

}  // namespace lenet::lab
