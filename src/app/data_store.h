// The data sets of a session: those that arrive, by name; the strokes set, which is always there; and one of somebody's own.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "app/arriving_set.h"
#include "app/command.h"
#include "data/own.h"
#include "data/strokes.h"

namespace lenet::app {

/// The strokes set is one set, whatever a run's seed: runs with different seeds stay comparable.
inline constexpr std::uint64_t kStrokesSeed = 1;

/// Sets are named as in Settings::dataset. All functions throw Error for a set that is not known; what still comes of a failed
/// one is ignored.
class DataStore {
 public:
  DataStore();

  // What arrives of a set, as in ArrivingSet. They throw Error for a bad file, after which the set counts as failed.
  void expect(const std::string& set, int train_images, int test_images);
  void push(const std::string& set, command::DataPart part, std::span<const std::byte> bytes);
  void finish(const std::string& set, command::DataPart part);
  void finish(const std::string& set);
  /// The set will not come (or no further), and why.
  void fail(const std::string& set, const std::string& reason);

  /// Takes a set of somebody's own, or none, and gives the one before: no run may refer to that when it goes.
  std::unique_ptr<data::OwnDataset> swap_own(std::unique_ptr<data::OwnDataset> set) { return std::exchange(own_, std::move(set)); }
  /// What its owner calls it; empty where there is none.
  std::string own_title() const { return own_ ? own_->title() : std::string(); }

  const data::Dataset& strokes() const { return strokes_; }
  /// The set once a run can start on it; nullptr before, or when it failed before a single image could be used.
  const data::Dataset* find(const std::string& set) const;
  /// The same however little of it is here, for showing its progress.
  const data::Dataset& peek(const std::string& set) const;
  bool failed(const std::string& set) const { return !failure(set).empty(); }
  /// Why it failed, as a sentence; empty while all is well.
  const std::string& failure(const std::string& set) const;

  /// Throws Error for an unknown name, for a set that failed, and for one's own where there is none.
  void check(const std::string& set) const;

 private:
  struct Entry {
    std::unique_ptr<ArrivingSet> set;
    std::string failure;
  };

  const Entry* entry(const std::string& set) const;
  template <class Action>
  void guard(const std::string& set, Action&& action);

  std::map<std::string, Entry> arriving_;
  data::StrokesDataset strokes_;
  std::unique_ptr<data::OwnDataset> own_;
};

}  // namespace lenet::app
