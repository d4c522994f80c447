#include "lab/experiments/request_json.h"

#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace lenet::lab {

using nlohmann::json;

namespace {

// --- values that several views have ---------------------------------------------------------------------------------------

/// An index, or a list of pixels; `name` is the field's.
ImageRef image_of(const Fields& fields, const json& value, const char* name) {
  if (value.is_array() && !value.empty()) {
    std::vector<float> pixels;
    pixels.reserve(value.size());
    for (const json& pixel : value) {
      const double ink = pixel.is_number() ? pixel.get<double>() : -1;
      if (!(ink >= 0 && ink <= 1))
        fields.refuse(std::string("needs numbers from 0 (background) to 1 (ink) for the pixels of ") + name);
      pixels.push_back(static_cast<float>(ink));
    }
    return pixels;
  }
  const double index = value.is_number() ? value.get<double>() : -1;
  if (!(index >= 0 && index <= std::numeric_limits<int>::max()) || std::floor(index) != index) {
    fields.refuse(std::string("needs an index into the test set or a list of pixels for ") + name);
  }
  return static_cast<int>(index);
}

ImageRef read_image(Fields& fields, const RequestDefaults& defaults) {
  const json& value = fields.raw("image");
  return value.is_null() ? defaults.image : image_of(fields, value, "image");
}

/// A list of images, or a single one as "image".
std::vector<ImageRef> read_images(Fields& fields, const RequestDefaults& defaults) {
  const json& list = fields.raw("images");
  if (list.is_null()) return {read_image(fields, defaults)};
  if (!fields.raw("image").is_null()) fields.refuse("needs either image or images, not both");
  if (!list.is_array() || list.empty()) fields.refuse("needs a list of images for images");
  std::vector<ImageRef> images;
  for (const json& value : list) images.push_back(image_of(fields, value, "images"));
  return images;
}

UnitRef read_unit(Fields& fields, const RequestDefaults& defaults) {
  UnitRef unit = defaults.unit;
  if (const auto layer = fields.text("layer")) unit = {*layer, 0};
  unit.unit = fields.small("unit", 0).value_or(unit.unit);
  return unit;
}

nn::BackwardRule read_rule(Fields& fields) {
  const auto name = fields.text("rule");
  return name ? in_place(fields.where(), [&] { return rule_named(*name); }) : nn::BackwardRule::kDeconv;
}

OccluderColor read_color(Fields& fields, OccluderColor otherwise) {
  const auto name = fields.text("color");
  return name ? in_place(fields.where(), [&] { return color_named(*name); }) : otherwise;
}

/// A number from 0 on, or above 0.
double read_amount(Fields& fields, const char* name, double otherwise, bool may_be_zero) {
  const double value = fields.number(name).value_or(otherwise);
  if (value < 0 || (value == 0 && !may_be_zero)) {
    fields.refuse(std::string("needs a number ") + (may_be_zero ? "from 0 on" : "above 0") + " for " + name);
  }
  return value;
}

constexpr int kLargestSide = 1 << 16;  // pixels; far more than any image has

Window read_region(const json& value, const std::string& where) {
  Fields fields(value, where);
  Window region;
  region.top = fields.required(fields.small("top", 0, kLargestSide), "a top");
  region.left = fields.required(fields.small("left", 0, kLargestSide), "a left");
  region.height = fields.required(fields.small("height", 1, kLargestSide), "a height");
  region.width = fields.required(fields.small("width", 1, kLargestSide), "a width");
  fields.finish();
  return region;
}

// --- one function a view --------------------------------------------------------------------------------------------------

Request read_top(Fields& fields, const RequestDefaults& defaults) {
  TopRequest request;
  request.layer = fields.text("layer").value_or(defaults.unit.layer);
  request.images = fields.small("images", 1).value_or(request.images);
  request.rule = read_rule(fields);
  return request;
}

Request read_evolution(Fields& fields, const RequestDefaults& defaults) {
  EvolutionRequest request;
  request.layer = fields.text("layer").value_or(defaults.unit.layer);
  request.images = fields.small("images", 1).value_or(request.images);
  request.rule = read_rule(fields);
  request.unit = fields.small("unit", 0).value_or(request.unit);
  return request;
}

Request read_invariance(Fields& fields, const RequestDefaults& defaults) {
  InvarianceRequest request;
  request.images = read_images(fields, defaults);
  if (const auto name = fields.text("transform"))
    request.transform = in_place(fields.where(), [&] { return transform_named(*name); });
  if (request.transform == Transform::kScale) std::tie(request.from, request.to) = std::pair(0.5, 1.5);
  if (request.transform == Transform::kRotate) std::tie(request.from, request.to) = std::pair(-180.0, 180.0);
  request.from = fields.number("from").value_or(request.from);
  request.to = fields.number("to").value_or(request.to);
  request.amounts = fields.small("amounts", 1).value_or(request.amounts);
  return request;
}

Request read_occlusion(Fields& fields, const RequestDefaults& defaults) {
  OcclusionRequest request;
  request.image = read_image(fields, defaults);
  request.size = fields.small("size", 1).value_or(request.size);
  request.stride = fields.small("stride", 1).value_or(request.stride);
  request.color = read_color(fields, request.color);
  return request;
}

Request read_correspondence(Fields& fields, const RequestDefaults&) {
  CorrespondenceRequest request;
  request.class_index = fields.small("class", 0).value_or(request.class_index);
  request.images = fields.small("images", 1).value_or(request.images);
  const json& regions = fields.raw("regions");
  if (!regions.is_array() || regions.empty()) {
    fields.refuse("needs regions: a list such as [{\"top\": 4, \"left\": 8, \"height\": 8, \"width\": 12}]");
  }
  for (const json& region : regions) {
    request.regions.push_back(read_region(region, fields.where() + ": region " + std::to_string(request.regions.size() + 1)));
  }
  request.color = read_color(fields, request.color);
  request.random_regions = fields.small("randomRegions", 1).value_or(request.random_regions);
  return request;
}

Request read_architecture(Fields& fields, const RequestDefaults&) {
  ArchitectureRequest request;
  request.images = fields.small("images", 1).value_or(request.images);
  return request;
}

Request read_look_back(Fields& fields, const RequestDefaults& defaults) {
  LookBackRequest request;
  request.unit = read_unit(fields, defaults);
  request.image = read_image(fields, defaults);
  request.occluder = fields.small("occluder", 1).value_or(request.occluder);
  return request;
}

Request read_sanity(Fields& fields, const RequestDefaults& defaults) {
  SanityRequest request;
  request.unit = read_unit(fields, defaults);
  request.image = read_image(fields, defaults);
  request.images = fields.small("images", 1).value_or(request.images);
  return request;
}

Request read_classes(Fields& fields, const RequestDefaults& defaults) {
  ClassRequest request;
  request.image = read_image(fields, defaults);
  request.rule = read_rule(fields);
  return request;
}

Request read_maximise(Fields& fields, const RequestDefaults& defaults) {
  MaximisationRequest request;
  request.unit = read_unit(fields, defaults);
  request.iterations = fields.small("iterations", 1).value_or(request.iterations);
  request.rate = read_amount(fields, "rate", request.rate, false);
  request.decay = read_amount(fields, "decay", request.decay, true);
  request.blur = read_amount(fields, "blur", request.blur, true);
  request.blur_every = fields.small("blurEvery", 1).value_or(request.blur_every);
  return request;
}

Request read_random(Fields& fields, const RequestDefaults&) {
  RandomnessRequest request;
  request.images = fields.small("images", 1).value_or(request.images);
  request.kernels = fields.small("kernels", 1).value_or(request.kernels);
  return request;
}

Request read_closer(Fields& fields, const RequestDefaults& defaults) {
  CloserRequest request;
  request.unit = read_unit(fields, defaults);
  request.image = read_image(fields, defaults);
  request.y = fields.small("y", 0).value_or(request.y);
  request.x = fields.small("x", 0).value_or(request.x);
  if ((request.y < 0) != (request.x < 0)) fields.refuse("needs both y and x, or neither: then it is the cell with the largest sum");
  return request;
}

Request read_confusion(Fields& fields, const RequestDefaults&) {
  ConfusionRequest request;
  request.stride = fields.small("stride", 1).value_or(request.stride);
  return request;
}

Request read_test_images(Fields& fields, const RequestDefaults&) {
  const json& list = fields.raw("images");
  if (!list.is_array() || list.empty()) fields.refuse("needs images: a list of indices into the test set");
  ImagesRequest request;
  for (const json& value : list) {
    const ImageRef image = image_of(fields, value, "images");
    if (!std::holds_alternative<int>(image)) fields.refuse("needs indices into the test set for images");
    request.images.push_back(std::get<int>(image));
  }
  return request;
}

struct Reader {
  const char* view;
  Request (*read)(Fields&, const RequestDefaults&);
};

constexpr std::array kReaders = {Reader{"top", read_top},
                                 Reader{"evolution", read_evolution},
                                 Reader{"invariance", read_invariance},
                                 Reader{"occlusion", read_occlusion},
                                 Reader{"correspondence", read_correspondence},
                                 Reader{"architecture", read_architecture},
                                 Reader{"lookBack", read_look_back},
                                 Reader{"sanity", read_sanity},
                                 Reader{"classes", read_classes},
                                 Reader{"maximise", read_maximise},
                                 Reader{"random", read_random},
                                 Reader{"closer", read_closer},
                                 Reader{"confusion", read_confusion},
                                 Reader{"images", read_test_images}};
static_assert(kReaders.size() == std::variant_size_v<Request>);

}  // namespace

Request read_request(Fields& fields, const RequestDefaults& defaults) {
  const std::string view = fields.text("view").value_or("");
  std::vector<std::string> views;
  for (const Reader& reader : kReaders) {
    if (view == reader.view) return reader.read(fields, defaults);
    views.emplace_back(reader.view);
  }
  if (view.empty()) fields.refuse("needs a view: " + join(views, ", "));
  fields.refuse("does not know the view \"" + view + "\"; there are " + join(views, ", "));
}

}  // namespace lenet::lab
