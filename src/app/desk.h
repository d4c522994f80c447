// The experiments that the page has open and those that scripts ask for: done in slices between training steps, each on a copy of one
// step's weights.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/sight.h"
#include "app/snapshot.h"
#include "lab/experiments/findings.h"

namespace lenet::app {

class Desk {
 public:
  /// The page looks at these from now on, instead of others. One that was open stays as it is; of a changed one the last outcome stays on
  /// show until the new one is there.
  void open(const std::vector<lab::Request>& requests);
  /// A script asks; the reply with findings, or with why it cannot be, comes in take_replies(). Throws Error when too many wait already.
  void ask(const lab::Request& request, std::uint32_t id);
  /// What scripts wait for is answered with `why`.
  void stop_asked(const std::string& why);
  /// The network, the data set or the timeline are about to go: nothing that refers to them stays.
  void forget(const std::string& why);

  /// Does a slice of an experiment: of one that a script waits for first, then, if the page `looks`, of one whose outcome is not of what
  /// is in sight. Returns whether there was anything to do.
  bool advance(const Sight& sight, bool looks, nn::Workspace<float>& workspace);
  bool is_asked() const { return !asked_.empty(); }
  bool is_open() const { return !slots_.empty(); }

  void fill(std::vector<LabView>& views) const;
  std::vector<Reply> take_replies();

  /// The last outcome of an open view (lab::view_name()). Throws Error when it is not open or has none yet.
  const lab::Outcome& outcome(const std::string& view) const;

 private:
  /// Of what an outcome was made; another stamp asks for a new one.
  struct Stamp {
    std::uint64_t step = 0;
    std::size_t moments = 0;
    int images = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Slot {
    lab::Request request;
    LabView view;
    std::unique_ptr<lab::Experiment> running = {};
    Stamp stamp = {};     // of what is running or done
    bool started = false;
    double quiet = 0;     // of the running one's fraction when progress was shown last
  };
  struct Asked {
    std::uint32_t id = 0;
    lab::Request request;
    std::unique_ptr<lab::Experiment> experiment;  // once it is its turn
  };

  static Stamp stamp_of(const Slot& slot, const Sight& sight);
  std::shared_ptr<const lab::Subject> subject(const Sight& sight);
  bool advance_asked(const Sight& sight, nn::Workspace<float>& workspace);
  /// Does `work`. Returns why it could not be done; empty when it was.
  template <class Work>
  static std::string attempt(const Work& work);
  void start(Slot& slot, const Sight& sight);
  void advance(Slot& slot, nn::Workspace<float>& workspace);

  std::vector<Slot> slots_;
  std::vector<Asked> asked_;
  std::vector<Reply> replies_;
  std::size_t turn_ = 0;
  std::shared_ptr<const lab::Subject> subject_;  // the last copy made, for all that look at the same step
};

/// The reply's bytes: {"view", "facts", "columns", "rows", "arrays": [{"name", "shape"}]} as JSON; its values: those of all arrays, one after the other.
void answer(const lab::Findings& findings, Reply& reply);

}  // namespace lenet::app
