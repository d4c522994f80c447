// What a session publishes, and how often: looking may cost a tenth of the training at most.
#include <algorithm>
#include <chrono>

#include "app/core.h"
#include "data/complete.h"

namespace lenet::app {

bool Core::publish_due() const { return !wants_step() || !may_step() || Clock::now() >= next_look_at_; }

void Core::count_look(Clock::duration cost) {
  constexpr double kShare = 0.1, kUnseenInterval = 0.25, kViewInterval = 0.12;
  const double seconds = std::chrono::duration<double>(cost).count();
  look_seconds_ += seconds;
  // A view changes a few times a second: no need to draw it for every step that there is time to look at.
  const double shortest = desk_.is_open() ? kViewInterval : 0;
  const double interval = looking_ ? std::max(shortest, look_seconds_ / kShare) : kUnseenInterval;
  next_look_at_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(interval));
}

void Core::fill_timeline(Snapshot& snapshot) {
  const lab::Timeline& timeline = shown().timeline;
  TimelineView& view = snapshot.timeline;
  view.moments.clear();
  for (const lab::Moment& moment : timeline.moments()) view.moments.push_back({moment.step, moment.epoch, moment.ends_epoch});
  view.shows_moment = moment_.has_value();
  view.shown = sight().step;
  view.thinned = timeline.thinned();
  view.bytes = timeline.bytes();
  view.budget = timeline.budget();
}

void Core::fill(Snapshot& snapshot) {
  const auto start = Clock::now();
  look_seconds_ = 0;
  snapshot.run = runs_;
  snapshot.step = run().step();
  snapshot.epoch = run().epoch();
  snapshot.epoch_fraction = static_cast<double>(run().position()) / run().epoch_size();
  snapshot.images_seen = run().images_seen();
  snapshot.playing = playing_;
  snapshot.suspended = suspended_;
  snapshot.waiting_for_data = wants_step() && !diverged_ && (awaits_data() || !lead().run.ready());
  snapshot.diverged = diverged_;
  snapshot.error = error_;
  snapshot.notice = notice_;
  snapshot.loaded = run().starts_from_elsewhere() ? std::optional(loaded_view_) : std::nullopt;
  snapshot.settings = settings_;
  snapshot.sgd = run().base_sgd();
  snapshot.rate_now = run().sgd().rate;
  snapshot.batch = run().batch();
  snapshot.planned = run().recipe().changes;
  snapshot.history = run().history();

  const data::Dataset& dataset = run().dataset();
  snapshot.dataset = dataset.name();
  snapshot.own_title = data_.own_title();
  snapshot.train_count = dataset.train_count();
  snapshot.train_available = dataset.train_available();
  snapshot.test_count = dataset.test_count();
  snapshot.test_available = dataset.test_available();
  snapshot.data_hash = data::complete(dataset) ? dataset.content_hash() : "";  // a set hashes itself while it arrives
  snapshot.class_names = dataset.class_names();
  snapshot.wanted_data = wanted_ ? wanted_->set : awaiting_data_ ? settings_.dataset : "";
  const data::Dataset& coming = snapshot.wanted_data.empty() ? dataset : data_.peek(snapshot.wanted_data);
  snapshot.wanted_count = coming.train_count();
  snapshot.wanted_available = coming.train_available();

  viewer_.fill(sight(), snapshot);
  desk_.fill(snapshot.labs);
  snapshot.wrong = wrong_.view();
  fill_timeline(snapshot);

  fill_arms(snapshot);
  fill_seeds(snapshot);
  snapshot.loss = shown().record.loss().points();
  snapshot.accuracy = shown().record.accuracy();
  snapshot.images_per_second = stopwatch_.images_per_second();
  snapshot.seconds_trained = stopwatch_.seconds();
  snapshot.seconds_to_98 = shown().record.seconds_to_98();
  snapshot.evaluating = shown().evaluator.running();
  snapshot.evaluation_fraction = shown().evaluator.fraction();
  snapshot.threads = threads_->threads();
  snapshot.exact = nn::kExact;
  snapshot.simd = nn::simd_name();
  dirty_ = false;
  shown_since_search_ = true;
  count_look(Clock::now() - start);
}

}  // namespace lenet::app
