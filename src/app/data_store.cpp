#include "app/data_store.h"

#include "app/settings.h"
#include "base/error.h"

namespace lenet::app {

DataStore::DataStore() : strokes_(kStrokesSeed) {
  arriving_["mnist"].set = make_arriving_mnist();
  arriving_["cifar10"].set = make_arriving_cifar10();
}

const DataStore::Entry* DataStore::entry(const std::string& set) const {
  if (set == "strokes" || set == kOwnData) return nullptr;
  const auto found = arriving_.find(set);
  if (found == arriving_.end()) throw Error("There is no data set “" + set + "”. Known ones: mnist, cifar10, strokes, own.");
  return &found->second;
}

template <class Action>
void DataStore::guard(const std::string& set, Action&& action) {
  if (entry(set) == nullptr) throw Error(title_of(set) + ": nothing of it arrives in files.");
  Entry& target = arriving_.at(set);
  if (!target.failure.empty()) return;
  try {
    action(*target.set);
  } catch (const Error& error) {
    target.failure = error.what();
    throw;
  }
}

void DataStore::expect(const std::string& set, int train_images, int test_images) {
  guard(set, [&](ArrivingSet& s) { s.expect(train_images, test_images); });
}

void DataStore::push(const std::string& set, command::DataPart part, std::span<const std::byte> bytes) {
  guard(set, [&](ArrivingSet& s) { s.push(part, bytes); });
}

void DataStore::finish(const std::string& set, command::DataPart part) {
  guard(set, [&](ArrivingSet& s) { s.finish(part); });
}

void DataStore::finish(const std::string& set) {
  guard(set, [](ArrivingSet& s) { s.finish(); });
}

void DataStore::fail(const std::string& set, const std::string& reason) {
  guard(set, [&](ArrivingSet&) { arriving_.at(set).failure = reason.empty() ? title_of(set) + " could not be loaded." : reason; });
}

const data::Dataset* DataStore::find(const std::string& set) const {
  const Entry* found = entry(set);
  if (set == kOwnData) return own_.get();
  if (found == nullptr) return &strokes_;
  const bool lost = !found->failure.empty() && found->set->dataset().train_available() == 0;
  return found->set->usable() && !lost ? &found->set->dataset() : nullptr;
}

const data::Dataset& DataStore::peek(const std::string& set) const {
  const Entry* found = entry(set);
  return found != nullptr ? found->set->dataset() : set == kOwnData && own_ ? *own_ : static_cast<const data::Dataset&>(strokes_);
}

const std::string& DataStore::failure(const std::string& set) const {
  static const std::string none;
  const Entry* found = entry(set);
  return found == nullptr ? none : found->failure;
}

void DataStore::check(const std::string& set) const {
  if (set == kOwnData && !own_) {
    throw Error(
        "There are no data of your own here yet. Drop their files on the page (IDX, CIFAR-10's batches, or a folder of PNGs), or "
        "choose them "
        "in the menu.");
  }
  if (failed(set)) throw Error(title_of(set) + " cannot be used: " + failure(set) + " Reload the page to try again.");
}

}  // namespace lenet::app
