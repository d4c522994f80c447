#include "platform/bridge_view.h"

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "app/comparisons.h"
#include "base/error.h"
#include "lab/json_fields.h"

namespace lenet::platform {

using lab::Fields;
using nlohmann::json;

namespace {

/// Writes the fields of the labs into an object.
class Writer {
 public:
  void lab(const char* name) { lab_ = &(out_[name] = json::object()); }
  void flag(const char* name, bool& value) { (*lab_)[name] = value; }
  void whole(const char* name, int& value, int, int) { (*lab_)[name] = value; }
  void step(const char* name, std::optional<std::uint64_t>& value) { (*lab_)[name] = value ? json(*value) : json(); }
  void number(const char* name, double& value, double, double) { (*lab_)[name] = value; }
  void text(const char* name, std::string& value) { (*lab_)[name] = value; }
  template <class Value, class Named>
  void word(const char* name, Value& value, const Named&) {
    (*lab_)[name] = name_of(value);
  }
  json take() { return std::move(out_); }

 private:
  json out_ = json::object();
  json* lab_ = nullptr;
};

/// Reads them out of one.
class Reader {
 public:
  explicit Reader(const json& object) : labs_(object, "set(): fields") {}
  void lab(const char* name) {
    finish_lab();
    const json& object = labs_.raw(name);
    lab_ = std::make_unique<Fields>(object.is_null() ? kNothing : object, labs_.where() + ": " + name);
  }
  void flag(const char* name, bool& value) { value = lab_->boolean(name).value_or(value); }
  void whole(const char* name, int& value, int low, int high) { value = lab_->small(name, low, high).value_or(value); }
  void step(const char* name, std::optional<std::uint64_t>& value) {
    if (const auto step = lab_->integer(name, 0, lab::kLargestExact)) value = static_cast<std::uint64_t>(*step);
  }
  void number(const char* name, double& value, double low, double high) {
    const std::optional<double> found = lab_->number(name);
    if (found && !(*found >= low && *found <= high)) {
      lab_->refuse(std::string("needs a number from ") + json(low).dump() + " to " + json(high).dump() + " for " + name);
    }
    value = found.value_or(value);
  }
  void text(const char* name, std::string& value) {
    if (auto found = lab_->text(name)) value = std::move(*found);
  }
  template <class Value, class Named>
  void word(const char* name, Value& value, const Named& named) {
    if (const auto found = lab_->text(name)) value = lab::in_place(lab_->where(), [&] { return named(*found); });
  }
  void finish() {
    finish_lab();
    labs_.finish();
  }

 private:
  void finish_lab() {
    if (lab_) lab_->finish();
  }
  inline static const json kNothing = json::object();
  Fields labs_;
  std::unique_ptr<Fields> lab_;
};

/// The fields of the labs, by the labs' words.
template <class Visitor>
void visit_fields(ui::UiState& state, Visitor& visitor) {
  constexpr int kMost = std::numeric_limits<int>::max();
  ui::LabsState& labs = state.labs;
  visitor.lab("compare");
  visitor.text("comparison", state.compare.comparison);
  visitor.whole("seeds", state.compare.seeds, 1, 1000);
  visitor.whole("first", state.compare.first_seed, 1, kMost);
  visitor.whole("length", state.compare.length, 1, kMost);
  visitor.flag("inEpochs", state.compare.in_epochs);
  visitor.lab("top");
  visitor.flag("kernels", labs.kernel_atlas);
  visitor.lab("evolution");
  visitor.step("a", labs.evolution.a);
  visitor.step("b", labs.evolution.b);
  visitor.lab("invariance");
  visitor.word("transform", labs.invariance.transform, lab::transform_named);
  visitor.flag("raw", labs.invariance.raw);
  visitor.flag("fiveImages", labs.invariance.five_images);
  visitor.text("middleLayer", labs.invariance.middle_layer);
  visitor.lab("occlusion");
  visitor.flag("correspondence", labs.occlusion.correspondence);
  visitor.whole("size", labs.occlusion.size, 1, 32);
  visitor.whole("stride", labs.occlusion.stride, 1, 8);
  visitor.word("color", labs.occlusion.color, lab::color_named);
  visitor.whole("class", labs.occlusion.class_index, -1, 9);
  visitor.whole("images", labs.occlusion.images, 2, 50);
  visitor.lab("lookBack");
  visitor.whole("occluder", labs.look_back.occluder, 1, 32);
  lab::MaximisationRequest& maximise = labs.maximise.request;
  visitor.lab("classes");
  visitor.whole("iterations", maximise.iterations, 1, 2000);
  visitor.number("rate", maximise.rate, 1e-6, 10);
  visitor.number("decay", maximise.decay, 0, 0.999);
  visitor.number("blur", maximise.blur, 0, 5);
  visitor.whole("blurEvery", maximise.blur_every, 1, 100);
}

/// The index of a word among those that are known; refuses any other, listing them.
std::size_t index_of(const Fields& fields, std::span<const char* const> words, const std::string& word, const char* what) {
  std::string known;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return i;
    known += (known.empty() ? "" : ", ") + std::string(words[i]);
  }
  fields.refuse(std::string("does not know the ") + what + " \"" + word + "\"; there are " + known);
}

}  // namespace

json view_json(ui::UiState& state) {
  json hidden = json::array();
  for (const ui::Control group : state.left_out) hidden.push_back(ui::kControlWords[static_cast<std::size_t>(group)]);
  Writer writer;
  visit_fields(state, writer);
  return {{"palette", ui::kPaletteWords[static_cast<std::size_t>(state.palette)]},
          {"scale", ui::kScaleWords[static_cast<std::size_t>(state.scale)]},
          {"logLoss", state.log_loss},
          {"logAccuracy", state.log_accuracy},
          {"projector", state.projector},
          {"hide", std::move(hidden)},
          {"lockSeed", state.seed_locked},
          {"fields", writer.take()}};
}

void set_view(ui::UiState& present, std::string_view text) {
  const json object = lab::parse_json(text, "What set() was given");
  ui::UiState state = present;
  Fields fields(object, "set()");
  if (const auto word = fields.text("palette"))
    state.palette = static_cast<gfx::Palette>(index_of(fields, ui::kPaletteWords, *word, "palette"));
  if (const auto word = fields.text("scale"))
    state.scale = static_cast<ui::ScaleMode>(index_of(fields, ui::kScaleWords, *word, "scale"));
  state.log_loss = fields.boolean("logLoss").value_or(state.log_loss);
  state.log_accuracy = fields.boolean("logAccuracy").value_or(state.log_accuracy);
  state.projector = fields.boolean("projector").value_or(state.projector);
  if (const auto words = fields.texts("hide")) {
    state.left_out.clear();
    for (const std::string& word : *words) {
      state.left_out.insert(static_cast<ui::Control>(index_of(fields, ui::kControlWords, word, "group of controls")));
    }
  }
  state.seed_locked = fields.boolean("lockSeed").value_or(state.seed_locked);
  if (const json& labs = fields.raw("fields"); !labs.is_null()) {
    Reader reader(labs);
    visit_fields(state, reader);
    reader.finish();
    app::comparison(state.compare.comparison);  // throws for an unknown one
  }
  fields.finish();
  present = std::move(state);
}

}  // namespace lenet::platform
