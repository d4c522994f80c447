// The script bridge: the page's JavaScript (web/*.js, window.lab) talks to the session and to the widgets through here.
//
// Commands and questions come in as JSON, with a block of bytes beside it for files and pixels, and go to the session as
// app::Command. Replies, the state and the widgets' places go out as JSON. Lives on the page's main thread, like the UI.
// The functions that JavaScript calls are extern "C" in bridge.cpp; nothing in them throws.
#pragma once

#include <string_view>

#include "app/session.h"
#include "app/snapshot.h"
#include "ui/ui.h"

namespace lenet::platform {

/// Call once, before the first frame; both must outlive the page. `threaded`: the session runs on a thread of its own.
/// Between frames, also the bridge may call session.latest(): no reference to a snapshot may be kept from one frame to the next.
void bridge_init(app::Session& session, ui::Ui& ui, bool threaded);

/// The snapshot that this frame draws: call right after session.latest(). The reference is kept until the next call. `zoom`: CSS pixels a unit of
/// the page's layout (Window::zoom()).
void bridge_frame(const app::Snapshot& snapshot, float zoom);

// What buttons of the page need the browser for.
void open_draw();     ///< shows the drawing pad
void rewind();        ///< to step 0, with a way back
void open_lesson(std::string_view name);  ///< opens the lesson assets/lessons/NAME.md
void save_weights();  ///< downloads the weights as safetensors
void save_curve();    ///< downloads the curves as CSV
void open_weights();  ///< lets the user pick a safetensors file and loads it
void save_results(bool pooled, bool csv);  ///< downloads the results of the seeds, or of the pool
void open_results();  ///< lets the user pick results files and pools them
void copy_class_link(std::string_view question);  ///< JSON as web/links/link.js reads it
void save_view(std::string_view view, bool arrays);  ///< downloads what an open view found: its arrays (.npy) or its table (CSV)
void save_picture(float scale);  ///< downloads the lab on show as a PNG
void reload_exact(std::string_view question);  ///< opens the page again on that question, with the exact build
/// Whether a script has changed what the page shows since the last call, so that it has to be drawn.
bool take_changed();
/// The scale of a picture that a script asked for since the last call; 0 for none. The answer is due in the same frame: picture_drawn().
float wanted_picture();
/// The picture is on the canvas now, at this place in canvas pixels; nothing where the page draws nothing.
void picture_drawn(float x, float y, float width, float height);
/// Ends the page with a visible message, for what cannot be mended: no WebGL 2, a broken precondition.
void show_crash(std::string_view message);

}  // namespace lenet::platform
