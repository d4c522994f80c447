// Tests of src/lab/experiments/request_json.h: every field of every view, defaults, and a sentence for what is wrong.
#include "lab/experiments/request_json.h"

#include "support.h"

using namespace lenet;
using namespace lenet::lab;
using namespace lenet::test;

namespace {

Request read(const std::string& text, const RequestDefaults& defaults = {}) {
  const nlohmann::json json = parse_json(text, "look()");
  Fields fields(json, "look()");
  Request request = read_request(fields, defaults);
  fields.finish();
  return request;
}

template <class T>
T read_as(const std::string& text, const RequestDefaults& defaults = {}) {
  const Request request = read(text, defaults);
  REQUIRE(std::holds_alternative<T>(request));
  return std::get<T>(request);
}

}  // namespace

TEST_CASE("requests: every field of every view is read") {
  CHECK(read_as<TopRequest>(R"({"view": "top", "layer": "conv2", "images": 500, "rule": "guided"})") ==
        TopRequest{"conv2", 500, nn::BackwardRule::kGuided});
  CHECK(read_as<EvolutionRequest>(R"({"view": "evolution", "layer": "conv2", "images": 800, "rule": "gradient", "unit": 4})") ==
        EvolutionRequest{"conv2", 800, nn::BackwardRule::kGradient, 4});
  CHECK(
      read_as<InvarianceRequest>(
          R"({"view": "invariance", "images": [3, [0, 0.5, 1]], "transform": "translateX", "from": -3, "to": 2.5, "amounts": 12})") ==
      InvarianceRequest{{3, std::vector<float>{0, 0.5f, 1}}, Transform::kTranslateX, -3, 2.5, 12});
  CHECK(read_as<OcclusionRequest>(R"({"view": "occlusion", "image": 12, "size": 5, "stride": 2, "color": "mean"})") ==
        OcclusionRequest{12, 5, 2, OccluderColor::kMean});
  CHECK(read_as<CorrespondenceRequest>(R"({"view": "correspondence", "class": 3, "images": 6, "color": "black", "randomRegions": 20,
            "regions": [{"top": 1, "left": 2, "height": 3, "width": 4}, {"top": 0, "left": 0, "height": 1, "width": 1}]})") ==
        CorrespondenceRequest{3, 6, {{1, 2, 3, 4}, {0, 0, 1, 1}}, OccluderColor::kBlack, 20});
  CHECK(read_as<ArchitectureRequest>(R"({"view": "architecture", "images": 40})") == ArchitectureRequest{40});
  CHECK(read_as<LookBackRequest>(R"({"view": "lookBack", "layer": "fc1", "unit": 7, "image": 2, "occluder": 9})") ==
        LookBackRequest{{"fc1", 7}, 2, 9});
  CHECK(read_as<SanityRequest>(R"({"view": "sanity", "layer": "fc2", "unit": 4, "image": 1, "images": 16})") ==
        SanityRequest{{"fc2", 4}, 1, 16});
  CHECK(read_as<ClassRequest>(R"({"view": "classes", "image": [0.25], "rule": "gradient"})") ==
        ClassRequest{std::vector<float>{0.25f}, nn::BackwardRule::kGradient});
  CHECK(
      read_as<MaximisationRequest>(
          R"({"view": "maximise", "layer": "fc2", "unit": 1, "iterations": 50, "rate": 0.5, "decay": 0, "blur": 0, "blurEvery": 2})") ==
      MaximisationRequest{{"fc2", 1}, 50, 0.5, 0, 0, 2});
  CHECK(read_as<RandomnessRequest>(R"({"view": "random", "images": 30, "kernels": 2000})") == RandomnessRequest{30, 2000});
  CHECK(read_as<CloserRequest>(R"({"view": "closer", "layer": "conv2", "unit": 7, "image": 12, "y": 3, "x": 0})") ==
        CloserRequest{{"conv2", 7}, 12, 3, 0});
  CHECK(read_as<ConfusionRequest>(R"({"view": "confusion", "stride": 10})") == ConfusionRequest{10});
  CHECK(read_as<ImagesRequest>(R"({"view": "images", "images": [3, 0]})") == ImagesRequest{{3, 0}});
}

TEST_CASE("requests: what is left out has its default") {
  const RequestDefaults shown{{"conv2", 7}, 31};
  CHECK(read_as<TopRequest>(R"({"view": "top"})", shown) == TopRequest{"conv2"});
  CHECK(read_as<EvolutionRequest>(R"({"view": "evolution"})", shown) == EvolutionRequest{"conv2"});
  CHECK(read_as<InvarianceRequest>(R"({"view": "invariance"})", shown) == InvarianceRequest{{31}});
  CHECK(read_as<InvarianceRequest>(R"({"view": "invariance", "image": 5})", shown) == InvarianceRequest{{5}});
  CHECK(read_as<OcclusionRequest>(R"({"view": "occlusion"})", shown) == OcclusionRequest{31});
  CHECK(read_as<OcclusionRequest>(R"({"view": "occlusion", "image": null, "size": null})", shown) == OcclusionRequest{31});
  CHECK(read_as<ArchitectureRequest>(R"({"view": "architecture"})", shown) == ArchitectureRequest{});
  CHECK(read_as<LookBackRequest>(R"({"view": "lookBack"})", shown) == LookBackRequest{{"conv2", 7}, 31});
  CHECK(read_as<SanityRequest>(R"({"view": "sanity"})", shown) == SanityRequest{{"conv2", 7}, 31});
  CHECK(read_as<ClassRequest>(R"({"view": "classes"})", shown) == ClassRequest{31});
  CHECK(read_as<MaximisationRequest>(R"({"view": "maximise"})", shown) == MaximisationRequest{{"conv2", 7}});
  CHECK(read_as<RandomnessRequest>(R"({"view": "random"})", shown) == RandomnessRequest{});
  CHECK(read_as<CloserRequest>(R"({"view": "closer"})", shown) == CloserRequest{{"conv2", 7}, 31});
  CHECK(read_as<ConfusionRequest>(R"({"view": "confusion"})", shown) == ConfusionRequest{1});
  // Another layer's unit 7 may not exist, and the same words mean the same whatever layer is locked.
  CHECK(read_as<MaximisationRequest>(R"({"view": "maximise", "layer": "fc2"})", shown).unit == UnitRef{"fc2", 0});
  CHECK(read_as<MaximisationRequest>(R"({"view": "maximise", "layer": "conv2"})", shown).unit == UnitRef{"conv2", 0});
  CHECK(read_as<MaximisationRequest>(R"({"view": "maximise", "unit": 2})", shown).unit == UnitRef{"conv2", 2});
  // Ten pixels of translation are no scale.
  const auto scale = read_as<InvarianceRequest>(R"({"view": "invariance", "transform": "scale"})");
  CHECK(scale.from == 0.5);
  CHECK(scale.to == 1.5);
  const auto turn = read_as<InvarianceRequest>(R"({"view": "invariance", "transform": "rotate", "to": 90})");
  CHECK(turn.from == -180);
  CHECK(turn.to == 90);
}

TEST_CASE("requests: what is wrong gets a sentence") {
  struct Case {
    const char* request;
    const char* sentence;
  };
  const std::vector<Case> cases = {
      {R"(["top"])", "look() needs an object"},
      {"{}", "needs a view: top, evolution, invariance"},
      {R"({"view": 3})", "needs a text for view"},
      {R"({"view": "feel"})", "does not know the view \"feel\"; there are top, evolution"},
      {R"({"view": "top", "image": 3})", "does not know \"image\""},
      {R"({"view": "top", "images": 0})", "a whole number from 1 on for images"},
      {R"({"view": "top", "images": "all"})", "for images, not \"all\""},
      {R"({"view": "top", "layer": 1})", "needs a text for layer"},
      {R"({"view": "top", "rule": "magic"})", "look(): "},
      {R"({"view": "occlusion", "image": -1})", "an index into the test set or a list of pixels for image"},
      {R"({"view": "occlusion", "image": 1.5})", "an index into the test set or a list of pixels"},
      {R"({"view": "occlusion", "image": 3000000000})", "an index into the test set or a list of pixels"},
      {R"({"view": "occlusion", "image": []})", "an index into the test set or a list of pixels"},
      {R"({"view": "occlusion", "image": "pixels"})", "an index into the test set or a list of pixels"},
      {R"({"view": "occlusion", "image": [0.5, 2]})", "numbers from 0 (background) to 1 (ink) for the pixels of image"},
      {R"({"view": "occlusion", "image": [0.5, "x"]})", "for the pixels of image"},
      {R"({"view": "occlusion", "image": [1e300]})", "for the pixels of image"},
      {R"({"view": "occlusion", "size": 0})", "for size"},
      {R"({"view": "occlusion", "stride": 1.5})", "for stride"},
      {R"({"view": "occlusion", "color": "pink"})", "look(): "},
      {R"({"view": "invariance", "images": 5})", "a list of images"},
      {R"({"view": "invariance", "images": []})", "a list of images"},
      {R"({"view": "invariance", "images": [1, [2]]})", "for the pixels of images"},
      {R"({"view": "invariance", "images": [1], "image": 1})", "either image or images"},
      {R"({"view": "invariance", "transform": "shear"})", "look(): "},
      {R"({"view": "invariance", "from": "left"})", "needs a number for from"},
      {R"({"view": "correspondence"})", "needs regions: a list"},
      {R"({"view": "correspondence", "regions": {"top": 1}})", "needs regions: a list"},
      {R"({"view": "correspondence", "regions": [{"top": 1, "left": 1, "height": 1}]})", "region 1 needs a width"},
      {R"({"view": "correspondence", "regions": [{"top": 1, "left": 1, "height": 1, "width": 0}]})",
       "region 1 needs a whole number"},
      {R"({"view": "correspondence", "regions": [{"top": 1, "left": 1, "height": 1, "width": 1, "depth": 1}]})",
       "does not know \"depth\""},
      {R"({"view": "correspondence", "regions": [4]})", "region 1 needs an object"},
      {R"({"view": "lookBack", "unit": -1})", "for unit"},
      {R"({"view": "maximise", "rate": 0})", "a number above 0 for rate"},
      {R"({"view": "maximise", "decay": -0.1})", "a number from 0 on for decay"},
      {R"({"view": "maximise", "blur": -1})", "a number from 0 on for blur"},
      {R"({"view": "maximise", "iterations": 0})", "for iterations"},
      {R"({"view": "closer", "y": 3})", "both y and x"},
      {R"({"view": "closer", "y": -1, "x": 0})", "for y"},
      {R"({"view": "confusion", "stride": 0})", "for stride"},
      {R"({"view": "images"})", "needs images: a list of indices"},
      {R"({"view": "images", "images": [[0.5]]})", "indices into the test set for images"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.request);
    CHECK_THROWS_WITH_AS(read(one.request), doctest::Contains(one.sentence), Error);
  }
}
