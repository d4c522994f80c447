// What a Session publishes: everything a frame draws, all of one step. Immutable once published.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/settings.h"
#include "lab/experiments/experiment.h"
#include "lab/experiments/timeline.h"
#include "nn/kernels/pointwise.h"
#include "nn/spec.h"

namespace lenet::app {

inline constexpr int kProbeImages = 1000;  ///< where nobody has said otherwise

struct CurvePoint {
  std::uint64_t step = 0;
  double value = 0;
  int n = 0;  ///< loss: steps averaged in this point; accuracy: test images measured
};

/// One layer of the network, in order; the inserted flattening is left out.
struct LayerView {
  std::string name;
  nn::LayerKind kind = nn::LayerKind::kRelu;
  nn::Shape input, output;
  int kernel = 0;
  double drop = 0;                ///< dropout layers only: the fraction dropped in training
  std::vector<float> activation;  ///< of the current image, [channel][y][x]

  // layers with parameters
  int group = -1;                 ///< counts the layers with parameters; -1 without
  std::vector<int> weight_shape;  ///< PyTorch's
  std::size_t parameter_count = 0;
  bool frozen = false;
  double multiplier = 1;
  double changed = 0;             ///< ‖W − W₀‖ / ‖W₀‖ over the layer's weights (0 where W₀ is all zero and W is too)
  double update_ratio = 0;        ///< ‖η r v‖ / ‖W‖ of the last step
  std::vector<float> weights;     ///< conv layers only: [out][in][ky][kx]
};

/// One arm of a comparison, or the run where there is none.
struct ArmView {
  std::string name;
  std::uint64_t step = 0;
  bool diverged = false;
  double step_seconds = 0;          ///< of training one minibatch, a mean over the last ones
  std::size_t parameters = 0, trainable = 0;
  std::vector<std::string> frozen;  ///< layers
  lab::Recipe recipe;               ///< what a rewind starts with …
  lab::Recipe replay;               ///< … and what a new run from the same initial weights starts with that comes to these
  std::string filter_layer;         ///< the first conv layer, if there is one …
  std::vector<int> filter_shape;    ///< … [out, in, ky, kx] …
  std::vector<float> filters;       ///< … and its weights
  std::vector<CurvePoint> loss, accuracy;
};

struct ResultsView;

/// A comparison repeated over seeds, and the results of others.
struct SeedsView {
  bool running = false;
  int wanted = 0, done = 0;
  double fraction = 0;  ///< of the seed that is running
  std::shared_ptr<const ResultsView> results;  ///< of the seeds done here; never null once published (app/results_view.h)
  std::shared_ptr<const ResultsView> pooled;   ///< null while no file was taken
  int pooled_files = 0;
};

/// A projection of one activation to the pixels, beside the image it was made from.
struct ProjectionView {
  bool valid = false;
  int image_index = -1;        ///< into the test set, or the held-out images; -1 for the user's own image
  double activation = 0;       ///< the strongest activation of the unit after its nonlinearity
  int y = 0, x = 0;            ///< where it is in its map
  int top = 0, left = 0;       ///< the unit's receptive field in the image, clipped to it …
  int bottom = 0, right = 0;   ///< … [top, bottom) × [left, right)
  std::vector<float> image;    ///< [channel][y][x]
  std::vector<float> pixels;   ///< the projection, signed, [channel][y][x]
};

/// An experiment that is open on the page.
struct LabView {
  lab::Request request;                          ///< what was asked for last
  std::string word = {};                         ///< its kind, as scripts and files call it (lab::view_name())
  lab::Request outcome_request = {};             ///< what the outcome answers: the one before, while the new one is being worked out
  std::shared_ptr<const lab::Outcome> outcome = {};  ///< null while there is none
  std::string error = {};                        ///< why there is none: it does not fit this network or these images
  bool running = false;
  double fraction = 0;                           ///< of the running one
};

/// The search for a test image that the network gets wrong (command::NextImage).
struct WrongView {
  bool searching = false;
  double fraction = 0;       ///< of the images
  std::string none = {};     ///< that there was no such image; empty otherwise
};

/// The stored past of the shown arm.
struct TimelineView {
  struct Point {
    std::uint64_t step = 0;
    int epoch = 0;           ///< completed then
    bool ends_epoch = false;
  };
  std::vector<Point> moments;  ///< by step; empty before the first snapshot only
  bool shows_moment = false;   ///< whether tiles, maps and projections are those of …
  std::uint64_t shown = 0;     ///< … this stored step; else they are of the present one
  int thinned = 0;             ///< moments given up for room
  std::size_t bytes = 0;       ///< that the others take …
  std::size_t budget = 0;      ///< … of so many
};

/// What is known of weights from a file with which a run began.
struct LoadedView {
  std::uint64_t steps = 0;  ///< that they were trained for before; 0 where the file does not say
  std::string dataset;      ///< on that set; empty where it does not say
};

struct Snapshot {
  std::uint64_t version = 0;  ///< counts publications
  std::uint64_t run = 0;      ///< counts resets and rewinds

  // progress
  std::uint64_t step = 0;          ///< minibatches done
  int epoch = 0;                   ///< epochs completed
  double epoch_fraction = 0;       ///< of the running one
  std::uint64_t images_seen = 0;
  bool playing = false;
  bool waiting_for_data = false;   ///< the next step's images have not arrived
  bool diverged = false;           ///< stopped because a value was not finite
  std::string error;               ///< the last command's or the run's problem; empty when all is well
  std::string notice;              ///< something to know (data set missing, strokes shown instead)

  std::optional<LoadedView> loaded;  ///< weights that the shown arm began with; nothing where they were drawn
  Settings settings;               ///< what a rewind of the shown arm starts with
  nn::SgdSettings sgd;             ///< in force for its next step, planned changes included …
  double rate_now = 0;             ///< … and the learning rate with its schedule
  int batch = 0;                   ///< likewise
  std::vector<lab::Change> planned, history;  ///< changes of the shown arm: to come again after a rewind, and made by hand
  std::string dataset;             ///< the set that is really in use
  std::string own_title;           ///< what the set of somebody's own is called; empty where there is none
  int train_count = 0, train_available = 0, test_count = 0, test_available = 0;
  std::string data_hash;           ///< names the content of the set in use (data::Dataset::content_hash()); empty until all of it is here
  std::vector<std::string> class_names;  ///< what labels and outputs stand for
  std::string wanted_data;         ///< the set that was chosen and has not come yet; empty when all are here that are wanted
  int wanted_count = 0, wanted_available = 0;  ///< its training images: announced (0 while unknown), and here
  nn::Shape input;

  // the current image
  int image_index = 0;             ///< into the test set; -1 for the user's own
  bool image_drawn = false;        ///< the user's own, and a drawing
  int image_label = -1;            ///< -1 when not known
  std::vector<float> image;        ///< as the network sees it, [channel][y][x]
  std::vector<double> probabilities;  ///< by class
  double image_loss = 0;           ///< −ln p(true class), nats; NaN where the class is not known
  WrongView wrong;                 ///< the search for one that the network gets wrong

  std::vector<LayerView> layers;

  // the inspector
  std::string locked_layer;
  int locked_unit = 0;
  nn::kernels::BackwardRule rule = nn::kernels::BackwardRule::kDeconv;
  ProjectionView current;          ///< of the current image
  std::vector<ProjectionView> winners;  ///< of its strongest held-out images, strongest first, at most lab::kTop; none for a dead unit …
  std::uint64_t winners_step = 0;  ///< … found with the weights of this step, if …
  bool winners_found = false;      ///< … a whole search is done
  int probe_images = kProbeImages;  ///< how many are to be searched …
  int searched_images = 0;          ///< … of those that the data set holds out

  std::vector<LabView> labs;       ///< what the page has open, in its order (command::OpenViews)
  TimelineView timeline;

  std::vector<ArmView> arms;       ///< in order; the first is what the others are compared with
  int shown_arm = 0;
  SeedsView seeds;

  // curves of the shown arm, thinned to a bounded number of points
  std::vector<CurvePoint> loss;
  std::vector<CurvePoint> accuracy;
  double images_per_second = 0;    ///< wall time over the last seconds, evaluation included
  double seconds_trained = 0;      ///< wall time while playing
  double seconds_to_98 = -1;       ///< wall time of the first measured test accuracy of 98 % or more; -1 not yet
  bool evaluating = false;
  double evaluation_fraction = 0;

  int threads = 1;
  bool suspended = false;          ///< takes no step for the moment (command::Suspend)
  bool exact = true;               ///< this build's results are the same bits everywhere
  std::string simd;                ///< "wasm SIMD128", "SSE2", …
};

}  // namespace lenet::app
