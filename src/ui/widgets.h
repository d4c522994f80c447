// Building blocks of the panels: cards, buttons, fields, explanations. Each one that can be pressed registers its name.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ui/context.h"

namespace lenet::ui {

/// A panel: rounded, bordered. Ends with end_card() whatever begin_card() returns.
bool begin_card(const Context& ui, const char* id, ImVec2 size, bool fit_height = false);
void end_card();

/// Words in the colours and sizes of the page.
void muted_text(const Context& ui, std::string_view text);
void small_text(const Context& ui, std::string_view text);
/// Small words on the baseline of the larger ones before them on the line.
void small_text_beside(const Context& ui, std::string_view text, float gap);
void colored_text(ImU32 color, std::string_view text);
/// A panel's heading, with its ⓘ.
void heading(const Context& ui, std::string_view title, const char* explanation);

/// Whether what last pointed was a finger, which points at nothing any more.
bool finger_lifted();
/// Shown now. Wraps at a readable width, and within the page.
void show_tooltip(const char* text);
/// The same while the last item is hovered.
void tooltip(const char* text);
/// ⓘ that explains when hovered or touched.
void info(const Context& ui, const char* explanation);

/// A value with its label above, unit and tooltip.
void labelled_value(const Context& ui, const char* label, std::string_view value, const char* explanation);

enum class ButtonLook { kPlain, kPrimary, kFrozen, kTraining };
/// `name` is registered and the id.
bool button(const Context& ui, const char* name, const char* label, ImVec2 size, ButtonLook look, const char* explanation);

/// One of a few, side by side. Returns the index that was clicked, or -1. Each part is registered as name.part.
int segmented(const Context& ui, const char* name, std::span<const char* const> labels, std::span<const char* const> parts,
              int current, float width);

/// A number that is sent when the field is left or Enter pressed. While it is not a number from low to high, the field says
/// so and nothing is sent.
struct NumberField {
  const char* name;   ///< registered, and the id
  const char* label;  ///< stands above it; nullptr for none
  double value;
  double low, high;
  bool whole = false;
  float width = 70;
  const char* explanation = "";
  std::span<const double> choices = {};  ///< common values in a list beside it, which touch needs
};
std::optional<double> number_field(const Context& ui, const NumberField& field);

/// Begins the group of a field. With a label it starts at the line's top, whatever stands before it.
void begin_field(const char* label);

struct Choice {
  std::string key;    ///< what the session calls it
  std::string label;  ///< what a person reads
};
/// One of a list. Returns the key of a new choice. Registers name, and name.key for each entry while the list is open.
std::optional<std::string> choice_field(const Context& ui, const char* name, const char* label, std::span<const Choice> choices,
                                        std::string_view current, float width, const char* explanation);

/// The small arrow of a field that opens a list.
void draw_down_arrow(const Context& ui, ImVec2 low, ImVec2 high, bool hovered);

/// Width that a text takes, in the current font.
float text_width(std::string_view text);
/// A text (UTF-8) that is `width` wide at the most: where it is longer, its first letters and “…”.
std::string shortened(std::string text, float width);

/// Continues the line if `width` more fits, and starts a new one otherwise.
void flow(float width, float spacing = -1);

}  // namespace lenet::ui
