// The experiments of the Zeiler–Fergus lab behind one door: a request says what to look at, slices do the work, an outcome holds what was found.
//
// To add one: a request and an outcome in a header of its own, a class that is an Experiment, a line in make_experiment(), in
// findings.cpp (how it is exported) and in request_json.cpp (how a script asks for it).
#pragma once

#include <memory>
#include <variant>

#include "lab/experiments/architecture.h"
#include "lab/experiments/class_view.h"
#include "lab/experiments/closer.h"
#include "lab/experiments/confusion.h"
#include "lab/experiments/correspondence.h"
#include "lab/experiments/evolution.h"
#include "lab/experiments/images.h"
#include "lab/experiments/invariance.h"
#include "lab/experiments/look_back.h"
#include "lab/experiments/maximisation.h"
#include "lab/experiments/occlusion.h"
#include "lab/experiments/randomness.h"
#include "lab/experiments/sanity.h"
#include "lab/experiments/top_units.h"

namespace lenet::lab {

using Request = std::variant<TopRequest, EvolutionRequest, InvarianceRequest, OcclusionRequest, CorrespondenceRequest, ArchitectureRequest,
                             LookBackRequest, SanityRequest, ClassRequest, MaximisationRequest, RandomnessRequest, CloserRequest, ConfusionRequest, ImagesRequest>;
/// In the same order.
using Outcome = std::variant<TopResult, EvolutionResult, InvarianceResult, OcclusionResult, CorrespondenceResult, ArchitectureResult,
                             LookBackResult, SanityResult, ClassResult, MaximisationResult, RandomnessResult, CloserResult, ConfusionResult, ImagesResult>;

class Experiment {
 public:
  Experiment() = default;
  Experiment(const Experiment&) = delete;
  Experiment& operator=(const Experiment&) = delete;
  virtual ~Experiment() = default;

  /// Does the next slice, about a forward and a backward pass of one block, so that a page can draw in between. Returns whether there is
  /// more to do. The workspace is of the subject's network and is left in any state.
  virtual bool advance(nn::Workspace<float>& workspace) = 0;
  /// Of the work, 0 … 1.
  virtual double fraction() const = 0;
  /// What was found; whole once advance() has returned false.
  virtual Outcome outcome() const = 0;
};

class Timeline;

/// Throws Error when the request does not fit the network, the images or its own ranges. `timeline` is what an evolution reads and may be
/// null for the others; it must outlive the experiment.
std::unique_ptr<Experiment> make_experiment(std::shared_ptr<const Subject> subject, const Request& request, Timeline* timeline);

/// All of it at once.
Outcome run_experiment(std::shared_ptr<const Subject> subject, const Request& request, Timeline* timeline = nullptr);

// One for each kind, in its own source file.
std::unique_ptr<Experiment> make_top_units(std::shared_ptr<const Subject> subject, const TopRequest& request);
std::unique_ptr<Experiment> make_evolution(std::shared_ptr<const Subject> subject, const EvolutionRequest& request, Timeline& timeline);
std::unique_ptr<Experiment> make_invariance(std::shared_ptr<const Subject> subject, const InvarianceRequest& request);
std::unique_ptr<Experiment> make_occlusion(std::shared_ptr<const Subject> subject, const OcclusionRequest& request);
std::unique_ptr<Experiment> make_correspondence(std::shared_ptr<const Subject> subject, const CorrespondenceRequest& request);
std::unique_ptr<Experiment> make_architecture(std::shared_ptr<const Subject> subject, const ArchitectureRequest& request);
std::unique_ptr<Experiment> make_look_back(std::shared_ptr<const Subject> subject, const LookBackRequest& request);
std::unique_ptr<Experiment> make_sanity(std::shared_ptr<const Subject> subject, const SanityRequest& request);
std::unique_ptr<Experiment> make_class_view(std::shared_ptr<const Subject> subject, const ClassRequest& request);
std::unique_ptr<Experiment> make_maximisation(std::shared_ptr<const Subject> subject, const MaximisationRequest& request);
std::unique_ptr<Experiment> make_randomness(std::shared_ptr<const Subject> subject, const RandomnessRequest& request);
std::unique_ptr<Experiment> make_closer(std::shared_ptr<const Subject> subject, const CloserRequest& request);
std::unique_ptr<Experiment> make_confusion(std::shared_ptr<const Subject> subject, const ConfusionRequest& request);
std::unique_ptr<Experiment> make_images(std::shared_ptr<const Subject> subject, const ImagesRequest& request);

}  // namespace lenet::lab
