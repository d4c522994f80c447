#include "app/session_file.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "lab/json_fields.h"
#include "lab/results_json.h"
#include "nn/optimizer.h"
#include "nn/safetensors.h"

namespace lenet::app {
namespace {

using lab::Fields;
using nlohmann::json;

constexpr const char* kFormat = "lenet-lab session";
constexpr int kVersion = 1;
constexpr std::int64_t kLargestStep = std::int64_t{1} << 53;
constexpr std::size_t kMostChanges = 100'000, kMostPoints = 1'000'000;

std::string moment_name(std::uint64_t step) { return "moment." + std::to_string(step); }

json to_json(const SessionFile& file) {
  json out = {{"dataset", file.dataset},
              {"dataHash", file.data_hash},
              {"seed", file.seed},
              {"recipe", lab::to_json(file.recipe)},
              {"history", json::array()},
              {"step", file.state.step},
              {"imagesSeen", file.state.images_seen},
              {"epoch", file.state.epoch},
              {"position", file.state.position},
              {"loadedSteps", file.loaded.steps},
              {"loadedDataset", file.loaded.dataset},
              {"moments", json::array()},
              {"firstLossStep", file.first_loss_step},
              {"accuracy", json::array()}};
  for (const lab::Change& change : file.history) out["history"].push_back(lab::to_json(change));
  for (const lab::Moment& m : file.moments) out["moments"].push_back({{"step", m.step}, {"epoch", m.epoch}, {"endsEpoch", m.ends_epoch}});
  for (const CurvePoint& p : file.accuracy) out["accuracy"].push_back({{"step", p.step}, {"value", p.value}, {"n", p.n}});
  return out;
}

/// Takes the tensor of that name out of the file; nothing where there is none.
std::optional<std::vector<float>> take(nn::TensorFile& file, const std::string& tensor, const std::string& name) {
  const auto found = std::find_if(file.tensors.begin(), file.tensors.end(), [&](const nn::NamedTensor& t) { return t.name == tensor; });
  if (found == file.tensors.end()) return std::nullopt;
  if (!nn::all_finite<float>(found->values)) throw Error(name + ": “" + tensor + "” contains NaN or infinity.");
  return std::move(found->values);
}

std::vector<float> need(nn::TensorFile& file, const std::string& tensor, std::size_t size, const std::string& name) {
  std::optional<std::vector<float>> values = take(file, tensor, name);
  if (!values) throw Error(name + " is damaged: it has no “" + tensor + "”.");
  if (size != 0 && values->size() != size) throw Error(name + " is damaged: “" + tensor + "” has another length than the weights.");
  return std::move(*values);
}

std::uint64_t read_step(Fields& fields, const char* field) {
  return static_cast<std::uint64_t>(fields.required(fields.integer(field, 0, kLargestStep), field));
}

const json& read_list(Fields& fields, const char* field, std::size_t most) {
  const json& list = fields.raw(field);
  if (!list.is_array() || list.size() > most) fields.refuse(std::string("needs a list of ") + field + ", of " + std::to_string(most) + " at most");
  return list;
}

[[noreturn]] void throw_disorder(const std::string& where) { throw Error(where + " is not in the order of the steps."); }

void read_moments(Fields& fields, nn::TensorFile& tensors, SessionFile& file) {
  const std::string& where = fields.where();
  for (const json& value : read_list(fields, "moments", kMostChanges)) {
    Fields moment(value, where + ": a moment");
    lab::Moment m;
    m.step = read_step(moment, "step");
    m.epoch = moment.small("epoch", 0).value_or(0);
    m.ends_epoch = moment.boolean("endsEpoch").value_or(false);
    if (m.step > file.state.step || (!file.moments.empty() && m.step <= file.moments.back().step)) throw_disorder(moment.where());
    m.values = std::make_shared<const std::vector<float>>(need(tensors, moment_name(m.step), file.state.values.size(), where));
    file.moments.push_back(std::move(m));
  }
}

void read_accuracy(Fields& fields, SessionFile& file) {
  for (const json& value : read_list(fields, "accuracy", kMostPoints)) {
    Fields point(value, fields.where() + ": accuracy");
    CurvePoint p{read_step(point, "step"), point.number("value").value_or(0), point.small("n", 1).value_or(1)};
    if (p.step > file.state.step || (!file.accuracy.empty() && p.step <= file.accuracy.back().step)) throw_disorder(point.where());
    if (p.value < 0 || p.value > 1) point.refuse("needs a value from 0 to 1");
    file.accuracy.push_back(p);
  }
}

void read_history(Fields& fields, SessionFile& file) {
  json list = {{"changes", read_list(fields, "history", kMostChanges)}};
  Fields changes(list, fields.where() + ": history");
  file.history = lab::read_changes(changes).value_or(std::vector<lab::Change>());
  for (std::size_t i = 0; i < file.history.size(); ++i) {
    const std::uint64_t step = file.history[i].step;
    if (step == 0 || step > file.state.step || (i > 0 && step < file.history[i - 1].step)) throw_disorder(changes.where());
  }
}

}  // namespace

std::vector<std::byte> write_session(const SessionFile& file) {
  nn::TensorFile tensors;
  tensors.metadata = {{"format", kFormat}, {"version", std::to_string(kVersion)}, {"session", to_json(file).dump()}};
  const auto add = [&](std::string name, const std::vector<float>& values) {
    tensors.tensors.push_back({std::move(name), {static_cast<int>(values.size())}, values});
  };
  add("values", file.state.values);
  add("momentum", file.state.momentum);
  if (!file.initial.empty()) add("initial", file.initial);
  for (const lab::Moment& moment : file.moments) add(moment_name(moment.step), *moment.values);
  add("loss", file.losses);
  return nn::write_safetensors(tensors);
}

SessionFile read_session(std::span<const std::byte> bytes, const std::string& name) {
  nn::TensorFile tensors = nn::read_safetensors(bytes, name);
  if (tensors.metadata["format"] != kFormat) {
    throw Error(name + " is no session file: the page's “Save session” writes such files. Weights alone are loaded with “Load weights”.");
  }
  if (tensors.metadata["version"] != std::to_string(kVersion)) {
    throw Error(name + " was written by another version of LeNet Lab; take that one to read it.");
  }
  const json object = lab::parse_json(tensors.metadata["session"], name);
  Fields fields(object, name);
  SessionFile file;
  file.dataset = fields.required(fields.text("dataset"), "a dataset");
  file.data_hash = fields.text("dataHash").value_or("");
  file.seed = read_step(fields, "seed");
  file.recipe = lab::patched({}, lab::read_recipe_patch(fields.raw("recipe"), name + ": recipe"));
  file.state.step = read_step(fields, "step");
  file.state.images_seen = read_step(fields, "imagesSeen");
  file.state.epoch = fields.small("epoch", 0).value_or(0);
  file.state.position = fields.small("position", 0).value_or(0);
  file.loaded.steps = static_cast<std::uint64_t>(fields.integer("loadedSteps", 0, kLargestStep).value_or(0));
  file.loaded.dataset = fields.text("loadedDataset").value_or("");
  file.state.values = need(tensors, "values", 0, name);
  file.state.momentum = need(tensors, "momentum", file.state.values.size(), name);
  if (auto initial = take(tensors, "initial", name)) file.initial = std::move(*initial);
  if (!file.initial.empty() && file.initial.size() != file.state.values.size()) throw Error(name + " is damaged: “initial” has another length than the weights.");
  read_history(fields, file);
  read_moments(fields, tensors, file);
  read_accuracy(fields, file);
  file.first_loss_step = read_step(fields, "firstLossStep");
  file.losses = take(tensors, "loss", name).value_or(std::vector<float>());
  if (file.losses.size() > file.state.step) throw Error(name + " is damaged: it has more losses than steps.");
  fields.finish();
  return file;
}

}  // namespace lenet::app
