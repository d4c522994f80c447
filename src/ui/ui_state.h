// What the page remembers about how it is looked at. Nothing in here reaches the network.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/architecture.h"
#include "app/snapshot.h"
#include "gfx/tile_atlas.h"
#include "ui/controls.h"

namespace lenet::ui {

/// What the full colour of a tile stands for: the largest |value| of that tile, of its layer, or of all layers.
enum class ScaleMode { kUnit, kLayer, kGlobal };
/// For scripts and links, in the order of ScaleMode and gfx::Palette.
inline constexpr std::array<const char*, 3> kScaleWords = {"unit", "layer", "global"};
inline constexpr std::array<const char*, 3> kPaletteWords = {"orange-blue", "wss17", "purple-green"};
/// Columns become tabs on a narrow page.
enum class Tab { kNetwork, kInput, kInspector, kCurves, kCompare, kLabs };
/// What takes the place of the columns on a wide page (ui/labs.h has their words, titles and panels).
enum class Lab { kNetwork, kCompare, kTop, kEvolution, kInvariance, kOcclusion, kArchitecture, kLookBack, kClasses, kRandom, kCloser, kConfusion };
/// Whose curves the comparison's charts show.
enum class CurveSource { kRun, kSeeds, kPool };

/// The Compare lab's fields before they are sent.
struct CompareState {
  std::string comparison = "frozen";  ///< key in lab::comparisons()
  CurveSource source = CurveSource::kRun;
  int seeds = 5;
  int first_seed = 1;
  int length = 300;
  bool in_epochs = false;
  std::string plan_layer = "conv1";
  int plan_step = 200;
};

/// The Evolution lab: which two moments stand beside each other; without a choice the first and the last.
struct EvolutionState {
  std::optional<std::uint64_t> a, b;  ///< steps
};

/// The Invariance lab.
struct InvarianceState {
  lab::Transform transform = lab::Transform::kTranslateY;
  bool raw = false;          ///< distances in the features' own units; else in those between different images
  bool five_images = true;   ///< the first five test images, as in the paper; else the current one
  std::string middle_layer;  ///< of a network with more layers than there is room for charts: the one between first and last
  int amount = -1;           ///< that the pointer is at; -1 for none
};

/// The Occlusion lab and its correspondence analysis.
struct OcclusionState {
  bool correspondence = false;  ///< that is on show, instead of the maps
  int size = 7;
  int stride = 1;
  lab::OccluderColor color = lab::OccluderColor::kGrey;
  int class_index = -1;         ///< of the correspondence; -1: the current image's
  int images = 5;
  std::vector<lab::Window> regions;  ///< to mask; none: those that the panel starts with
  lab::Window draft;            ///< the rectangle that is drawn now, to add; 0 high for none
};

/// The Architecture lab: the network to be, and the findings that are kept beside the present ones.
struct ArchitectureState {
  app::ArchitectureChoice choice{.same = true};
  std::uint64_t run = 0;                        ///< Snapshot::run whose network the choice has followed
  std::shared_ptr<const lab::Outcome> before;   ///< an ArchitectureResult, or null
  app::CurvePoint accuracy;                     ///< the test accuracy that was measured for it last; n is 0 where there was none
};

/// The Look back lab.
struct LookBackState {
  int occluder = 5;  ///< side of the square of the check by covering
};

/// The Classes lab: how an image is made to excite a unit. The unit is the session's.
struct MaximiseState {
  lab::MaximisationRequest request;
};

/// The Look closer lab: which cell of the map is taken apart, and how it moves.
struct CloserState {
  std::optional<bool> moves;  ///< over the map by itself; without a choice unless the person's system asks for less motion
  int cells_per_second = 4;
  bool numbers = false;       ///< in the cells
  int y = -1, x = -1;         ///< the cell; -1: the one with the largest sum
  std::string layer;          ///< that the cell and the channel are of
  int channel = -1;           ///< of the layer's input that is large; -1: the one that adds most
  bool still = false;         ///< the pointer was on the pictures in the last frame: the cell does not move
  int pointed_y = -1, pointed_x = -1;  ///< the cell that it was on; -1 for none
  double moved_at = 0;        ///< ImGui::GetTime()
  // The cell on show taken apart. Two, in turns: a picture of other values needs another address (gfx/tile_atlas.h).
  std::array<lab::WeightedSum, 2> sums;
  std::size_t current = 0;
  std::shared_ptr<const lab::Outcome> sum_of;  ///< a CloserResult
  int sum_y = -1, sum_x = -1;
};

/// The Confusion lab.
struct ConfusionState {
  bool all = false;       ///< all test images while it trains too, not every tenth
  bool shares = false;    ///< percentages of the rows in the cells, not counts
  int truth = -1, guess = -1;  ///< the cell whose images are on show; -1: the most frequent confusion
  int page = 0;           ///< of its images
  std::vector<int> shown;  ///< indices into the test set: what was on that page in the last frame
};

/// The fields of the labs that look into the network. What they are about (unit, image, rule) is the session's.
struct LabsState {
  std::vector<lab::Request> posted;  ///< what the session was told to keep open
  float picture_scale = 2;           ///< of saved pictures
  bool kernel_atlas = false;         ///< the Top nine lab shows the layer's kernels instead
  float kernel_zoom = 1;
  EvolutionState evolution;
  InvarianceState invariance;
  OcclusionState occlusion;
  ArchitectureState architecture;
  LookBackState look_back;
  MaximiseState maximise;
  CloserState closer;
  ConfusionState confusion;
};

/// Scales of pictures that stay as they are while a stored step is shown (held_scale()).
struct HeldScales {
  std::uint64_t run = 0;  ///< Snapshot::run that they are of
  std::map<std::string, float> by_name;
};

struct UiState {
  gfx::Palette palette = gfx::Palette::kOrangeBlue;
  ScaleMode scale = ScaleMode::kLayer;
  bool dark = false;
  bool reduced_motion = false;  ///< the person's system asks for it
  double redraw_in = 0;         ///< seconds until the page looks other without input or news; infinite where it never does
  bool wrong_only = false;      ///< ◀ and ▶ go to images that the network gets wrong
  bool logits = false;          ///< the answer's bars are logits, not probabilities
  bool log_loss = true;
  bool log_accuracy = true;
  bool debug = false;
  bool help = false;
  bool settings_open = false;  ///< narrow pages fold the settings away
  bool play_focused = true;    ///< Enter plays until something else was touched
  Tab tab = Tab::kNetwork;
  Lab lab = Lab::kNetwork;
  Lab shown_lab = Lab::kNetwork;  ///< the same; on a narrow page that of the tab
  CompareState compare;
  LabsState labs;
  HeldScales held;
  bool hidden = false;             ///< a script has turned the drawing off
  bool projector = false;          ///< everything larger, for a lecture room
  std::set<Control> left_out;      ///< by a teacher's link …
  bool seed_locked = false;        ///< … which may also fix the seed
  bool pause_in_background = false;  ///< else training goes on while the tab is hidden
  std::string dismissed_error;
  float columns_need = 0;  ///< height that the tallest column took in the frame before
};

}  // namespace lenet::ui
