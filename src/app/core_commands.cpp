// What each command does. An overload may throw Error; it must leave the session as it was then.

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/core.h"
#include "app/measurement.h"
#include "base/error.h"
#include "data/npy.h"
#include "lab/drawing.h"
#include "nn/loss.h"

namespace lenet::app {
namespace {

constexpr const char* kOtherImage = "Another image was chosen before one was found.";

}  // namespace

// --- running --------------------------------------------------------------------------------------------------------------

void Core::apply(const command::Play&, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you play on.");
  show_present();
  playing_ = true;
  next_step_at_ = Clock::now();
}

void Core::apply(const command::Pause&, Reply&) {
  playing_ = false;
  cancel_goals("Paused before it was done.");
}

void Core::apply(const command::Step& c, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you step on.");
  if (c.count < 1 || c.count > 100'000'000) throw Error("The number of steps must lie between 1 and 100,000,000.");
  show_present();
  playing_ = false;
  std::uint64_t from = wanted_ ? 0 : lead().run.step();  // steps while a run is awaited are that run's
  for (const Goal& goal : goals_) from = std::max(from, goal.step);  // steps asked for while others run come after them
  add_goal({.step = from + static_cast<std::uint64_t>(c.count)});
}

void Core::apply(const command::Epoch&, Reply&) {
  if (diverged_) throw Error("This run has diverged. Go back to the last good state, or rewind, before you train on.");
  show_present();
  playing_ = false;
  add_goal({.epoch = (wanted_ ? 0 : lead().run.epoch()) + 1});
}

void Core::apply(const command::Rewind&, Reply&) {
  playing_ = false;
  cancel_goals("Rewound before it was done.");
  for (const auto& arm : arms_) arm->run.rewind();
  show(shown_);
  forget_progress();
}

void Core::apply(const command::Replay&, Reply&) {
  const std::uint64_t step = lead().run.step();
  if (step == 0) throw Error("There is nothing to replay yet: the run stands at its beginning.");
  playing_ = false;
  cancel_goals("Replayed before it was done.");
  for (const auto& arm : arms_) arm->run.rewind_to_replay();
  show(shown_);
  forget_progress();
  add_goal({.step = step});
}

void Core::apply(const command::RestoreLastGood&, Reply&) {
  playing_ = false;
  cancel_goals("Went back before it was done.");
  for (const auto& arm : arms_) {
    arm->run.restore(arm->last_good);
    arm->evaluator.clear();
    arm->record.cut_after(arm->last_good.step);
    arm->timeline.cut_after(arm->last_good.step);
    arm->diverged = false;
  }
  show(shown_);
  predictor_.reset();
  diverged_ = false;
}

Settings Core::changed_by(const std::vector<command::Reset>& resets) const {
  Settings settings = settings_;
  for (const command::Reset& c : resets) {
    settings.dataset = c.dataset.value_or(settings.dataset);
    settings.seed = c.seed.value_or(settings.seed);
    settings.recipe = lab::patched(std::move(settings.recipe), c.recipe);
  }
  return settings;
}

/// Weights are worth more than the images that they were trained on: where those cannot be had, the strokes set stands in.
command::Reset Core::with_data_for_weights(command::Reset reset, std::string& notice) const {
  const std::string wanted = reset.dataset.value_or(settings_.dataset);
  if (reset.weights.empty() || !data_.failed(wanted)) return reset;
  reset.dataset = "strokes";
  notice = "The weights were trained on " + title_of(wanted) + ", which is not here, so they are shown on the strokes set: digits that this page draws "
           "itself, and on which they do worse. (" + data_.failure(wanted) + ")";
  return reset;
}

void Core::apply(const command::Reset& c, Reply&) {
  std::string notice;
  Wanted wanted = wanted_ ? *wanted_ : Wanted{};
  wanted.resets.push_back(with_data_for_weights(c, notice));
  Settings settings = changed_by(wanted.resets);
  const bool waits = settings.dataset != settings_.dataset && data_.find(settings.dataset) == nullptr;
  if (waits) {
    check(settings);
    data_.check(settings.dataset);
  } else {
    start_run(settings, read_loaded(settings, c.weights));
  }
  if (!waits || wanted.set != settings.dataset) {
    end_wanted("Another data set was chosen before " + title_of(wanted.set) + " was here.");
    wanted.ids.clear();
  }
  if (waits) {
    wanted.set = settings.dataset;
    if (pending_id_ != 0) wanted.ids.push_back(pending_id_);
    deferred_ = true;
    wanted_ = std::move(wanted);
  }
  playing_ = false;
  cancel_goals("The run was reset before it was done.");
  notice_ = std::move(notice);
}

void Core::change(const lab::Change& change) {
  run().change(change);
  settings_.recipe = run().rewound_recipe();
}

void Core::apply(const command::Set& c, Reply&) {
  Settings settings = settings_;
  settings.steps_per_second = c.steps_per_second.value_or(settings.steps_per_second);
  settings.threads = c.threads.value_or(settings.threads);
  check(settings);
  if (c.rate || c.momentum || c.decay || c.batch) {
    change({.rate = c.rate, .momentum = c.momentum, .decay = c.decay, .batch = c.batch});
    settings.recipe = settings_.recipe;
  }
  if (settings.threads != settings_.threads) {
    auto threads = std::make_unique<ThreadPool>(settings.threads);
    std::vector<lab::Workers> workers;  // all of them before any is changed, should memory run out
    for (const auto& arm : arms_) workers.emplace_back(arm->run.training_network(), *threads);
    for (std::size_t i = 0; i < arms_.size(); ++i) arms_[i]->workers = std::move(workers[i]);
    threads_ = std::move(threads);
  }
  settings_ = std::move(settings);
  next_step_at_ = Clock::now();
}

void Core::apply(const command::Freeze& c, Reply&) {
  run().network().find_layer(c.layer);
  change({.layer = c.layer, .frozen = c.on});
}

void Core::apply(const command::RateMultiplier& c, Reply&) { change({.layer = c.layer, .multiplier = c.multiplier}); }

void Core::apply(const command::Plan& c, Reply&) {
  run().plan(c.changes);
  settings_.recipe = run().rewound_recipe();
}

// --- looking --------------------------------------------------------------------------------------------------------------

void Core::apply(const command::SelectImage& c, Reply&) {
  wrong_.stop(kOtherImage);
  viewer_.select_image(c.index);
}

void Core::apply(const command::NextImage& c, Reply&) {
  if (c.wrong) {
    wrong_.add(c.back, pending_id_);
    deferred_ = true;
  } else {
    wrong_.stop(kOtherImage);
    viewer_.next_image(run(), c.back);
  }
}

void Core::apply(const command::ShowPixels& c, Reply&) {
  wrong_.stop(kOtherImage);
  viewer_.show_pixels(lab::load_image(run().dataset(), run().network().input(), c.pixels).pixels);
}

void Core::apply(const command::ShowDrawing& c, Reply& reply) {
  const nn::Shape input = run().network().input();
  reply.values = lab::frame_drawing(input, c.pixels, c.width, c.height);
  reply.shape = {input.channels, input.height, input.width};
  viewer_.show_drawing(reply.values);
}

void Core::apply(const command::LockUnit& c, Reply&) { viewer_.lock(run(), c.layer, c.unit); }

void Core::apply(const command::SetRule& c, Reply&) { viewer_.set_rule(c.rule); }

void Core::apply(const command::OpenViews& c, Reply&) { desk_.open(c.requests); }

void Core::apply(const command::ShowMoment& c, Reply&) {
  if (!c.step) {
    show_present();
    return;
  }
  const lab::Moment* kept = shown().timeline.find(*c.step);
  if (kept == nullptr) {
    const lab::Moment* near = shown().timeline.nearest(*c.step);
    const bool thinned = shown().timeline.was_thinned(*c.step);
    throw Error("Step " + std::to_string(*c.step) + " is not stored" + (thinned ? " any more: it was given up for room" : "") +
                ". The stored step nearest to it is " + std::to_string(near->step) + ".");
  }
  nn::Weights<float> weights = run().network().make_weights();
  weights.values = *kept->values;
  run().network().pack(weights);
  moment_ = {*c.step, std::move(weights)};
}

void Core::apply(const command::SetProbe& c, Reply&) { viewer_.set_probe(c.images); }

void Core::apply(const command::Look& c, Reply&) { looking_ = c.on; }

void Core::apply(const command::Suspend& c, Reply&) { suspended_ = c.on; }

template <class Question>
  requires requires(const lab::Run& run, const Question& question, nn::Workspace<float>& workspace, Reply& reply) {
    answer(run, question, workspace, reply);
  }
void Core::apply(const Question& question, Reply& reply) {
  answer(run(), question, viewer_.workspace(), reply);
}
template void Core::apply(const command::GetActivations&, Reply&);
template void Core::apply(const command::Project&, Reply&);

void Core::predict(const lab::ImageRef& image, std::vector<float>& probabilities) {
  const std::vector<float> pixels = lab::load_image(run().dataset(), run().network().input(), image).pixels;
  if (!predictor_) {
    predictor_.emplace(run().network());
    predictor_->load(run().weights());
  }
  std::vector<double> found(static_cast<std::size_t>(run().network().classes()));
  nn::softmax<float>(predictor_->predict(std::span(pixels)), found);
  probabilities.insert(probabilities.end(), found.begin(), found.end());
}

void Core::apply(const command::Predict& c, Reply& reply) {
  reply.shape = {run().network().classes()};
  predict(c.image, reply.values);
}

void Core::apply(const command::PredictAll& c, Reply& reply) {
  const nn::Shape input = run().network().input();
  if (c.pixels.empty() || c.pixels.size() % input.size() != 0) {
    throw Error("Images for this network have " + std::to_string(input.size()) + " pixels each (" + nn::to_string(input) + "); these have " +
                std::to_string(c.pixels.size()) + " together.");
  }
  for (auto pixel = c.pixels.begin(); pixel != c.pixels.end();) {
    const auto end = pixel + static_cast<std::ptrdiff_t>(input.size());
    predict(std::vector<float>(pixel, end), reply.values);
    pixel = end;
  }
  reply.shape = {static_cast<int>(c.pixels.size() / input.size()), run().network().classes()};
  reply.step = run().step();
}

void Core::apply(const command::Ask& c, Reply&) {
  desk_.ask(c.request, pending_id_);
  deferred_ = true;
}

void Core::apply(const command::StopAsked&, Reply&) { desk_.stop_asked("It was stopped before it was done."); }

void Core::apply(const command::GetView& c, Reply& reply) { answer(lab::findings(desk_.outcome(c.view)), reply); }

void Core::apply(const command::ExportView& c, Reply& reply) {
  const lab::Findings found = lab::findings(desk_.outcome(c.view));
  const auto add = [&](const std::string& name, std::span<const std::byte> file) {
    reply.files.emplace_back(name, file.size());
    reply.bytes.insert(reply.bytes.end(), file.begin(), file.end());
  };
  add("facts.json", std::as_bytes(std::span(found.facts)));
  const std::string table = lab::to_csv(found);
  add("table.csv", std::as_bytes(std::span(table)));
  for (const lab::FoundArray& array : found.arrays) add(array.name + ".npy", data::format_npy(array.shape, std::span<const float>(array.values)));
}

void Core::apply(const command::Measure& c, Reply& reply) {
  stopwatch_.stop();  // time to measure is no time to train
  reply.set_bytes(measure(run(), c.what, c.batch, c.seconds, shown().workers));
}

// --- files ----------------------------------------------------------------------------------------------------------------

void Core::apply(const command::ExportCurve&, Reply& reply) { reply.set_bytes(shown().record.csv()); }

}  // namespace lenet::app
