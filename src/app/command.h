// What the page, a script or a test may ask of a Session. Plain data: a log of commands with their step numbers replays a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "data/own.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/timeline.h"
#include "lab/recipe.h"
#include "nn/kernels/pointwise.h"

namespace lenet::app::command {

using nn::kernels::BackwardRule;

struct Play {};
struct Pause {};
/// Runs `count` minibatches and pauses; the reply comes when they are done.
struct Step {
  int count = 1;
};
/// Runs to the end of the epoch and pauses; the reply comes then.
struct Epoch {};
/// Back to step 0 with the same initial weights; settings, freezes and data set stay.
struct Rewind {};
/// Back to step 0 as the run began, then to the step where it stands, with every change made by hand at its step again.
struct Replay {};
/// A new run. Fields left out keep their value. A comparison goes on with a new seed or data set, and ends with a new recipe. Where
/// the data set is still to come, the reply and the new run come with its first images.
struct Reset {
  std::optional<std::string> dataset = {};
  std::optional<std::uint64_t> seed = {};
  lab::RecipePatch recipe = {};
  std::vector<std::byte> weights = {};  ///< a safetensors file whose weights it begins with; empty: those that its initializer draws
};
/// Live changes, without a reset.
struct Set {
  std::optional<double> rate = {}, momentum = {}, decay = {}, steps_per_second = {};
  std::optional<int> batch = {};
  std::optional<int> threads = {};  ///< that train; the weights are the same bits with any number
};
struct Freeze {
  std::string layer;
  bool on = true;
};
struct RateMultiplier {
  std::string layer;
  double multiplier = 1;
};
/// What is to change at which step, instead of what was planned before. What has happened can only be planned otherwise after a rewind.
struct Plan {
  std::vector<lab::Change> changes;
};

// Comparisons. Commands that change a run change the arm that is shown.
/// Twins of the run, all at step 0: the same seed and batches, each with its own patch of the recipe. They train in turn, a step each.
struct Compare {
  std::vector<lab::ArmPatch> arms;
};
/// Ends the comparison; the arm that is shown goes on alone.
struct EndComparison {};
/// Looks at another arm.
struct ShowArm {
  int index = 0;
};
/// Repeats the comparison with `count` seeds from `first` on, each to the same length; the reply comes when all are done. Seeds that
/// are done already are not run again. Whatever changes the run stops it, and keeps what is done.
struct RepeatSeeds {
  std::uint64_t first = 1;
  int count = 5;
  int epochs = 0;          ///< length; 0: `steps`
  std::uint64_t steps = 0;
};
/// Stops the repetition; what is done stays.
struct StopSeeds {};
/// Adds a results file to the pool, if it answers the same question as those already there.
struct PoolResults {
  std::string name;
  std::vector<std::byte> file;
};
struct ClearPool {};

/// Shows an image of the test set (the index wraps around).
struct SelectImage {
  int index = 0;
};
/// Shows the test image after the one on show, or before it, round the end of the set. With `wrong` it is the next one that the network in sight
/// gets wrong: the reply comes when it is found, with an error where there is none or another command ends the search.
struct NextImage {
  bool back = false;
  bool wrong = false;
};
/// Shows an image of the user's own: one value in [0, 1] per pixel, [channel][y][x].
struct ShowPixels {
  std::vector<float> pixels;
};
/// Shows what the user draws, grey from 0 (background) to 1 (ink), [y][x], as the network sees it (lab/drawing.h). The reply has that image.
struct ShowDrawing {
  std::vector<float> pixels;
  int width = 0, height = 0;
};
/// Locks a unit of a conv or dense layer for the inspector.
struct LockUnit {
  std::string layer;
  int unit = 0;
};
/// How the inspector looks back: deconvnet, gradient, guided.
struct SetRule {
  BackwardRule rule = BackwardRule::kDeconv;
};
/// The experiments that the page shows, instead of those before: renewed while it trains, and when what they look at changes.
struct OpenViews {
  std::vector<lab::Request> requests;
};
/// Shows a stored step instead of the present one, in all tiles, maps, projections and experiments; nothing: the present. Whatever trains goes back
/// to the present. Throws Error when the step is not kept.
struct ShowMoment {
  std::optional<std::uint64_t> step = {};
};
/// How many held-out images the search for the strongest ones goes through.
struct SetProbe {
  int images = 1000;
};
/// Whether anybody looks: if not, snapshots are few, and nothing is searched for them while it trains.
struct Look {
  bool on = true;
};
/// Takes no step until it is lifted; what was being done, playing or so many steps, then goes on.
struct Suspend {
  bool on = true;
};
/// After a diverged run: back to the last state that was finite.
struct RestoreLastGood {};

// Questions; the reply carries numbers.
struct GetWeights {
  std::string name;  ///< "conv1.weight"
  int arm = -1;      ///< -1: the one that is shown
};
struct GetActivations {
  std::string layer;
  lab::ImageRef image;
};
struct Project {
  std::string layer;
  int unit = 0;
  lab::ImageRef image;
  BackwardRule rule = BackwardRule::kDeconv;
};
struct Predict {
  lab::ImageRef image;
};
/// What the network says to several images of one's own, all with the weights of one step: [image][channel][y][x] in [0, 1]. The reply has
/// [image][class].
struct PredictAll {
  std::vector<float> pixels;
};
/// An experiment for a script; the reply comes when it is done (app/desk.h says in which form).
struct Ask {
  lab::Request request;
};
/// Ends what scripts wait for; their replies say so.
struct StopAsked {};
/// What a view that the page has open has found, to take away: "facts.json", "table.csv" and a .npy file for each array, in Reply::files.
struct ExportView {
  std::string view;  ///< lab::view_name()
};
/// What the page has open, as an answer to Ask.
struct GetView {
  std::string view;
};
/// How fast this machine is (app/measurement.h); the answer is JSON in Reply::bytes. Nothing else happens meanwhile.
struct Measure {
  std::string what;  ///< "inference", "layers" or "lab"
  int batch = 64;
  double seconds = 1;
};
struct ExportWeights {};
struct ImportWeights {
  std::vector<std::byte> file;
};
/// The session as a file (app/session_file.h): of a comparison the arm that is shown, of the timeline as many moments as fit into so many bytes.
struct ExportSession {
  std::size_t timeline_bytes = lab::Timeline::kBudget;
};
/// Goes on with a session from a file. Its data set must be here.
struct ImportSession {
  std::vector<std::byte> file;
};
/// CSV of loss and accuracy of the arm that is shown.
struct ExportCurve {};
/// Which results: of the seeds done here, or of the pool.
struct ExportResults {
  bool pooled = false;
  bool csv = false;  ///< a table; else the results file (JSON) that can be pooled
};

// A data set's files as they arrive (app/arriving_set.h); `set` as in Settings::dataset.
enum class DataPart { kTrainImages, kTrainLabels, kTestImages, kTestLabels };
/// How many images there will be, for a set whose files do not say it.
struct DataExpect {
  std::string set;
  int train_images = 0, test_images = 0;
};
struct DataChunk {
  std::string set;
  DataPart part = DataPart::kTrainImages;
  std::vector<std::byte> bytes;
};
/// A file is over; without a part, the whole set is.
struct DataEnd {
  std::string set;
  std::optional<DataPart> part = {};
};
/// The download broke off or there is no such data set. The session goes on with the set in use, or with the strokes set where
/// there is none yet, and says why.
struct DataFailed {
  std::string set, reason;
};

/// A new run on a data set of one's own, "own", which takes the place of the one before. Whatever is wrong with it leaves the run as it was.
struct OwnData {
  data::OwnImages images;
};

}  // namespace lenet::app::command

namespace lenet::app {

using Command =
    std::variant<command::Play, command::Pause, command::Step, command::Epoch, command::Rewind, command::Replay, command::Reset, command::Set,
                 command::Freeze, command::RateMultiplier, command::Plan, command::Compare, command::EndComparison,
                 command::ShowArm, command::RepeatSeeds, command::StopSeeds, command::PoolResults, command::ClearPool, command::SelectImage, command::NextImage, command::ShowPixels, command::ShowDrawing, command::LockUnit,
                 command::SetRule, command::OpenViews, command::ShowMoment, command::SetProbe, command::Look, command::Suspend, command::RestoreLastGood, command::GetWeights, command::GetActivations, command::Project,
                 command::Predict, command::PredictAll, command::Ask, command::StopAsked, command::ExportView, command::GetView, command::Measure, command::ExportWeights, command::ImportWeights, command::ExportSession, command::ImportSession, command::ExportCurve,
                 command::ExportResults, command::DataExpect,
                 command::DataChunk, command::DataEnd, command::DataFailed, command::OwnData>;

/// The answer to a command that was posted with an id other than 0.
struct Reply {
  std::uint32_t id = 0;
  std::string error = {};         ///< empty when it went well
  std::vector<int> shape = {};    ///< of `values`
  std::vector<float> values = {}; ///< weights, activations, projection, probabilities
  std::vector<std::byte> bytes = {};  ///< an exported file …
  std::vector<std::pair<std::string, std::size_t>> files = {};  ///< … or several, one after the other: their names and sizes
  std::uint64_t step = 0;         ///< PredictAll: of the weights
  double activation = 0;          ///< Project: the value of the strongest activation …
  int y = 0, x = 0;               ///< … and where it is in its map

  void set_bytes(std::string_view text) {
    const auto* const data = reinterpret_cast<const std::byte*>(text.data());
    bytes.assign(data, data + text.size());
  }
};

}  // namespace lenet::app
