#include "app/session.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "app/core.h"
#include "app/triple_buffer.h"

namespace lenet::app {

/// Queues around a Core. Everything that `core_` does happens on one thread: the session's own, or whoever calls pump().
class Session::Implementation {
 public:
  explicit Implementation(Settings settings) : core_(std::move(settings)) { publish(); }

  ~Implementation() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      quit_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void start() {
    thread_ = std::thread([this] { loop(); });
  }

  bool pump(double seconds) {
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    bool more = true;
    do {
      more = turn();
    } while (more && Clock::now() < end);
    return more;
  }

  void post(Command command, std::uint32_t id) {
    {
      const std::lock_guard lock(mutex_);
      inbox_.emplace_back(std::move(command), id);
    }
    wake_.notify_one();
  }

  const Snapshot& latest() {
    const Snapshot& snapshot = snapshots_.front();
    shown_version_ = snapshot.version;
    if (!wanted_.exchange(true)) wake_.notify_one();
    return snapshot;
  }

  std::vector<Reply> take_replies() {
    const std::lock_guard lock(mutex_);
    std::vector<Reply> ready;
    while (!outbox_.empty() && outbox_.front().first <= shown_version_) {
      ready.push_back(std::move(outbox_.front().second));
      outbox_.pop_front();
    }
    return ready;
  }

 private:
  void loop() {
    while (true) {
      const bool more = turn();
      std::unique_lock lock(mutex_);
      if (quit_) return;
      if (more || !inbox_.empty()) continue;
      // The time-out also covers a wish for a snapshot that came while nobody was waiting.
      const double limit = core_.wait_seconds();
      wake_.wait_for(lock, std::chrono::duration<double>(limit > 0 && limit < 0.01 ? limit : 0.01));
    }
  }

  /// All commands that have come, and one slice of work. Returns whether there is more to do.
  bool turn() {
    for (auto& [command, id] : take_inbox()) core_.handle(std::move(command), id);
    report();
    const bool worked = core_.work();
    report();
    return worked;
  }

  /// Publishes a snapshot if one is wanted, and hands over the replies: each with the snapshot that shows its effect.
  void report() {
    std::vector<Reply> replies = core_.take_replies();
    if (core_.can_publish() && (!replies.empty() || (core_.publish_due() && wanted_.exchange(false)))) publish();
    if (replies.empty()) return;
    const std::lock_guard lock(mutex_);
    for (Reply& reply : replies) outbox_.emplace_back(version_, std::move(reply));
  }

  std::deque<std::pair<Command, std::uint32_t>> take_inbox() {
    const std::lock_guard lock(mutex_);
    return std::exchange(inbox_, {});
  }

  void publish() {
    Snapshot& snapshot = snapshots_.back();
    core_.fill(snapshot);
    snapshot.version = ++version_;
    snapshots_.publish();
  }

  Core core_;
  TripleBuffer<Snapshot> snapshots_;
  std::uint64_t version_ = 0;        // of the last publication; the working thread's
  std::uint64_t shown_version_ = 0;  // of the last snapshot handed out; the consumer's
  std::atomic<bool> wanted_{true};

  std::mutex mutex_;  // guards inbox_, outbox_, quit_; held for moments only
  std::condition_variable wake_;
  std::deque<std::pair<Command, std::uint32_t>> inbox_;
  std::deque<std::pair<std::uint64_t, Reply>> outbox_;  // with the version that shows its effect
  bool quit_ = false;
  std::thread thread_;
};

Session::Session(Settings settings) : implementation_(std::make_unique<Implementation>(std::move(settings))) {}
Session::~Session() = default;
void Session::start() { implementation_->start(); }
bool Session::pump(double seconds) { return implementation_->pump(seconds); }
void Session::post(Command command, std::uint32_t id) { implementation_->post(std::move(command), id); }
const Snapshot& Session::latest() { return implementation_->latest(); }
std::vector<Reply> Session::take_replies() { return implementation_->take_replies(); }

}  // namespace lenet::app
