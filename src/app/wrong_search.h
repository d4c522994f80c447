// The next test image that the network gets wrong: looked for in slices, so that nothing waits for it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/sight.h"
#include "app/snapshot.h"

namespace lenet::app {

class WrongSearch {
 public:
  /// Another search, after those that wait. Throws Error when too many do.
  void add(bool back, std::uint32_t id);
  /// Ends them all; whoever waits is told `why`. Forgets the sentence about the last one.
  void stop(const std::string& why);
  bool active() const { return !waiting_.empty(); }

  /// Looks at the next images, eight at the most, from `image` on (-1: before the first) round to `image` itself, with the weights that were
  /// in sight when it began. Returns the index of the first that is wrong: whose largest logit is not its class's.
  std::optional<int> advance(const Sight& sight, int image, nn::Workspace<float>& workspace);

  WrongView view() const;
  std::vector<Reply> take_replies();

 private:
  struct Wanted {
    bool back = false;
    std::uint32_t id = 0;
  };
  /// The search that is under way.
  struct Search {
    nn::Weights<float> weights;
    std::uint64_t step = 0;
    int from = 0;    // image on show when it began
    int images = 0;  // that are here
    int done = 0;
  };

  int image_at(int place) const;
  std::optional<int> look(const Sight& sight, nn::Workspace<float>& workspace);
  void answer(std::string error);

  std::deque<Wanted> waiting_;  // the first is under way
  std::optional<Search> search_;
  std::string none_;
  std::vector<Reply> replies_;
};

}  // namespace lenet::app
