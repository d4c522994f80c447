// The data sets of a session: MNIST as it arrives, and the strokes set, which is always there.
#pragma once

#include <memory>
#include <string>

#include "app/command.h"
#include "data/mnist.h"
#include "data/strokes.h"

namespace lenet::app {

/// The strokes set is one set, whatever a run's seed: runs with different seeds stay comparable.
inline constexpr std::uint64_t kStrokesSeed = 1;

class DataStore {
 public:
  DataStore();

  /// Takes file bytes; throws Error for a bad file, after which MNIST counts as failed.
  void push(command::DataPart part, std::span<const std::byte> bytes);
  void finish(command::DataPart part);
  /// MNIST will not come (or no further), and why.
  void fail(const std::string& reason);

  const data::Dataset& strokes() const { return strokes_; }
  /// MNIST once its size is known; nullptr before, or when it failed before a single image could be used.
  const data::Dataset* mnist() const;
  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }

  /// Throws Error for an unknown name, or for MNIST after it failed.
  void check(const std::string& name) const;

 private:
  template <class Action>
  void guard(Action&& action);

  std::unique_ptr<data::IdxDataset> mnist_;
  data::StrokesDataset strokes_;
  std::string failure_;
};

}  // namespace lenet::app
