// Shared by the tests of src/app/session.h: a small network, and a session driven without a thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/session.h"
#include "base/hash.h"
#include "support.h"

namespace lenet::test {

using namespace lenet::app;

inline Settings small_settings() {
  Settings settings;
  settings.dataset = "strokes";
  settings.recipe.network = "conv 4 5x5, relu, pool 2, conv 6 5x5, relu, pool 2, dense 16, relu, dense 10";
  settings.recipe.batch = 16;
  return settings;
}

/// Drives a session without a thread until a reply comes.
class Driver {
 public:
  explicit Driver(Settings settings) : session(std::move(settings)) {}

  Reply ask(Command command) {
    const std::uint32_t id = ++last_id_;
    session.post(std::move(command), id);
    for (int turn = 0; turn < 100000; ++turn) {
      session.pump(0.001);
      session.latest();
      for (Reply& reply : session.take_replies()) {
        if (reply.id == id) return reply;
      }
    }
    FAIL("no reply came");
    return {};
  }
  void must(Command command) {
    const Reply reply = ask(std::move(command));
    INFO(reply.error);
    CHECK(reply.error.empty());
  }
  const Snapshot& now() { return session.latest(); }
  std::string hash() {
    const Reply reply = ask(command::ExportWeights{});
    Hash hash;
    hash.add(std::span<const std::byte>(reply.bytes));
    return hash.text();
  }
  std::vector<float> weights(const std::string& name) { return ask(command::GetWeights{name}).values; }

  Session session;

 private:
  std::uint32_t last_id_ = 0;
};

// --- comparisons ---------------------------------------------------------------------------------------------------------

using Layers = std::vector<std::string>;

inline command::Compare frozen_or_not() {
  return {{{"all trained"}, {"convs frozen", {.frozen = Layers{"conv1", "conv2"}}}}};
}

inline std::vector<float> weights_of(Driver& driver, const std::string& name, int arm) { return driver.ask(command::GetWeights{name, arm}).values; }

/// As lab::hash_weights() makes it.
inline std::string parameters_hash(Driver& driver, const Layers& layers) {
  Hash hash;
  for (const std::string& layer : layers) {
    for (const char* kind : {".weight", ".bias"}) hash.add_values(std::span<const float>(driver.weights(layer + kind)));
  }
  return hash.text();
}

inline std::string text_of(const Reply& reply) { return {reinterpret_cast<const char*>(reply.bytes.data()), reply.bytes.size()}; }

inline std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* const data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

}  // namespace lenet::test
