// Reads what a script asks for. One small function a command; the table at the end names them.
#include "platform/bridge_commands.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "app/comparisons.h"
#include "lab/drawing.h"
#include "lab/json_fields.h"
#include "lab/results_json.h"

namespace lenet::platform {

using nlohmann::json;
namespace command = app::command;
using lab::Fields;

namespace {

constexpr int kMostImages = 10'000'000;  // of one's own that are counted at all; data::OwnDataset has room for fewer

using Payload = std::span<const std::byte>;

// Whole numbers above this are not exact in JavaScript.
constexpr std::int64_t kLargestScriptInteger = (std::int64_t{1} << 53) - 1;

#ifdef __EMSCRIPTEN_PTHREADS__
constexpr int kMostThreads = app::kLargestThreads;
#else
constexpr int kMostThreads = 1;
#endif

std::vector<float> read_pixels(const Fields& fields, Payload payload) {
  if (payload.empty() || payload.size() % sizeof(float) != 0) fields.refuse("needs an image: its index, or its pixels");
  std::vector<float> pixels(payload.size() / sizeof(float));
  std::memcpy(pixels.data(), payload.data(), payload.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    if (pixels[i] >= 0 && pixels[i] <= 1) continue;
    fields.refuse("needs pixels from 0 to 1; pixel " + std::to_string(i) + " is " + std::to_string(pixels[i]));
  }
  return pixels;
}

/// "image": an index, or "pixels" when they are in the payload.
lab::ImageRef read_image(Fields& fields, Payload payload) {
  const json& image = fields.raw("image");
  if (image == "pixels") return read_pixels(fields, payload);
  if (image.is_null()) fields.refuse("needs an image: its index in the test set, or its pixels");
  return fields.required(fields.small("image", 0), "an image");
}

command::BackwardRule read_rule(const Fields& fields, const std::string& name) {
  if (name == "deconv") return command::BackwardRule::kDeconv;
  if (name == "gradient") return command::BackwardRule::kGradient;
  if (name == "guided") return command::BackwardRule::kGuided;
  fields.refuse("does not know the mode \"" + name + "\"; there are deconv, gradient and guided");
}

app::Command read_step(Fields& fields, Payload) {
  return command::Step{fields.required(fields.small("count", 1), "the number of minibatches")};
}

app::Command read_reset(Fields& fields, Payload payload) {
  command::Reset reset;
  reset.dataset = fields.text("dataset");
  if (const auto seed = fields.integer("seed", 0, kLargestScriptInteger)) reset.seed = static_cast<std::uint64_t>(*seed);
  reset.recipe = lab::read_recipe_fields(fields);
  reset.weights.assign(payload.begin(), payload.end());
  return reset;
}

app::Command read_set(Fields& fields, Payload) {
  command::Set set;
  set.rate = fields.number("learningRate");
  set.momentum = fields.number("momentum");
  set.decay = fields.number("weightDecay");
  set.steps_per_second = fields.number("speed");
  if (set.steps_per_second && *set.steps_per_second < 0) fields.refuse("needs a speed of 0 (as fast as it goes) or more");
  set.batch = fields.small("batch", 1, lab::kLargestBatch);
  set.threads = fields.small("threads", 1, app::kLargestThreads);
  if (set.threads && *set.threads > kMostThreads) {
    fields.refuse("can give it one thread only, because the page is not cross-origin isolated");
  }
  return set;
}

app::Command read_freeze(Fields& fields, Payload) {
  command::Freeze freeze;
  freeze.layer = fields.required(fields.text("layer"), "the name of a layer");
  freeze.on = fields.required(fields.boolean("on"), "true or false");
  return freeze;
}

app::Command read_rate(Fields& fields, Payload) {
  command::RateMultiplier rate;
  rate.layer = fields.required(fields.text("layer"), "the name of a layer");
  rate.multiplier = fields.required(fields.number("multiplier"), "a multiplier");
  return rate;
}

app::Command read_show(Fields& fields, Payload payload) {
  lab::ImageRef image = read_image(fields, payload);
  if (const int* const index = std::get_if<int>(&image)) return command::SelectImage{*index};
  return command::ShowPixels{std::get<std::vector<float>>(std::move(image))};
}

app::Command read_draw(Fields& fields, Payload payload) {
  command::ShowDrawing draw;
  draw.width = fields.required(fields.small("width", 1, lab::kLargestDrawing), "the drawing's width");
  draw.height = fields.required(fields.small("height", 1, lab::kLargestDrawing), "the drawing's height");
  draw.pixels = read_pixels(fields, payload);
  return draw;
}

app::Command read_next(Fields& fields, Payload) {
  return command::NextImage{fields.boolean("back").value_or(false), fields.boolean("wrong").value_or(false)};
}

app::Command read_lock(Fields& fields, Payload) {
  command::LockUnit lock;
  lock.layer = fields.required(fields.text("layer"), "the name of a layer");
  lock.unit = fields.required(fields.small("unit", 0), "the number of a unit");
  return lock;
}

app::Command read_mode(Fields& fields, Payload) {
  return command::SetRule{read_rule(fields, fields.required(fields.text("mode"), "a mode"))};
}

app::Command read_weights(Fields& fields, Payload) {
  std::string name = fields.required(fields.text("name"), "a name such as conv1.weight");
  return command::GetWeights{std::move(name), fields.small("arm", 0).value_or(-1)};
}

app::Command read_plan(Fields& fields, Payload) {
  return command::Plan{fields.required(lab::read_changes(fields), "a list of changes, which may be empty")};
}

app::Command read_compare(Fields& fields, Payload) {
  if (const auto preset = fields.text("preset")) return command::Compare{app::comparison(*preset).arms};
  return command::Compare{lab::read_arms(fields)};
}

app::Command read_show_arm(Fields& fields, Payload) {
  return command::ShowArm{fields.required(fields.small("arm", 0), "the number of an arm")};
}

app::Command read_repeat(Fields& fields, Payload) {
  command::RepeatSeeds repeat;
  repeat.first = static_cast<std::uint64_t>(fields.integer("first", 0, kLargestScriptInteger).value_or(1));
  repeat.count = fields.required(fields.small("seeds", 1), "the number of seeds");
  repeat.epochs = fields.small("epochs", 1).value_or(0);
  repeat.steps = static_cast<std::uint64_t>(fields.integer("steps", 1, kLargestScriptInteger).value_or(0));
  if ((repeat.epochs > 0) == (repeat.steps > 0)) fields.refuse("needs a length: steps or epochs");
  return repeat;
}

app::Command read_pool(Fields& fields, Payload payload) {
  std::string name = fields.text("name").value_or("The file");
  if (payload.empty()) fields.refuse("needs the bytes of a results file; there are none");
  return command::PoolResults{std::move(name), {payload.begin(), payload.end()}};
}

app::Command read_export_results(Fields& fields, Payload) {
  return command::ExportResults{fields.boolean("pooled").value_or(false), fields.boolean("csv").value_or(false)};
}

app::Command read_activations(Fields& fields, Payload payload) {
  std::string layer = fields.required(fields.text("layer"), "the name of a layer");
  return command::GetActivations{std::move(layer), read_image(fields, payload)};
}

app::Command read_project(Fields& fields, Payload payload) {
  command::Project project;
  project.layer = fields.required(fields.text("layer"), "the name of a layer");
  project.unit = fields.required(fields.small("unit", 0), "the number of a unit");
  project.image = read_image(fields, payload);
  project.rule = read_rule(fields, fields.text("mode").value_or("deconv"));
  return project;
}

app::Command read_predict(Fields& fields, Payload payload) { return command::Predict{read_image(fields, payload)}; }

app::Command read_predict_all(Fields& fields, Payload payload) { return command::PredictAll{read_pixels(fields, payload)}; }

app::Command read_moment(Fields& fields, Payload) {
  command::ShowMoment show;
  if (const auto step = fields.integer("step", 0, kLargestScriptInteger)) show.step = static_cast<std::uint64_t>(*step);
  return show;
}

app::Command read_probe(Fields& fields, Payload) {
  return command::SetProbe{fields.required(fields.small("images", lab::kTop, lab::kMostProbeImages), "the number of held-out images")};
}

app::Command read_get_view(Fields& fields, Payload) {
  return command::GetView{fields.required(fields.text("view"), "the name of a view")};
}

app::Command read_export_view(Fields& fields, Payload) {
  return command::ExportView{fields.required(fields.text("view"), "the name of a view")};
}

app::Command read_measure(Fields& fields, Payload) {
  command::Measure measure;
  measure.what = fields.required(fields.text("what"), "what to measure: inference, layers or lab");
  measure.batch = fields.small("batch", 1, lab::kLargestBatch).value_or(measure.batch);
  measure.seconds = fields.number("seconds").value_or(measure.seconds);
  return measure;
}

app::Command read_import(Fields& fields, Payload payload) {
  if (payload.empty()) fields.refuse("needs the bytes of a safetensors file; there are none");
  return command::ImportWeights{{payload.begin(), payload.end()}};
}

app::Command read_export_session(Fields& fields, Payload) {
  command::ExportSession request;
  if (const auto bytes = fields.integer("timelineBytes", 0, kLargestScriptInteger)) request.timeline_bytes = static_cast<std::size_t>(*bytes);
  return request;
}

app::Command read_import_session(Fields& fields, Payload payload) {
  if (payload.empty()) fields.refuse("needs the bytes of a session file; there are none");
  return command::ImportSession{{payload.begin(), payload.end()}};
}

app::Command read_own_data(Fields& fields, Payload payload) {
  data::OwnImages images;
  images.name = fields.required(fields.text("name"), "a name");
  const auto shape = fields.integers("shape", 1, 1024);
  if (!shape || shape->size() != 3) fields.refuse("needs a shape: [channels, height, width]");
  images.shape = {static_cast<int>((*shape)[0]), static_cast<int>((*shape)[1]), static_cast<int>((*shape)[2])};
  images.classes = fields.texts("classes").value_or(std::vector<std::string>());
  images.train_count = fields.required(fields.small("train", 0, kMostImages), "the number of training images");
  images.test_count = fields.small("test", 0, kMostImages).value_or(0);
  images.bytes.assign(payload.begin(), payload.end());
  return command::OwnData{std::move(images)};
}

template <class T>
app::Command read_plain(Fields&, Payload) {
  return T{};
}

struct Reader {
  const char* name;
  app::Command (*read)(Fields&, Payload);
};

constexpr std::array kReaders = {
    Reader{"play", read_plain<command::Play>},
    Reader{"pause", read_plain<command::Pause>},
    Reader{"step", read_step},
    Reader{"epoch", read_plain<command::Epoch>},
    Reader{"rewind", read_plain<command::Rewind>},
    Reader{"replay", read_plain<command::Replay>},
    Reader{"reset", read_reset},
    Reader{"set", read_set},
    Reader{"freeze", read_freeze},
    Reader{"rate", read_rate},
    Reader{"plan", read_plan},
    Reader{"compare", read_compare},
    Reader{"endComparison", read_plain<command::EndComparison>},
    Reader{"showArm", read_show_arm},
    Reader{"repeat", read_repeat},
    Reader{"stopRepeat", read_plain<command::StopSeeds>},
    Reader{"pool", read_pool},
    Reader{"clearPool", read_plain<command::ClearPool>},
    Reader{"exportResults", read_export_results},
    Reader{"show", read_show},
    Reader{"draw", read_draw},
    Reader{"next", read_next},
    Reader{"lock", read_lock},
    Reader{"mode", read_mode},
    Reader{"restore", read_plain<command::RestoreLastGood>},
    Reader{"weights", read_weights},
    Reader{"activations", read_activations},
    Reader{"project", read_project},
    Reader{"predict", read_predict},
    Reader{"predictAll", read_predict_all},
    Reader{"moment", read_moment},
    Reader{"probe", read_probe},
    Reader{"view", read_get_view},
    Reader{"exportView", read_export_view},
    Reader{"stopLooking", read_plain<command::StopAsked>},
    Reader{"measure", read_measure},
    Reader{"exportWeights", read_plain<command::ExportWeights>},
    Reader{"importWeights", read_import},
    Reader{"exportSession", read_export_session},
    Reader{"importSession", read_import_session},
    Reader{"exportCurve", read_plain<command::ExportCurve>},
    Reader{"ownData", read_own_data},
};

}  // namespace

app::Command parse_command(std::string_view text, Payload payload, const lab::RequestDefaults& defaults) {
  json object = json::parse(text, nullptr, false);
  if (!object.is_object() || !object.contains("do") || !object["do"].is_string()) {
    throw Error("A script's request could not be read: it is no JSON object with a \"do\".");
  }
  const std::string name = object["do"];
  if (name == "look") {  // the one request whose defaults are what the page shows
    object.erase("do");
    Fields fields(object, "look()");
    lab::Request request = lab::read_request(fields, defaults);
    fields.finish();
    return command::Ask{std::move(request)};
  }
  const auto reader = std::find_if(kReaders.begin(), kReaders.end(), [&](const Reader& r) { return name == r.name; });
  if (reader == kReaders.end()) throw Error("window.lab has no function \"" + name + "\".");
  object.erase("do");
  Fields fields(object, name + "()");
  app::Command result = reader->read(fields, payload);
  fields.finish();
  return result;
}

}  // namespace lenet::platform
