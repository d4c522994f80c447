// The functions that the page's JavaScript calls, and the few that call back into it.
#include "platform/bridge.h"

#include <emscripten.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "app/comparisons.h"
#include "platform/bridge_commands.h"
#include "platform/bridge_state.h"
#include "platform/bridge_view.h"
#include "ui/labs.h"

namespace lenet::platform {

namespace {

struct Bridge {
  app::Session* session = nullptr;
  ui::Ui* ui = nullptr;
  bool threaded = false;
  const app::Snapshot* snapshot = nullptr;  // of this frame, or newer
  float zoom = 1;
  std::uint32_t last_id = 0;
  float picture = 0;                // the scale of one that is wanted
  bool changed = false;             // what the page shows, by a script
  std::string error;                // of the last lab_command()
  std::string text;                 // what the last call handed out
  std::vector<app::Reply> replies;  // likewise; JavaScript copies them at once
};

Bridge bridge;

/// Keeps the text until the next call: JavaScript reads it right after.
const char* hand_out(std::string text) {
  bridge.text = std::move(text);
  return bridge.text.c_str();
}

/// Runs `work` and gives its result; whatever it throws ends here, as `otherwise`.
template <class Work, class Result>
Result guarded(const Work& work, Result otherwise) {
  try {
    if (bridge.session != nullptr) return work();
    bridge.error = "The page is not ready yet.";
  } catch (const std::bad_alloc&) {
    bridge.error = "There is not enough memory for that.";
  } catch (const std::exception& problem) {
    bridge.error = problem.what();
  }
  return otherwise;
}

std::span<const std::byte> as_bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), size};
}

/// What an experiment is about when the script does not say: what the page shows.
lab::RequestDefaults shown_now() {
  lab::RequestDefaults defaults;
  if (bridge.snapshot == nullptr) return defaults;
  const app::Snapshot& s = *bridge.snapshot;
  defaults.unit = {s.locked_layer, s.locked_unit};
  if (s.image_index >= 0) {
    defaults.image = s.image_index;
  } else {
    defaults.image = s.image;
  }
  return defaults;
}

/// Sends a command that gets no reply.
void post(app::Command command) {
  const auto send = [&] {
    bridge.session->post(std::move(command));
    return 0;
  };
  guarded(send, 0);
}

}  // namespace

void bridge_init(app::Session& session, ui::Ui& ui, bool threaded) {
  bridge.session = &session;
  bridge.ui = &ui;
  bridge.threaded = threaded;
}

void bridge_frame(const app::Snapshot& snapshot, float zoom) {
  bridge.snapshot = &snapshot;
  bridge.zoom = zoom;
}

// clang-format off
EM_JS(void, call_page, (const char* name, const char* text), {
  const hook = Module['page'] && Module['page'][UTF8ToString(name)];
  if (hook) hook(UTF8ToString(text));
})
// clang-format on

void open_draw() { call_page("openDraw", ""); }
void rewind() { call_page("rewind", ""); }
void open_lesson(std::string_view name) { call_page("openLesson", std::string(name).c_str()); }
void save_weights() { call_page("saveWeights", ""); }
void save_curve() { call_page("saveCurve", ""); }
void open_weights() { call_page("openWeights", ""); }
void save_results(bool pooled, bool csv) { call_page("saveResults", pooled ? (csv ? "pool csv" : "pool") : (csv ? "csv" : "")); }
void open_results() { call_page("openResults", ""); }
void copy_class_link(std::string_view question) { call_page("copyClassLink", std::string(question).c_str()); }
void save_view(std::string_view view, bool arrays) { call_page("saveView", std::string(view).append(arrays ? " npy" : " csv").c_str()); }
void save_picture(float scale) { call_page("savePicture", std::to_string(scale).c_str()); }
bool take_changed() { return std::exchange(bridge.changed, false); }
float wanted_picture() { return std::exchange(bridge.picture, 0.0f); }
void picture_drawn(float x, float y, float width, float height) {
  const auto whole = [](float v) { return std::to_string(static_cast<int>(v + 0.5f)); };
  call_page("pictureDrawn", ("{\"x\":" + whole(x) + ",\"y\":" + whole(y) + ",\"width\":" + whole(width) + ",\"height\":" + whole(height) + "}").c_str());
}
void reload_exact(std::string_view question) { call_page("reloadExact", std::string(question).c_str()); }
void show_crash(std::string_view message) { call_page("crash", std::string(message).c_str()); }

}  // namespace lenet::platform

using namespace lenet;
using namespace lenet::platform;

extern "C" {

/// Posts a command (bridge_commands.h). Returns the id of its reply, or 0 when it was refused: lab_error() says why.
EMSCRIPTEN_KEEPALIVE std::uint32_t lab_command(const char* text, const std::uint8_t* payload, std::size_t size) {
  const auto post = [&]() -> std::uint32_t {
    app::Command command = parse_command(text, as_bytes(payload, size), shown_now());
    if (++bridge.last_id == 0) bridge.last_id = 1;
    bridge.session->post(std::move(command), bridge.last_id);
    return bridge.last_id;
  };
  return guarded(post, std::uint32_t{0});
}

/// The page's own settings, which no session knows: whether it draws, and whether a hidden tab pauses. -1 leaves one as it is.
EMSCRIPTEN_KEEPALIVE void lab_page(int overlay, int pause_in_background) {
  const auto set = [&] {
    ui::UiState& state = bridge.ui->state();
    if (pause_in_background >= 0) state.pause_in_background = pause_in_background != 0;
    if (overlay >= 0 && state.hidden == (overlay != 0)) {
      state.hidden = overlay == 0;
      bridge.session->post(app::command::Look{overlay != 0});
    }
    return 0;
  };
  guarded(set, 0);
}

/// Takes over how the page is looked at (bridge_view.h). Returns 0 when it was refused: lab_error() says why.
EMSCRIPTEN_KEEPALIVE int lab_view(const char* text) {
  const auto set = [&] {
    set_view(bridge.ui->state(), text);
    bridge.changed = true;
    return 1;
  };
  return guarded(set, 0);
}

EMSCRIPTEN_KEEPALIVE const char* lab_error() { return bridge.error.c_str(); }

/// 0 before the first published state; then a number that changes with every publication.
EMSCRIPTEN_KEEPALIVE double lab_version() {
  if (bridge.snapshot == nullptr || bridge.snapshot->layers.empty()) return 0;
  return static_cast<double>(bridge.snapshot->version) + 1;
}

/// The state as JSON; "" before the first one.
EMSCRIPTEN_KEEPALIVE const char* lab_state() {
  const auto make = [] {
    if (bridge.snapshot == nullptr) return hand_out("");
    return hand_out(state_json(*bridge.snapshot, *bridge.ui));
  };
  return guarded(make, static_cast<const char*>(""));
}

/// The comparison as JSON (bridge_state.h); "" before the first state.
EMSCRIPTEN_KEEPALIVE const char* lab_comparison() {
  const auto make = [] { return hand_out(bridge.snapshot == nullptr ? "" : comparison_json(*bridge.snapshot)); };
  return guarded(make, static_cast<const char*>(""));
}

/// What can be chosen, as JSON: data sets, networks, initialisers, labs; "" before the first state.
EMSCRIPTEN_KEEPALIVE const char* lab_choices() {
  const auto make = [] { return hand_out(bridge.snapshot == nullptr ? "" : choices_json(*bridge.snapshot)); };
  return guarded(make, static_cast<const char*>(""));
}

/// Opens the Compare lab with its fields filled in; "" and 0 leave one as it is. Returns 0 when it was refused: lab_error() says why.
EMSCRIPTEN_KEEPALIVE int lab_open_comparison(const char* comparison, int seeds, double first, int length, int in_epochs) {
  const auto set = [&] {
    ui::UiState& state = bridge.ui->state();
    if (*comparison != '\0') state.compare.comparison = app::comparison(comparison).key;
    ui::open_lab(state, ui::Lab::kCompare);
    bridge.changed = true;
    if (seeds > 0) state.compare.seeds = seeds;
    if (first > 0) state.compare.first_seed = static_cast<int>(first);
    if (length > 0) {
      state.compare.length = length;
      state.compare.in_epochs = in_epochs != 0;
    }
    return 1;
  };
  return guarded(set, 0);
}

/// Opens a lab by its word in ui::kLabs. Returns 0 when there is none of that name: lab_error() says so.
EMSCRIPTEN_KEEPALIVE int lab_open(const char* name) {
  const auto open = [&] {
    ui::open_lab(bridge.ui->state(), ui::lab_named(name));
    bridge.changed = true;
    return 1;
  };
  return guarded(open, 0);
}

/// Asks for a picture of the lab on show, `scale` pixels a CSS pixel; page.pictureDrawn() follows with the next frame.
EMSCRIPTEN_KEEPALIVE void lab_picture(float scale) { bridge.picture = scale; }

/// Rectangles of the widgets on screen as JSON.
EMSCRIPTEN_KEEPALIVE const char* lab_ui() {
  const auto make = [] { return hand_out(rectangles_json(bridge.ui->registry().rects(), bridge.zoom)); };
  return guarded(make, static_cast<const char*>("{}"));
}

/// Replies that arrived since the last call, as JSON; what they point to stays until the next call. The session hands out a
/// reply once the state that shows its effect was looked at, so the state is renewed first: after `await lab.step(1)`,
/// lab.state() shows that step.
EMSCRIPTEN_KEEPALIVE const char* lab_poll() {
  const auto make = [] {
    bridge.snapshot = &bridge.session->latest();
    bridge.replies = bridge.session->take_replies();
    return hand_out(replies_json(bridge.replies));
  };
  return guarded(make, static_cast<const char*>("[]"));
}

/// For timers, while the page is hidden and draws no frames: renews the state and, without threads, works for about
/// `seconds`. Returns whether there is more to do at once.
EMSCRIPTEN_KEEPALIVE int lab_pump(double seconds) {
  const auto work = [&] {
    const bool more = !bridge.threaded && bridge.session->pump(seconds);
    bridge.snapshot = &bridge.session->latest();
    return more ? 1 : 0;
  };
  return guarded(work, 0);
}

/// The data set that was chosen and has not come; "" when there is none.
EMSCRIPTEN_KEEPALIVE const char* lab_wanted_data() {
  return bridge.snapshot == nullptr ? "" : hand_out(bridge.snapshot->wanted_data);
}

/// How many images the files of a data set will bring, before their bytes.
EMSCRIPTEN_KEEPALIVE void lab_data_expect(const char* set, int train_images, int test_images) {
  post(app::command::DataExpect{set, train_images, test_images});
}

/// The next bytes of a data file, as they came from the network. `part` counts as in command::DataPart.
EMSCRIPTEN_KEEPALIVE void lab_data_chunk(const char* set, int part, const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = as_bytes(data, size);
  post(app::command::DataChunk{set, static_cast<app::command::DataPart>(part), {bytes.begin(), bytes.end()}});
}

/// A file is over; with part -1 the whole set is.
EMSCRIPTEN_KEEPALIVE void lab_data_end(const char* set, int part) {
  std::optional<app::command::DataPart> file;
  if (part >= 0) file = static_cast<app::command::DataPart>(part);
  post(app::command::DataEnd{set, file});
}

EMSCRIPTEN_KEEPALIVE void lab_data_failed(const char* set, const char* reason) { post(app::command::DataFailed{set, reason}); }

}  // extern "C"
