// Findings of the views that look at single images or units: invariance, occlusion, correspondence, lookBack, sanity, classes, maximise.
#include <algorithm>

#include "lab/experiments/findings_writer.h"

namespace lenet::lab {
namespace {

int count(std::size_t n) { return static_cast<int>(n); }
std::size_t size(int n) { return static_cast<std::size_t>(n); }

/// The leading dimensions, then those of an image.
std::vector<int> pictures(std::vector<int> leading, const nn::Shape& input) {
  leading.insert(leading.end(), {input.channels, input.height, input.width});
  return leading;
}

const char* unit_of(Transform transform) {
  switch (transform) {
    case Transform::kTranslateY:
    case Transform::kTranslateX: return "pixels";
    case Transform::kScale: return "factor";
    case Transform::kRotate: return "degrees";
  }
  return "";
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const nn::BackwardRule rule : kRules) names.push_back(name_of(rule));
  return names;
}

/// [region][layer] as lists in a list.
Facts by_region(std::span<const double> values, std::size_t layers) {
  Facts lists = Facts::array();
  for (std::size_t begin = 0; begin < values.size(); begin += layers) {
    const std::span<const double> row = values.subspan(begin, layers);
    lists.push_back(std::vector<double>(row.begin(), row.end()));
  }
  return lists;
}

/// Stage 0 has no layer that is random.
std::string stage_name(const std::string& stage) { return stage.empty() ? "trained" : stage; }

void write_unit(FindingsWriter& writer, std::uint64_t step, const UnitRef& unit, const nn::Shape& input) {
  writer.fact("step") = step;
  writer.fact("layer") = unit.layer;
  writer.fact("unit") = unit.unit;
  writer.fact("input") = facts_of(input);
}

}  // namespace

void write(FindingsWriter& writer, const InvarianceResult& result) {
  const std::size_t layers = result.layers.size(), images = result.classes.size(), amounts = result.amounts.size();
  writer.fact("step") = result.step;
  writer.fact("transform") = name_of(result.transform);
  writer.fact("amountUnit") = unit_of(result.transform);
  writer.fact("input") = facts_of(result.input);
  writer.fact("amounts") = result.amounts;
  writer.fact("images") = images;
  writer.fact("classes") = result.classes;
  writer.fact("layers") = result.layers;
  writer.fact("typicalDistance") = result.typical;
  writer.fact("typicalPairs") = result.typical_pairs;

  std::vector<std::string> columns = {"amount", "image", "class", "probability"};
  for (const std::string& layer : result.layers) columns.insert(columns.end(), {layer + "_distance", layer + "_normalised"});
  writer.columns(std::move(columns));
  for (std::size_t amount = 0; amount < amounts; ++amount) {
    for (std::size_t image = 0; image < images; ++image) {
      std::vector<std::string> row = {cell(result.amounts[amount]), cell(count(image)), cell(result.classes[image]),
                                      cell(figure(result.probability, image * amounts + amount))};
      for (std::size_t layer = 0; layer < layers; ++layer) {
        const float distance = figure(result.distance, (layer * images + image) * amounts + amount);
        row.push_back(cell(distance));
        row.push_back(cell(static_cast<double>(distance) / figure(result.typical, layer)));  // empty where the typical one is 0
      }
      writer.add_row(std::move(row));
    }
  }
  writer.array("distance", {count(layers), count(images), count(amounts)}, result.distance);
  writer.array("probability", {count(images), count(amounts)}, result.probability);
  writer.array("pictures", pictures({count(images), count(amounts)}, result.input), result.pictures);
}

void write(FindingsWriter& writer, const OcclusionResult& result) {
  writer.fact("step") = result.step;
  writer.fact("input") = facts_of(result.input);
  writer.fact("size") = result.size;
  writer.fact("stride") = result.stride;
  writer.fact("fill") = Facts::array();
  for (const float value : result.fill) writer.fact("fill").push_back(as_written(value));
  writer.fact("class") = result.class_index;
  writer.fact("labelled") = result.labelled;
  writer.fact("rows") = result.rows;
  writer.fact("columns") = result.columns;
  writer.fact("plainProbability") = result.plain_probability;
  writer.fact("plainClass") = result.plain_class;
  const bool has_map = result.map >= 0;
  writer.fact("layer") = result.layer.empty() ? Facts() : Facts(result.layer);
  writer.fact("map") = index_fact(result.map);
  writer.fact("plainActivity") = has_map ? Facts(result.plain_activity) : Facts();

  writer.columns({"row", "column", "y", "x", "probability", "most_probable", "activity"});
  for (int row = 0; row < result.rows; ++row) {
    for (int column = 0; column < result.columns; ++column) {
      const std::size_t at = size(row) * size(result.columns) + size(column);
      const std::string most_probable = at < result.most_probable.size() ? cell(result.most_probable[at]) : "";
      writer.row(row, column, row * result.stride, column * result.stride, figure(result.probability, at), most_probable,
                 figure(result.activity, at));
    }
  }
  const std::vector<int> map = {result.rows, result.columns};
  writer.array("image", pictures({}, result.input), result.image);
  writer.array("probability", map, result.probability);
  writer.array("most_probable", map, std::vector<float>(result.most_probable.begin(), result.most_probable.end()));
  writer.array("activity", map, result.activity);
  writer.array("projection", pictures({}, result.input), result.projection);
}

void write(FindingsWriter& writer, const CorrespondenceResult& result) {
  const std::size_t layers = result.layers.size();
  writer.fact("step") = result.step;
  writer.fact("input") = facts_of(result.input);
  writer.fact("class") = result.class_index;
  writer.fact("n") = result.images.size();
  writer.fact("images") = result.images;
  writer.fact("layers") = result.layers;
  writer.fact("regions") = Facts::array();
  for (const Window& region : result.regions) writer.fact("regions").push_back(facts_of(region));
  writer.fact("randomMean") = by_region(result.random_mean, layers);  // a list of the layers' for every region
  writer.fact("randomDeviation") = by_region(result.random_deviation, layers);

  writer.columns({"region", "top", "left", "height", "width", "layer", "delta", "random_mean", "random_deviation"});
  for (std::size_t region = 0; region < result.regions.size(); ++region) {
    const Window& window = result.regions[region];
    for (std::size_t layer = 0; layer < layers; ++layer) {
      writer.row(count(region), window.top, window.left, window.height, window.width, result.layers[layer],
                 figure(result.delta, region * layers + layer), figure(result.random_mean, region * layers + layer),
                 figure(result.random_deviation, region * layers + layer));
    }
  }
  const std::vector<float> delta(result.delta.begin(), result.delta.end());
  writer.array("delta", {count(result.regions.size()), count(layers)}, delta);
  writer.array("masked", pictures({count(result.images.size())}, result.input), result.masked);
}

void write(FindingsWriter& writer, const LookBackResult& result) {
  write_unit(writer, result.step, result.unit, result.input);
  writer.fact("peak") = facts_of(result.peak);
  const nn::ReceptiveField& field = result.field;
  writer.fact("field") = {{"top", field.top}, {"left", field.left}, {"bottom", field.bottom}, {"right", field.right}};
  writer.fact("rules") = rule_names();

  writer.columns({"y", "x", "drop"});
  for (std::size_t at = 0; at < result.drop.size(); ++at) {
    writer.row(count(at) / result.input.width, count(at) % result.input.width, result.drop[at]);
  }
  writer.array("image", pictures({}, result.input), result.image);
  writer.array("projections", pictures({count(kRules.size())}, result.input), result.projections);
  writer.array("drop", {result.input.height, result.input.width}, result.drop);
}

void write(FindingsWriter& writer, const SanityResult& result) {
  write_unit(writer, result.step, result.unit, result.input);
  writer.fact("images") = result.images;
  const std::vector<std::string> rules = rule_names();
  writer.fact("rules") = rules;
  writer.fact("stages") = Facts::array();
  for (const std::string& stage : result.stages) writer.fact("stages").push_back(stage_name(stage));
  writer.fact("activation") = as_written(result.activation);

  writer.columns({"stage", "rule", "correlation", "deviation", "size_correlation", "counted", "images"});
  for (std::size_t stage = 0; stage < result.stages.size(); ++stage) {
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      const std::size_t at = stage * rules.size() + rule;
      writer.row(stage_name(result.stages[stage]), rules[rule], figure(result.correlation, at),
                 figure(result.correlation_deviation, at), figure(result.size_correlation, at),
                 at < result.counted.size() ? result.counted[at] : 0, result.images);
    }
  }
  const std::vector<int> table = {count(result.stages.size()), count(rules.size())};
  writer.array("pictures", pictures(table, result.input), result.pictures);
  writer.array("correlation", table, std::vector<float>(result.correlation.begin(), result.correlation.end()));
  writer.array("size_correlation", table, std::vector<float>(result.size_correlation.begin(), result.size_correlation.end()));
}

void write(FindingsWriter& writer, const ClassResult& result) {
  writer.fact("step") = result.step;
  writer.fact("rule") = name_of(result.rule);
  writer.fact("input") = facts_of(result.input);
  writer.fact("label") = index_fact(result.label);
  const auto most = std::max_element(result.probabilities.begin(), result.probabilities.end());
  writer.fact("mostProbable") =
      index_fact(result.probabilities.empty() ? -1 : static_cast<int>(most - result.probabilities.begin()));
  writer.fact("logits") = as_written(result.logits);
  writer.fact("probabilities") = result.probabilities;

  writer.columns({"class", "logit", "probability"});
  for (std::size_t i = 0; i < result.logits.size(); ++i)
    writer.row(count(i), static_cast<float>(result.logits[i]), figure(result.probabilities, i));
  writer.array("image", pictures({}, result.input), result.image);
  writer.array("projections", pictures({count(result.logits.size())}, result.input), result.projections);
}

void write(FindingsWriter& writer, const MaximisationResult& result) {
  write_unit(writer, result.step, result.unit, result.input);
  writer.fact("iterations") = result.iteration;
  const Facts activation = as_written(result.activation);
  writer.fact("startActivation") = activation.empty() ? Facts() : activation.front();
  writer.fact("activation") = activation.empty() ? Facts() : activation.back();

  writer.columns({"iteration", "activation"});
  for (std::size_t i = 0; i < result.activation.size(); ++i) writer.row(count(i), static_cast<float>(result.activation[i]));
  writer.array("image", pictures({}, result.input), result.image);
}

}  // namespace lenet::lab
