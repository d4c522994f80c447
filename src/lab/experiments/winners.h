// Where the units of a layer answer most strongly, image by image, and what they see there.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lab/experiments/subject.h"

namespace lenet::lab {

/// Where a unit answers strongly: an image of the training file, and the place in its map.
struct Winner {
  int image = -1;
  nn::Peak peak;
};

/// One search through images, a block of eight at a time: the strongest ones of every unit of a layer's output, one place per image. The
/// cost is the forward pass; one pass over the block's activation finds the strongest places of all units.
///
/// An image in which the unit is 0 everywhere is no winner, so a unit that is dead (after a ReLU) has none. Without a nonlinearity negative
/// maxima count. What is not finite never wins.
class WinnerSearch {
 public:
  WinnerSearch() = default;
  /// Keeps the `keep` strongest images of each unit.
  WinnerSearch(const nn::Shape& output, int keep);

  /// Counts a block's first `lanes` images, which are images first_image, first_image + 1, … of the file: `activation` is the layer's
  /// output, [y][x][channel][8]. Blocks come in file order.
  void add_block(std::span<const float> activation, int first_image, int lanes);
  /// Forgets all images.
  void clear();

  int units() const { return output_.channels; }
  /// Strongest first, of equals the earlier image. Valid until the next call that changes something.
  std::span<const Winner> winners(int unit) const;

 private:
  bool answers(std::span<const float> activation, std::size_t unit, std::size_t lane) const;
  void insert(std::size_t unit, const Winner& winner);

  nn::Shape output_;
  int keep_ = 0;
  std::vector<float> value_;         // [unit][8] of the block
  std::vector<std::int32_t> place_;  // [unit][8], y · width + x
  std::vector<Winner> winners_;      // [unit][keep]
  std::vector<int> count_;           // [unit], of them in use
};

/// A winner to look at, and which of the pictures it is.
struct WinnerPicture {
  int unit = 0;
  Winner winner;
  std::size_t slot = 0;
};

/// The projections of up to eight winners of `layer`'s output, and the parts of their images that the units see, made in one block, where
/// each is an image of the training file on its own. Both are [slot][channel][height][width], signed, with the height and width of
/// `size`; only the winners' slots are written. Without `patches` there are none.
void view_winners(const Subject& subject, std::size_t layer, nn::BackwardRule rule, std::span<const WinnerPicture> pictures,
                  const Window& size, nn::Workspace<float>& workspace, std::vector<float>& projections, std::vector<float>* patches);

/// Puts training images first_image … first_image + lanes - 1 into a workspace's input; the lanes left over are zero.
void load_train_block(const nn::Shape& input, const data::Dataset& dataset, int first_image, int lanes, nn::Workspace<float>& workspace);

/// Throws Error when the pictures of so many winners, a projection and a patch of `size` each, need more than 64 MB. A quarter of what a page
/// could spare for them: an outcome is there up to four times at once (the experiment's, the last one shown, the page's, an export's).
void check_room(std::size_t pictures, const nn::Shape& input, const Window& size, const std::string& layer);

/// Height and width of what the units of a layer's output see, at top and left 0.
Window window_size(const nn::Network<float>& network, std::size_t layer);

}  // namespace lenet::lab
