// What is being looked at: the current image, the locked unit, the way back to the pixels. Fills the parts of a snapshot that
// need a forward pass, all with the weights of one step.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/sight.h"
#include "app/snapshot.h"
#include "lab/experiments/top_units.h"
#include "lab/run.h"

namespace lenet::app {

class Viewer {
 public:
  Viewer() : search_(kProbeImages) {}

  /// A new run, possibly with another network or data set: keeps what still exists of the selection.
  void attach(const lab::Run& run);

  /// An image of the test set; the index wraps around once the set's size is known.
  void select_image(int index);
  /// The test image after the one on show, or before it; round the end of those that are here.
  void next_image(const lab::Run& run, bool back);
  /// Index of the test image on show; -1 for the user's own.
  int image() const { return image_index_; }
  /// An image of the user's own, as the network sees it.
  void show_pixels(std::vector<float> pixels);
  /// Likewise, one that was drawn.
  void show_drawing(std::vector<float> pixels);
  /// Throws Error for an unknown layer or unit.
  void lock(const lab::Run& run, const std::string& layer, int unit);
  void set_rule(nn::BackwardRule rule) { rule_ = rule; }

  /// How many held-out images are searched, 9 … 5,000. Throws Error otherwise.
  void set_probe(int images);

  /// Continues the search for the strongest held-out images by one block. Returns whether there was anything to do.
  bool search(const Sight& sight);

  /// Fills the snapshot's image, layers and inspector from forward passes of the current and the strongest images.
  void fill(const Sight& sight, Snapshot& snapshot);

  nn::Workspace<float>& workspace() { return workspace_; }

 private:
  static constexpr int kCurrent = 0;  // lane of the current image; the strongest ones follow

  bool load_current(const lab::Run& run, Snapshot& snapshot);
  void load_winners(const lab::Run& run, Snapshot& snapshot);
  void project_block(const Sight& sight, std::span<ProjectionView* const> views, int last);
  void fill_layers(const Sight& sight, Snapshot& snapshot);
  void fill_parameters(const Sight& sight, Snapshot& snapshot);
  void fill_projection(const lab::Run& run, int lane, const nn::Peak& peak, ProjectionView& view);

  nn::Workspace<float> workspace_;
  lab::TopSearch search_;
  int probe_images_ = kProbeImages;
  bool searching_ = false;           // for the locked layer's units, in the network that is attached
  int image_index_ = 0;              // -1: the user's own pixels
  std::vector<float> own_pixels_;
  bool drawn_ = false;               // the user's own pixels are a drawing
  std::string locked_name_ = "conv1";  // as the user names it
  std::size_t locked_layer_ = 0;     // the observed layer's index
  int locked_unit_ = 0;
  nn::BackwardRule rule_ = nn::BackwardRule::kDeconv;
  std::vector<double> initial_norms_;  // ‖W₀‖ by group
};

}  // namespace lenet::app
