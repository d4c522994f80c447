// The session into a file, and back.

#include <memory>
#include <utility>

#include "app/core.h"
#include "app/session_file.h"
#include "base/error.h"
#include "data/complete.h"

namespace lenet::app {

void Core::apply(const command::ExportSession& c, Reply& reply) {
  const lab::Run& run = this->run();
  lab::Timeline timeline = shown().timeline;  // shares the weights
  timeline.set_budget(c.timeline_bytes);
  const Record& record = shown().record;
  SessionFile file{.dataset = run.dataset().name(),
                   .data_hash = data::complete(run.dataset()) ? run.dataset().content_hash() : "",
                   .seed = run.seed(),
                   .recipe = run.recipe(),
                   .history = run.history(),
                   .state = run.save(),
                   .initial = {},
                   .moments = timeline.moments(),
                   .first_loss_step = record.first_step(),
                   .losses = record.losses(),
                   .accuracy = record.accuracy()};
  file.loaded = loaded_view_;
  if (run.starts_from_elsewhere()) file.initial.assign(run.initial_values().begin(), run.initial_values().end());
  reply.bytes = write_session(file);
}

void Core::apply(const command::ImportSession& c, Reply&) {
  if (arms_.size() > 1) throw Error("A session is loaded as a run of its own: end the comparison first.");
  SessionFile file = read_session(c.file, "The file");
  const data::Dataset* dataset = data_.find(file.dataset);
  const bool own = file.dataset == kOwnData;
  if (own && (dataset == nullptr || file.data_hash != dataset->content_hash())) {
    throw Error(
        "The session was trained on data of somebody's own, which are not those here. Drop their files on the page first, then "
        "open it again.");
  }
  if (dataset == nullptr) throw Error("The session was trained on " + title_of(file.dataset) + ", which is not loaded. Choose that data set first.");
  Settings settings = settings_;
  settings.dataset = file.dataset;
  settings.seed = file.seed;
  settings.recipe = file.recipe;
  check(settings);
  // Another run of the same, tried before the present one is given up.
  auto arm = std::make_unique<Arm>(kOnlyArm, *dataset, settings.recipe, settings.seed, *threads_);
  arm->run.resume(file.state, std::move(file.history), file.initial);

  end_wanted("A session was loaded before the data set was here.");
  start_run(std::move(settings), std::nullopt);
  arms_.front() = std::move(arm);
  loaded_view_ = std::move(file.loaded);
  Arm& restored = *arms_.front();
  restored.timeline.set_budget(lab::Timeline::kBudget);
  restored.timeline.restore(std::move(file.moments));
  restored.record.restore(file.first_loss_step, std::move(file.losses), std::move(file.accuracy));
  restored.last_good = restored.run.save();
  show(0);
  playing_ = false;
  cancel_goals("A session was loaded before it was done.");
  notice_.clear();
  if (!file.data_hash.empty() && data::complete(*dataset) && file.data_hash != dataset->content_hash()) {
    notice_ = "The session was trained on other images than those of " + title_of(file.dataset) + " here: what it goes on with is another run.";
  }
}

}  // namespace lenet::app
