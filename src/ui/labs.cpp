// The labs that look into the network: their tabs, and the frame that they share.
#include "ui/labs.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "ui/format.h"
#include "ui/layers.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace lenet::ui {

namespace {

constexpr std::array<LabPage, 12> kLabs = {{
    {Lab::kNetwork, "network", "Network"},
    {Lab::kCompare, "compare", "Compare", "04-frozen"},
    {Lab::kTop, "top", "Top nine", "06-pixels",
     "What makes each unit answer: its nine strongest activations over held-out images, one per image, each where it is strongest. Beside the "
     "patch that the unit sees stands what the activation is sent back to by the deconvnet: unpool, rectify, filter with the transposed "
     "kernels. max over images i and places (y, x) of a(i, y, x). Zeiler & Fergus 2014, Fig. 2.",
     top_requests, draw_top_lab},
    {Lab::kEvolution, "evolution", "Evolution", "07-invariance",
     "How a unit comes to see what it sees: at each stored step, the projection of its strongest activation over the first 5,000 images "
     "that it trains on. A mark says that the winning image is another one than before: a jump in the picture is then no jump in the "
     "weights. Distance of each layer from where it is now: ‖W(t) − W(now)‖ / ‖W(0) − W(now)‖. Zeiler & Fergus found that lower layers settle "
     "first; see whether yours do. Zeiler & Fergus 2014, Fig. 4.",
     evolution_requests, draw_evolution_lab},
    {Lab::kInvariance, "invariance", "Invariance", "07-invariance",
     "How far the features move when the image does: ‖f(x) − f(T x)‖ for each layer, against the amount of the transformation T, and the "
     "probability of the true class. Normalised, 1 is the usual distance between two different images. A large effect in the first "
     "layer and a small one in the last is what Zeiler & Fergus 2014 found (Fig. 5).",
     invariance_requests, draw_invariance_lab},
    {Lab::kOcclusion, "occlusion", "Occlusion", "08-occlusion",
     "What the network loses when a square of the image is covered: p(class | covered at y, x) at every position. Where it falls, "
     "something that the class needs was covered; the square itself is new to the network, too. Correspondence asks whether hiding the same part "
     "changes different images alike: Δ is the mean Hamming distance between the signs of the changes. Zeiler & Fergus 2014, Fig. 7 and Table 1.",
     occlusion_requests, draw_occlusion_lab},
    {Lab::kArchitecture, "architecture", "Architecture", nullptr,
     "Two symptoms by which an architecture can be judged from its pictures: first-layer kernels that are all very low or very high "
     "frequencies, or dead; and aliasing in the second layer's projections when the first layer's stride is large. Shares of the energy "
     "|F(k)|² of the kernels' Fourier transform. Zeiler & Fergus 2014, section 4.1: 11×11 with stride 4 became 7×7 with stride 2.",
     architecture_requests, draw_architecture_lab},
    {Lab::kLookBack, "lookBack", "Look back", "06-pixels",
     "Three ways from the same activation back to the pixels, which differ in one line: how a ReLU is passed. Covering the image is a check "
     "that needs no gradient. The sanity check makes layers random from the top: a picture that stays the same did not show what those layers "
     "learned. Zeiler & Fergus 2014; Simonyan et al. 2013; Springenberg et al. 2015; Adebayo et al. 2018.",
     look_back_requests, draw_look_back_lab},
    {Lab::kClasses, "classes", "Classes", "06-pixels",
     "What in this image speaks for each class: the ten logits, sent back to the pixels one by one. Activation maximisation is a different "
     "thing: an image made by gradient ascent, x ← x + η ∂a/∂x with an L2 and a blur prior, which no image needs to look like. Zeiler & Fergus "
     "2014; Erhan et al. 2009; Yosinski et al. 2015.",
     class_requests, draw_class_lab},
    {Lab::kRandom, "random", "Random?", "03-random",
     "Whether filters look random, as a measurement: how far W is from where it began (‖W − W₀‖ / ‖W₀‖, and the cosine between them), and the "
     "smoothness of each kernel, the share of its energy |F(k)|² below 1/6 cycles a pixel, as a percentile among random kernels of its size. "
     "Deeper kernels are judged one input channel at a time. The measures are this lab's own; the question is from Caffe's and Lasagne's forums.",
     random_requests, draw_random_lab},
    {Lab::kCloser, "closer", "Look closer", "01-filter",
     "What one activation is the sum of. A cell of a feature map: lay the kernel on a patch of each input map, multiply cell by cell, add up, add "
     "the bias: z(y, x) = b + Σ w(c, i, j) · x(c, s y + i − p, s x + j − p) over channels c and kernel cells (i, j), with stride s and padding p; "
     "then a = max(0, z) after a ReLU. A dense unit does the same once, with a weight for everything it reads. LeCun et al. 1998, section II.A.",
     closer_requests, draw_closer_lab},
    {Lab::kConfusion, "confusion", "Confusion", nullptr,
     "Which classes are taken for which. Row: the true class; column: the most probable one; in the cell how many test images. What is off the "
     "diagonal is wrong. A row's percentages are of its class: n(true, predicted) / Σ n(true, ·). Click a cell for the images behind it, the most "
     "wrong one (largest −ln p(true)) first. Test images are never trained on; errors of n images come with their own chance.",
     confusion_requests, draw_confusion_lab},
}};

bool same(const std::vector<lab::Request>& a, const std::vector<lab::Request>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

bool looks_inside(const LabPage& page) { return page.draw != nullptr; }

/// The lab on show, on a wide page or a narrow one.
const LabPage& shown_page(const Context& ui) {
  if (!ui.narrow || ui.state.tab == Tab::kLabs) return page_of(ui.state.lab);
  return page_of(ui.state.tab == Tab::kCompare ? Lab::kCompare : Lab::kNetwork);
}

void draw_unit_choice(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  const app::LayerView* layer = find_layer(s, s.locked_layer);
  if (layer == nullptr || unit_count(*layer) == 0) return;
  std::vector<Choice> choices;
  for (const app::LayerView& each : s.layers) {
    if (has_units(each)) choices.push_back({each.name, each.name});
  }
  if (const auto chosen = choice_field(ui, "lab.layer", nullptr, choices, s.locked_layer, 84, "The layer whose units are looked at. (↑ ↓)")) {
    const app::LayerView* other = find_layer(s, *chosen);
    ui.post(app::command::LockUnit{*chosen, std::min(s.locked_unit, unit_count(*other) - 1)});
  }
  const int count = unit_count(*layer);
  ImGui::SameLine(0, 4);
  if (button(ui, "lab.unit.previous", "◀", {24, 0}, ButtonLook::kPlain, "The unit before this one. (←)")) {
    ui.post(app::command::LockUnit{layer->name, (s.locked_unit + count - 1) % count});
  }
  ImGui::SameLine(0, 4);
  colored_text(ui.theme.selected, print("unit %d", s.locked_unit));
  tooltip(print("The locked unit: number %d of 0 … %d of layer %s.", s.locked_unit, count - 1, layer->name.c_str()).c_str());
  ImGui::SameLine(0, 4);
  if (button(ui, "lab.unit.next", "▶", {24, 0}, ButtonLook::kPlain, "The next unit. (→)")) {
    ui.post(app::command::LockUnit{layer->name, (s.locked_unit + 1) % count});
  }
}

void draw_image_choice(const Context& ui) {
  const app::Snapshot& s = ui.snapshot;
  if (button(ui, "lab.image.previous", "◀", {24, 0}, ButtonLook::kPlain, "The test image before this one. (P)")) next_image(ui, true);
  ImGui::SameLine(0, 4);
  std::string text = s.image_drawn ? "your drawing" : s.image_index < 0 ? "own image" : print("test image %d", s.image_index);
  if (s.image_label >= 0) text += ": " + class_name(s, s.image_label);
  ImGui::TextUnformatted(text.c_str());
  tooltip("The image that is looked at, and its true class.");
  ImGui::SameLine(0, 4);
  if (button(ui, "lab.image.next", "▶", {24, 0}, ButtonLook::kPlain, "The next test image. (N)")) next_image(ui, false);
  ImGui::SameLine(0, 4);
  draw_wrong_only(ui, "lab.wrong", {92, 0});
}

bool uses_unit(Lab lab) { return lab == Lab::kTop || lab == Lab::kEvolution || lab == Lab::kLookBack || lab == Lab::kClasses || lab == Lab::kRandom || lab == Lab::kCloser; }
bool uses_image(Lab lab) { return lab == Lab::kInvariance || lab == Lab::kOcclusion || lab == Lab::kLookBack || lab == Lab::kClasses || lab == Lab::kCloser || lab == Lab::kConfusion; }

/// "Save: PNG 2× CSV .npy" at the right end of the line.
void draw_export(const Context& ui) {
  static const std::array<Choice, 3> kScales = {{{"1", "1×"}, {"2", "2×"}, {"4", "4×"}}};
  if (!ui.callbacks.save_view || !ui.shows(Control::kSave)) return;
  bool any = false;
  for (const app::LabView& view : ui.snapshot.labs) any = any || view.outcome != nullptr;
  if (!any) return;
  const float width = 46 + 52 + 44 + 46 + 3 * 4;
  flow(width, std::max(8.0f, ImGui::GetWindowContentRegionMax().x - width - (ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x)));
  if (button(ui, "lab.png", "PNG", {46, 0}, ButtonLook::kPlain, "Saves a picture of this view with its legend, at the scale beside.")) {
    ui.callbacks.save_picture(ui.state.labs.picture_scale);
  }
  ImGui::SameLine(0, 4);
  const std::string now = print("%.0f", ui.state.labs.picture_scale);
  if (const auto scale = choice_field(ui, "lab.scale", nullptr, kScales, now, 52, "Picture pixels for each pixel of the page.")) {
    ui.state.labs.picture_scale = static_cast<float>((*scale)[0] - '0');
  }
  ImGui::SameLine(0, 4);
  const auto save = [&](bool arrays) {
    for (const app::LabView& view : ui.snapshot.labs) {
      if (view.outcome) ui.callbacks.save_view(view.word, arrays);
    }
  };
  if (button(ui, "lab.csv", "CSV", {44, 0}, ButtonLook::kPlain, "Saves the numbers of this view as a table.")) save(false);
  ImGui::SameLine(0, 4);
  if (button(ui, "lab.npy", ".npy", {46, 0}, ButtonLook::kPlain, "Saves the arrays of this view, for NumPy: one file each.")) save(true);
}

void draw_title(const Context& ui, const LabPage& page) {
  ImGui::AlignTextToFramePadding();
  if (ui.narrow && ui.shows(Control::kLabs)) {
    std::vector<Choice> choices;
    for (const LabPage& each : kLabs) {
      if (looks_inside(each)) choices.push_back({each.word, each.label});
    }
    if (const auto chosen = choice_field(ui, "labs", nullptr, choices, page.word, 130, "Which lab.")) ui.state.lab = lab_named(*chosen);
    ImGui::SameLine(0, 6);
    ImGui::AlignTextToFramePadding();
    info(ui, page.text);
  } else {
    ImGui::PushFont(ui.fonts.title);
    ImGui::TextUnformatted(page.label);
    ImGui::PopFont();
    ImGui::SameLine(0, 6);
    ImGui::AlignTextToFramePadding();
    info(ui, page.text);
  }
  draw_lesson_link(ui, page.lab);
  if (uses_unit(page.lab)) {
    flow(210, 14);
    draw_unit_choice(ui);
  }
  if (uses_image(page.lab)) {
    flow(300, 14);
    draw_image_choice(ui);
  }
  draw_export(ui);
}

}  // namespace

std::span<const LabPage> lab_pages() { return kLabs; }

const LabPage& page_of(Lab lab) { return kLabs[static_cast<std::size_t>(lab)]; }

const char* word_of(Lab lab) { return page_of(lab).word; }

Lab lab_named(std::string_view word) {
  std::string known;
  for (const LabPage& page : kLabs) {
    if (page.word == word) return page.lab;
    known += (known.empty() ? "" : ", ") + std::string(page.word);
  }
  throw Error("There is no lab “" + std::string(word) + "”; there are " + known + ".");
}

bool is_offered(const Context& ui, Lab lab) {
  return lab == Lab::kNetwork || ui.shows(lab == Lab::kCompare ? Control::kCompare : Control::kLabs);
}

void open_lab(UiState& state, Lab lab) {
  state.lab = state.shown_lab = lab;
  state.tab = lab == Lab::kNetwork ? Tab::kNetwork : lab == Lab::kCompare ? Tab::kCompare : Tab::kLabs;
}

void draw_lesson_link(const Context& ui, Lab lab) {
  const LabPage& page = page_of(lab);
  if (page.lesson == nullptr || !ui.callbacks.open_lesson || !ui.shows(Control::kLessons)) return;
  constexpr float kWidth = 68;
  flow(kWidth, 6);
  if (button(ui, "lab.lesson", "Lesson", {kWidth, 0}, ButtonLook::kPlain, "Opens the lesson that goes with this view: predict, run, explain.")) {
    ui.callbacks.open_lesson(page.lesson);
  }
}

namespace {

/// The tabs side by side, or as a list where they have no room. Returns the index of the one that was chosen.
std::optional<std::size_t> draw_tabs(const Context& ui, std::span<const char* const> labels, std::span<const char* const> words, int now, float room) {
  constexpr float kLeastAir = 8, kAir = 24;  // beside the words of one label, together
  float text = 0;
  for (const char* label : labels) text += text_width(label);
  const float count = static_cast<float>(labels.size());
  if (text + kLeastAir * count <= room) {
    const int clicked = segmented(ui, "lab", labels, words, now, std::min(text + kAir * count, room));
    return clicked < 0 ? std::nullopt : std::optional<std::size_t>(static_cast<std::size_t>(clicked));
  }
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < labels.size(); ++i) choices.push_back({words[i], labels[i]});
  const auto chosen = choice_field(ui, "lab", nullptr, choices, now < 0 ? "" : words[static_cast<std::size_t>(now)], 150, "The network, or a lab.");
  if (!chosen) return std::nullopt;
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), *chosen) - words.begin());
}

}  // namespace

void draw_lab_bar(const Context& ui) {
  std::vector<const char*> labels, words;
  std::vector<Lab> labs;
  int now = -1;
  for (const LabPage& page : kLabs) {
    if (!is_offered(ui, page.lab)) continue;
    if (page.lab == ui.state.lab) now = static_cast<int>(labs.size());
    labels.push_back(page.label);
    words.push_back(page.word);
    labs.push_back(page.lab);
  }
  const float view_bar = ui.shows(Control::kColors) ? kViewBarWidth : 0;
  const bool tabs = labs.size() > 1 && (now >= 0 || ui.shows(Control::kLabs));
  if (tabs) {
    const float room = ImGui::GetContentRegionAvail().x - view_bar - 12;
    if (const auto lab = draw_tabs(ui, labels, words, now, room)) open_lab(ui.state, labs[*lab]);
  }
  if (view_bar == 0) return;
  if (tabs) ImGui::SameLine(0, 0);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - view_bar);
  draw_view_bar(ui);
}

void draw_lab(const Context& ui, ImVec2 size) {
  if (!looks_inside(page_of(ui.state.lab))) ui.state.lab = Lab::kTop;  // a narrow page's tab, opened for the first time
  const LabPage& page = page_of(ui.state.lab);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (begin_card(ui, "lab", size)) {
    draw_title(ui, page);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    page.draw(ui, room);
  }
  end_card();
  ui.mark("view", low, {low.x + size.x, low.y + size.y});
}

void follow_lab(const Context& ui) {
  const LabPage& page = shown_page(ui);
  ui.state.shown_lab = page.lab;
  std::vector<lab::Request> wanted;
  if (looks_inside(page) && !ui.snapshot.layers.empty()) wanted = page.requests(ui);
  if (same(wanted, ui.state.labs.posted)) return;
  ui.post(app::command::OpenViews{wanted});
  ui.state.labs.posted = std::move(wanted);
}

lab::ImageRef shown_image(const Context& ui) {
  if (ui.snapshot.image_index >= 0) return ui.snapshot.image_index;
  return ui.snapshot.image;
}

lab::UnitRef shown_unit(const Context& ui) { return {ui.snapshot.locked_layer, ui.snapshot.locked_unit}; }

bool draw_missing(const Context& ui, const app::LabView* view) {
  if (view != nullptr && view->outcome) return false;
  ImGui::PushTextWrapPos(0);
  if (view != nullptr && !view->error.empty()) {
    muted_text(ui, view->error);
  } else {
    muted_text(ui, view != nullptr && view->running ? print("is being worked out: %.0f %%", 100 * view->fraction) : std::string("is being worked out …"));
  }
  ImGui::PopTextWrapPos();
  return true;
}

void draw_age(const Context& ui, const app::LabView* view, std::uint64_t step) {
  const std::uint64_t now = ui.snapshot.timeline.shown;
  std::string text = "step " + grouped(step);
  if (now > step) text += ", " + grouped(now - step) + (now - step == 1 ? " step ago" : " steps ago");
  if (view != nullptr && view->running) text += print(" · renewing %.0f %%", 100 * view->fraction);
  small_text(ui, text);
  tooltip("The step whose weights this shows. While the network trains it is worked out anew, a little after every step.");
}

}  // namespace lenet::ui
