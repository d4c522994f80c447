#include "app/desk.h"

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace lenet::app {
namespace {

constexpr std::size_t kMostAsked = 16;
constexpr double kProgressStep = 0.1;  // of the work, between two looks at an experiment that shows how far it is

/// Those whose unfinished outcome is worth looking at.
bool shows_progress(const lab::Request& request) {
  return std::holds_alternative<lab::EvolutionRequest>(request) || std::holds_alternative<lab::MaximisationRequest>(request) ||
         std::holds_alternative<lab::ConfusionRequest>(request);
}

LabView empty_view(const lab::Request& request) { return {.request = request, .word = lab::view_name(request)}; }

}  // namespace

void Desk::open(const std::vector<lab::Request>& requests) {
  std::vector<Slot> slots;
  for (const lab::Request& request : requests) {
    const auto before = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.request.index() == request.index(); });
    if (before == slots_.end()) {
      slots.push_back({.request = request, .view = empty_view(request)});
      continue;
    }
    Slot slot = std::move(*before);
    slots_.erase(before);
    if (!(slot.request == request)) {
      slot.request = slot.view.request = request;
      slot.running.reset();
      slot.started = false;
      slot.view.error.clear();
    }
    slots.push_back(std::move(slot));
  }
  slots_ = std::move(slots);
  turn_ = 0;
}

void Desk::ask(const lab::Request& request, std::uint32_t id) {
  if (asked_.size() >= kMostAsked) {
    throw Error("There are " + std::to_string(kMostAsked) + " experiments waiting already. Wait for their answers first.");
  }
  asked_.push_back({id, request, nullptr});
}

void Desk::stop_asked(const std::string& why) {
  for (const Asked& asked : std::exchange(asked_, {})) {
    if (asked.id != 0) replies_.push_back({.id = asked.id, .error = why});
  }
}

void Desk::forget(const std::string& why) {
  stop_asked(why);
  subject_.reset();
  for (Slot& slot : slots_) slot = {.request = slot.request, .view = empty_view(slot.request)};
}

Desk::Stamp Desk::stamp_of(const Slot& slot, const Sight& sight) {
  const data::Dataset& dataset = sight.run.dataset();
  Stamp stamp{.step = sight.step, .images = dataset.train_available() + dataset.test_available()};
  if (std::holds_alternative<lab::EvolutionRequest>(slot.request)) stamp.moments = sight.timeline.moments().size();
  return stamp;
}

std::shared_ptr<const lab::Subject> Desk::subject(const Sight& sight) {
  if (!subject_ || subject_->step != sight.step) {
    subject_ = std::make_shared<const lab::Subject>(
        lab::Subject{.network = sight.run.network(),
                     .weights = sight.weights(),
                     .dataset = sight.run.dataset(),
                     .step = sight.step,
                     .seed = sight.run.seed(),
                     .initial = sight.run.initial_values(),
                     .initial_loaded = sight.run.starts_from_elsewhere(),
                     .update = sight.past != nullptr ? std::vector<float>() : sight.run.last_update()});
  }
  return subject_;
}

template <class Work>
std::string Desk::attempt(const Work& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    return error.what();
  } catch (const std::bad_alloc&) {
    return "There is not enough memory for that.";
  }
}

void Desk::start(Slot& slot, const Sight& sight) {
  slot.started = true;
  slot.quiet = 0;
  slot.stamp = stamp_of(slot, sight);
  slot.view.error = attempt([&] { slot.running = lab::make_experiment(subject(sight), slot.request, &sight.timeline); });
  if (!slot.view.error.empty()) slot.view.outcome.reset();
}

void Desk::advance(Slot& slot, nn::Workspace<float>& workspace) {
  const auto slice = [&] {
    const bool more = slot.running->advance(workspace);
    slot.view.fraction = slot.running->fraction();
    const bool news = !slot.view.outcome || !(slot.view.outcome_request == slot.request) || slot.quiet > 0;
    if (!more || (news && shows_progress(slot.request) && slot.view.fraction - slot.quiet >= kProgressStep)) {
      slot.view.outcome = std::make_shared<const lab::Outcome>(slot.running->outcome());
      slot.view.outcome_request = slot.request;
      slot.quiet = slot.view.fraction;
    }
    if (!more) slot.running.reset();
  };
  slot.view.error = attempt(slice);
  if (slot.view.error.empty()) return;
  slot.running.reset();
  slot.view.outcome.reset();
}

bool Desk::advance_asked(const Sight& sight, nn::Workspace<float>& workspace) {
  if (asked_.empty()) return false;
  Asked& asked = asked_.front();
  Reply reply{.id = asked.id};
  bool more = false;
  reply.error = attempt([&] {
    if (!asked.experiment) asked.experiment = lab::make_experiment(subject(sight), asked.request, &sight.timeline);
    more = asked.experiment->advance(workspace);
    if (!more) answer(lab::findings(asked.experiment->outcome()), reply);
  });
  if (more && reply.error.empty()) return true;
  if (asked.id != 0) replies_.push_back(std::move(reply));
  asked_.erase(asked_.begin());
  return true;
}

bool Desk::advance(const Sight& sight, bool looks, nn::Workspace<float>& workspace) {
  if (advance_asked(sight, workspace)) return true;
  if (!looks) return false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::size_t index = (turn_ + i) % slots_.size();
    Slot& slot = slots_[index];
    if (!slot.running) {
      if (slot.started && slot.stamp == stamp_of(slot, sight)) continue;  // it is of what is in sight
      start(slot, sight);
    }
    if (slot.running) advance(slot, workspace);
    // The next view has its turn when this one is through, so that a quick one beside a long one waits for it once.
    turn_ = (index + (slot.running ? 0 : 1)) % slots_.size();
    return true;
  }
  return false;
}

void Desk::fill(std::vector<LabView>& views) const {
  views.clear();
  for (const Slot& slot : slots_) {
    views.push_back(slot.view);
    views.back().running = slot.running != nullptr;
  }
}

std::vector<Reply> Desk::take_replies() { return std::exchange(replies_, {}); }

const lab::Outcome& Desk::outcome(const std::string& view) const {
  for (const Slot& slot : slots_) {
    if (slot.view.word != view) continue;
    if (!slot.view.outcome) throw Error("There is nothing to save yet: the view is still being worked out.");
    return *slot.view.outcome;
  }
  throw Error("The view “" + view + "” is not open.");
}

void answer(const lab::Findings& findings, Reply& reply) {
  using nlohmann::json;
  std::size_t size = 0;
  for (const lab::FoundArray& array : findings.arrays) size += array.values.size();
  reply.values.reserve(size);
  json arrays = json::array();
  for (const lab::FoundArray& array : findings.arrays) {
    arrays.push_back({{"name", array.name}, {"shape", array.shape}});
    reply.values.insert(reply.values.end(), array.values.begin(), array.values.end());
  }
  const json whole = {{"view", findings.view},
                      {"facts", json::parse(findings.facts)},
                      {"columns", findings.columns},
                      {"rows", findings.rows},
                      {"arrays", std::move(arrays)}};
  reply.set_bytes(whole.dump());
}

}  // namespace lenet::app
