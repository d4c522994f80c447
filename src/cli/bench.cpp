#include "cli/bench.h"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/measurement.h"
#include "base/error.h"
#include "cli/data_source.h"
#include "cli/program.h"
#include "nn/lanes.h"

namespace lenet::cli {
namespace {

lab::Throughput train_for(lab::Run& run, lab::Workers& workers, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  lab::Throughput result;
  do {
    result.images += static_cast<std::uint64_t>(run.train_step(workers).images);
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  } while (result.seconds < seconds);
  return result;
}

void print_layers(const nlohmann::json& report) {
  std::printf("%-10s %-18s %12s %9s %6s\n", "layer", "pass", "µs per block", "GFLOP/s", "peak");
  for (const auto& pass : report["layers"]) {
    std::printf("%-10s %-18s %12.1f", pass["layer"].get<std::string>().c_str(), pass["pass"].get<std::string>().c_str(),
                pass["microseconds"].get<double>());
    const double gflops = pass["gflops"];
    if (gflops > 0) std::printf(" %9.1f %5.0f%%", gflops, 100 * pass["share_of_peak"].get<double>());
    std::printf("\n");
  }
  std::printf("A block is eight images. Peak: %.1f GFLOP/s on one thread with %s.\n", report["peak_gflops"].get<double>(), nn::simd_name());
}

void print_views(const nlohmann::json& report) {
  const std::string layer = report["layer"];
  std::printf("projections of %s, deconv: %.0f a second\n", layer.c_str(), report["projections_per_second"].get<double>());
  std::printf("top nine of %d images, %d units of %s: %.2f s\n", report["top_images"].get<int>(), report["units"].get<int>(), layer.c_str(),
              report["top_seconds"].get<double>());
  std::printf("occlusion map, %d positions: %.3f s\n", report["occlusion_positions"].get<int>(), report["occlusion_seconds"].get<double>());
  std::printf("Medians, one thread, %s.\n", nn::simd_name());
}

}  // namespace

int bench(const BenchOptions& options) {
  if (options.what != "train" && options.what != "inference" && options.what != "layers" && options.what != "lab") {
    throw Error("--what: there is no “" + options.what + "”; there are train, inference, layers and lab.");
  }
  const DataSource source = open_dataset("auto", options.data_folder);
  if (!source.notice.empty()) std::fprintf(stderr, "%s\n", source.notice.c_str());
  lab::Recipe recipe;
  recipe.batch = options.batch;
  lab::Run run(*source.dataset, recipe, 1);
  ThreadPool pool(options.threads);
  lab::Workers workers(run.training_network(), pool);

  constexpr double kWarmUp = 0.3;
  train_for(run, workers, kWarmUp);
  std::string json;
  if (options.what == "train") {
    json = app::to_json(train_for(run, workers, options.seconds));
  } else {
    json = app::measure(run, options.what, options.batch, options.seconds, workers);
  }
  if (options.json) {
    std::printf("%s\n", json.c_str());
    return kSuccess;
  }
  const nlohmann::json result = nlohmann::json::parse(json);
  if (options.what == "layers") {
    print_layers(result);
  } else if (options.what == "lab") {
    print_views(result);
  } else {
    std::printf("%s of %s, batch %d, %d thread%s, %s: %.0f images/s (%.1f s)\n", options.what == "train" ? "training" : "inference",
                source.dataset->name().c_str(), options.batch, options.threads, options.threads == 1 ? "" : "s", nn::simd_name(),
                result["images"].get<double>() / result["seconds"].get<double>(), result["seconds"].get<double>());
  }
  return kSuccess;
}

}  // namespace lenet::cli
