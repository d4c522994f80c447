#include "lab/experiments/images.h"

#include <utility>

#include "base/error.h"
#include "lab/experiments/experiment.h"

namespace lenet::lab {
namespace {

/// Done when it is made: it only reads.
class Images final : public Experiment {
 public:
  Images(const Subject& subject, const ImagesRequest& request) {
    if (request.images.size() > static_cast<std::size_t>(kMostImages)) {
      throw Error("At most " + std::to_string(kMostImages) + " images can be looked at at a time; these are " +
                  std::to_string(request.images.size()) + ".");
    }
    result_.step = subject.step;
    result_.input = subject.network.input();
    result_.images = request.images;
    for (const int index : request.images) {
      const LoadedImage loaded = load_image(subject.dataset, result_.input, index);
      result_.labels.push_back(loaded.label);
      result_.pixels.insert(result_.pixels.end(), loaded.pixels.begin(), loaded.pixels.end());
    }
  }

  bool advance(nn::Workspace<float>&) override {
    done_ = true;
    return false;
  }
  double fraction() const override { return done_ ? 1 : 0; }
  Outcome outcome() const override { return result_; }

 private:
  bool done_ = false;
  ImagesResult result_;
};

}  // namespace

std::unique_ptr<Experiment> make_images(std::shared_ptr<const Subject> subject, const ImagesRequest& request) {
  return std::make_unique<Images>(*subject, request);
}

}  // namespace lenet::lab
