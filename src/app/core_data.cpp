// How data sets come to the session: what arrives, the run that waits for one, and what becomes of it when a set fails.
#include <utility>

#include "app/core.h"
#include "base/error.h"

namespace lenet::app {

void Core::adopt_data() {
  if (awaiting_data_ && data_.find(settings_.dataset) != nullptr) start_run(settings_, loaded(run()));
  if (wanted_ && data_.find(wanted_->set) != nullptr) {
    try {
      const Settings settings = changed_by(wanted_->resets);
      start_run(settings, read_loaded(settings, wanted_->resets.back().weights));
      error_.clear();  // what it says is of the run before
      end_wanted("");
    } catch (const Error& error) {  // a network that its images do not fit
      playing_ = false;
      error_ = error.what();
      cancel_goals(error_);
      end_wanted(error_);
    }
  }
}

void Core::end_wanted(const std::string& error) {
  if (!wanted_) return;
  for (const std::uint32_t id : wanted_->ids) {
    Reply reply;
    reply.id = id;
    reply.error = error;
    replies_.push_back(std::move(reply));
  }
  wanted_.reset();
}

void Core::data_trouble(const std::string& set) {
  if (wanted_ && wanted_->set == set) {
    playing_ = false;
    error_ = title_of(set) + " cannot be used: " + data_.failure(set) + " The run before (" + title_of(settings_.dataset) + ") stays.";
    cancel_goals(error_);
    end_wanted(error_);
  }
  if (settings_.dataset != set) return;
  stop_seeds("The data set failed, and it stopped");
  if (set == "mnist" && (awaiting_data_ || run().step() == 0)) {
    Settings settings = settings_;
    settings.dataset = "strokes";
    start_run(std::move(settings), loaded(run()));
    notice_ = "MNIST is not here, so the strokes set is shown: digits that this page draws itself. (" + data_.failure(set) + ")";
  } else if (!run().ready()) {
    playing_ = false;
    error_ = "Training stopped at step " + std::to_string(run().step()) + ", because the rest of " + title_of(set) +
             " did not arrive: " + data_.failure(set) + " Reload the page to try again, or choose another data set.";
    cancel_goals(error_);
  }
  dirty_ = true;
}

template <class Action>
void Core::receive(const std::string& set, Action&& action) {
  try {
    action();
  } catch (const Error&) {
    const bool wanted = wanted_ && wanted_->set == set;
    data_trouble(set);
    if (wanted) throw Error(error_);  // says what becomes of the run, too
    throw;
  }
  adopt_data();
}

void Core::apply(const command::DataExpect& c, Reply&) {
  receive(c.set, [&] { data_.expect(c.set, c.train_images, c.test_images); });
}

void Core::apply(const command::DataChunk& c, Reply&) {
  receive(c.set, [&] { data_.push(c.set, c.part, c.bytes); });
}

void Core::apply(const command::DataEnd& c, Reply&) {
  receive(c.set, [&] { c.part ? data_.finish(c.set, *c.part) : data_.finish(c.set); });
}

void Core::apply(const command::DataFailed& c, Reply&) {
  data_.fail(c.set, c.reason);
  data_trouble(c.set);
}

void Core::apply(command::OwnData& c, Reply& reply) {
  auto set = std::make_unique<data::OwnDataset>(std::move(c.images));
  const std::string title = set->title();
  // The set before is kept until no run refers to it, or for good where the new one does not fit.
  std::unique_ptr<data::OwnDataset> other = data_.swap_own(std::move(set));
  try {
    apply(command::Reset{.dataset = kOwnData}, reply);
  } catch (const Error& error) {
    data_.swap_own(std::move(other));
    throw Error("“" + title + "” does not fit the network: " + error.what() +
                " The run before stays; choose another network first, such as MLP.");
  } catch (...) {
    data_.swap_own(std::move(other));
    throw;
  }
}

}  // namespace lenet::app
