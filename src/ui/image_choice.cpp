// The way through the test images: one after the other, or those alone that the network gets wrong.
#include "ui/format.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

void next_image(const Context& ui, bool back) { ui.post(app::command::NextImage{back, ui.state.wrong_only}); }

void draw_wrong_only(const Context& ui, const char* name, ImVec2 size) {
  bool& on = ui.state.wrong_only;
  const app::WrongView& search = ui.snapshot.wrong;
  const char* const text =
      "Wrong only: ◀ and ▶ go to the next test image that this network gets wrong, with the weights of the step on show. (W; N and "
      "P are ▶ and ◀)";
  const std::string label = search.searching ? print("%.0f %%", 100 * search.fraction) : std::string("wrong only");
  if (button(ui, name, (label + "##wrong").c_str(), size, on ? ButtonLook::kPrimary : ButtonLook::kPlain, text)) on = !on;
}

}  // namespace lenet::ui
