#include "lab/experiments/experiment.h"

#include <stdexcept>

namespace lenet::lab {
namespace {

/// The constructor of each request's own experiment.
struct Maker {
  std::shared_ptr<const Subject> subject;
  Timeline* timeline;

  using Made = std::unique_ptr<Experiment>;
  Made operator()(const TopRequest& request) const { return make_top_units(subject, request); }
  Made operator()(const EvolutionRequest& request) const {
    if (!timeline) throw std::logic_error("an evolution needs a timeline");
    return make_evolution(subject, request, *timeline);
  }
  Made operator()(const InvarianceRequest& request) const { return make_invariance(subject, request); }
  Made operator()(const OcclusionRequest& request) const { return make_occlusion(subject, request); }
  Made operator()(const CorrespondenceRequest& request) const { return make_correspondence(subject, request); }
  Made operator()(const ArchitectureRequest& request) const { return make_architecture(subject, request); }
  Made operator()(const LookBackRequest& request) const { return make_look_back(subject, request); }
  Made operator()(const SanityRequest& request) const { return make_sanity(subject, request); }
  Made operator()(const ClassRequest& request) const { return make_class_view(subject, request); }
  Made operator()(const MaximisationRequest& request) const { return make_maximisation(subject, request); }
  Made operator()(const RandomnessRequest& request) const { return make_randomness(subject, request); }
  Made operator()(const CloserRequest& request) const { return make_closer(subject, request); }
  Made operator()(const ConfusionRequest& request) const { return make_confusion(subject, request); }
  Made operator()(const ImagesRequest& request) const { return make_images(subject, request); }
};

}  // namespace

std::unique_ptr<Experiment> make_experiment(std::shared_ptr<const Subject> subject, const Request& request, Timeline* timeline) {
  return std::visit(Maker{std::move(subject), timeline}, request);
}

Outcome run_experiment(std::shared_ptr<const Subject> subject, const Request& request, Timeline* timeline) {
  nn::Workspace<float> workspace = subject->network.make_workspace();
  const std::unique_ptr<Experiment> experiment = make_experiment(std::move(subject), request, timeline);
  while (experiment->advance(workspace)) {
  }
  return experiment->outcome();
}

}  // namespace lenet::lab
