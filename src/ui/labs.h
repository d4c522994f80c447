// The labs: what the row of tabs over the page offers, and what those that look into the network have in common.
//
// To add one: a value of Lab, a line in kLabs (labs.cpp) with its panel's functions, and a file src/ui/lab_NAME.cpp. A panel draws the outcome
// that the snapshot has; what it wants to see it says in its requests(), and the session does the rest.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ui/context.h"

namespace lenet::ui {

struct LabPage {
  Lab lab;
  const char* word;   ///< for scripts and links
  const char* label;  ///< on the tab
  const char* lesson = nullptr;  ///< the one that explains it, as in assets/lessons; nullptr: there is none
  // Of labs that look into the network only:
  const char* text = nullptr;   ///< two sentences, the formula, the source
  std::vector<lab::Request> (*requests)(const Context& ui) = nullptr;
  void (*draw)(const Context& ui, ImVec2 size) = nullptr;
};

std::span<const LabPage> lab_pages();
const LabPage& page_of(Lab lab);
const char* word_of(Lab lab);
/// Throws Error that lists the words for any other.
Lab lab_named(std::string_view word);

/// Whether there is a way there for a person: a teacher's link may leave out Compare, and the labs that look inside.
bool is_offered(const Context& ui, Lab lab);
/// Goes there, on a wide page and on a narrow one.
void open_lab(UiState& state, Lab lab);

/// A button that opens the lab's lesson, on the line of the last item; nothing where there is none or it is left out.
void draw_lesson_link(const Context& ui, Lab lab);
/// The row of tabs with palette and scale, on a wide page.
void draw_lab_bar(const Context& ui);
/// The lab that is open, in its frame: title, age, export. Not for Network and Compare.
void draw_lab(const Context& ui, ImVec2 size);
/// Tells the session what to keep open for the present lab; call once a frame.
void follow_lab(const Context& ui);
/// The stored past: a slider over its moments, and the way back to the present.
void draw_timeline(const Context& ui);
/// The moment before (-1) or after (1) the one that is shown.
void move_moment(const Context& ui, int by);

// --- for the panels ---------------------------------------------------------------------------------------------------

/// The view of a kind of request, or nullptr while the session has not opened it.
template <class Request>
const app::LabView* view_of(const Context& ui) {
  for (const app::LabView& view : ui.snapshot.labs) {
    if (std::holds_alternative<Request>(view.request)) return &view;
  }
  return nullptr;
}

/// What was found, or nullptr while there is nothing. It may answer the request before the present one: sizes are those in it.
template <class Request, class Result>
const Result* found(const Context& ui) {
  const app::LabView* view = view_of<Request>(ui);
  return view != nullptr && view->outcome ? std::get_if<Result>(view->outcome.get()) : nullptr;
}

/// What the page shows now, for requests.
lab::ImageRef shown_image(const Context& ui);
lab::UnitRef shown_unit(const Context& ui);

/// In the place of a view that is not there yet: that it is being worked out, how far, or why it cannot be. Returns true where it drew something.
bool draw_missing(const Context& ui, const app::LabView* view);

/// "step 512, 40 steps ago" small and muted, with a progress while it is being renewed.
void draw_age(const Context& ui, const app::LabView* view, std::uint64_t step);

// Requests and panels, one file each.
std::vector<lab::Request> top_requests(const Context& ui);
void draw_top_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> evolution_requests(const Context& ui);
void draw_evolution_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> invariance_requests(const Context& ui);
void draw_invariance_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> occlusion_requests(const Context& ui);
void draw_occlusion_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> architecture_requests(const Context& ui);
void draw_architecture_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> look_back_requests(const Context& ui);
void draw_look_back_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> random_requests(const Context& ui);
void draw_random_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> class_requests(const Context& ui);
void draw_class_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> closer_requests(const Context& ui);
void draw_closer_lab(const Context& ui, ImVec2 size);
std::vector<lab::Request> confusion_requests(const Context& ui);
void draw_confusion_lab(const Context& ui, ImVec2 size);

/// Opens the Look closer lab on an input channel of a unit.
void look_closer(const Context& ui, const std::string& layer, int unit, int channel);
/// Looks at another cell of the map in the Look closer lab, which then stands still.
void move_cell(const Context& ui, int down, int right);

}  // namespace lenet::ui
