#include "app/desk.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace lenet::app {
namespace {

constexpr double kProgressStep = 0.1;  // of the work, between two looks at an experiment that shows how far it is

/// Those whose unfinished outcome is worth looking at.
bool shows_progress(const lab::Request& request) {
  return std::holds_alternative<lab::EvolutionRequest>(request) || std::holds_alternative<lab::MaximisationRequest>(request);
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

void Desk::ask(const lab::Request& request, const Sight& sight, std::uint32_t id) {
  asked_.push_back({id, lab::make_experiment(subject(sight), request, &sight.timeline)});
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
  Stamp stamp{.step = sight.step};
  if (std::holds_alternative<lab::EvolutionRequest>(slot.request)) {
    const auto& moments = sight.timeline.moments();
    stamp = {.step = moments.empty() ? 0 : moments.back().step, .moments = moments.size()};
  }
  // What could not be done may be possible with more images.
  if (!slot.view.error.empty()) stamp.images = sight.run.dataset().train_available() + sight.run.dataset().test_available();
  return stamp;
}

std::shared_ptr<const lab::Subject> Desk::subject(const Sight& sight) {
  if (!subject_ || subject_->step != sight.step) {
    subject_ = std::make_shared<const lab::Subject>(
        lab::Subject{sight.run.network(), sight.weights(), sight.run.dataset(), sight.step, sight.run.seed()});
  }
  return subject_;
}

void Desk::start(Slot& slot, const Sight& sight) {
  slot.started = true;
  slot.quiet = 0;
  slot.view.error.clear();
  try {
    slot.running = lab::make_experiment(subject(sight), slot.request, &sight.timeline);
  } catch (const Error& error) {
    slot.view.error = error.what();
    slot.view.outcome.reset();
  }
  slot.stamp = stamp_of(slot, sight);
}

void Desk::advance(Slot& slot, nn::Workspace<float>& workspace) {
  const bool more = slot.running->advance(workspace);
  slot.view.fraction = slot.running->fraction();
  const bool news = !slot.view.outcome || !(slot.view.outcome_request == slot.request) || slot.quiet > 0;
  if (!more || (news && shows_progress(slot.request) && slot.view.fraction - slot.quiet >= kProgressStep)) {
    slot.view.outcome = std::make_shared<const lab::Outcome>(slot.running->outcome());
    slot.view.outcome_request = slot.request;
    slot.quiet = slot.view.fraction;
  }
  if (!more) slot.running.reset();
}

bool Desk::advance_asked(nn::Workspace<float>& workspace) {
  if (asked_.empty()) return false;
  Asked& asked = asked_.front();
  if (asked.experiment->advance(workspace)) return true;
  Reply reply{.id = asked.id};
  answer(lab::findings(asked.experiment->outcome()), reply);
  if (asked.id != 0) replies_.push_back(std::move(reply));
  asked_.erase(asked_.begin());
  return true;
}

bool Desk::advance(const Sight& sight, bool looks, nn::Workspace<float>& workspace) {
  if (advance_asked(workspace)) return true;
  if (!looks) return false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[(turn_ + i) % slots_.size()];
    if (!slot.running && (!slot.started || !(slot.stamp == stamp_of(slot, sight)))) {
      start(slot, sight);
      if (!slot.running) return true;
    }
    if (!slot.running) continue;
    advance(slot, workspace);
    // The next view has its turn when this one is through, so that a quick one beside a long one waits for it once.
    turn_ = (turn_ + i + (slot.running ? 0 : 1)) % slots_.size();
    return true;
  }
  return false;
}

bool Desk::shows_timeline() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return std::holds_alternative<lab::EvolutionRequest>(slot.request); });
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
