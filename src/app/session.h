// A Session owns one training run: network, data, optimizer, curves. Everything else sends it commands and draws what it
// publishes. It runs on a thread of its own (start()) or in slices inside a frame (pump()); the results are the same bits.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/command.h"
#include "app/snapshot.h"

namespace lenet::app {

class Session {
 public:
  explicit Session(Settings settings);
  ~Session();  // stops the thread
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Starts the session's own thread. Not in a build without threads.
  void start();

  /// Without a thread: works for about `seconds` and returns whether there is more to do at once.
  bool pump(double seconds);

  /// Queues a command; never waits. With an id other than 0 a Reply comes, in take_replies().
  void post(Command command, std::uint32_t id = 0);

  /// The newest published state. Wait-free; the reference stays valid until the next call. One consumer thread only. The
  /// call also asks for the next publication, so a hidden page costs no snapshots.
  const Snapshot& latest();

  /// Answers whose effect the snapshot last returned by latest() shows; so call latest() first, also on a hidden page.
  std::vector<Reply> take_replies();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace lenet::app
