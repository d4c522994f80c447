#include "cli/data_source.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "app/data_store.h"
#include "base/error.h"
#include "cli/progress.h"
#include "data/cifar10.h"
#include "data/mnist.h"
#include "data/strokes.h"
#include "data/tested_on.h"

namespace lenet::cli {
namespace {

namespace fs = std::filesystem;

/// An environment variable's value; empty when it is not set.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// The folder that the tools keep fetched files in (tools/lib/common.sh).
fs::path cache_folder() {
  if (const std::string own = variable("LENET_LAB_CACHE"); !own.empty()) return own;
  if (const std::string user = variable("XDG_CACHE_HOME"); !user.empty()) return fs::path(user) / "lenet-lab";
  const std::string home = variable("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache" / "lenet-lab";
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return !path.empty() && fs::is_directory(path, ignored);
}

/// The folder with the files of "mnist" or "cifar10", or an empty path when there is none.
fs::path find_set(const std::string& name, const std::string& folder) {
  if (!folder.empty()) return is_folder(fs::path(folder) / name) ? fs::path(folder) / name : fs::path(folder);
  const std::string data = variable("LENET_LAB_DATA");
  if (!data.empty() && is_folder(fs::path(data) / name)) return fs::path(data) / name;
  const fs::path cached = cache_folder() / "data" / name;
  return is_folder(cached) ? cached : fs::path();
}

DataSource open_cifar10(const std::string& folder) {
  const fs::path found = find_set("cifar10", folder);
  if (found.empty()) {
    throw Error(
        "CIFAR-10 was not found on this machine. Name the folder with its batches (--data DIR, or the environment variable "
        "LENET_LAB_DATA for the folder above a folder cifar10), or run tools/get-data --cifar10.");
  }
  auto set = data::load_cifar10(found);
  const std::string batches = set->train_files() == 1 ? "1 batch" : std::to_string(set->train_files()) + " batches";
  const std::string notice = "CIFAR-10: " + count_text(set->train_count()) + " training images in " + batches + ", " +
                             count_text(set->test_count()) + " test images.";
  return {.parts = {}, .dataset = std::move(set), .notice = notice};
}

}  // namespace

DataSource open_dataset(const std::string& name, const std::string& folder) {
  if (name == "strokes" && !folder.empty()) {
    throw Error("The strokes set is drawn by the program itself; --data belongs to MNIST and CIFAR-10. Leave one of the two out.");
  }
  if (name == "cifar10") return open_cifar10(folder);
  if (name != "strokes" && name != "mnist" && name != "auto") {
    throw Error("There is no data set “" + name + "”. Known ones: mnist, cifar10, strokes; auto takes MNIST where it is found.");
  }
  DataSource source;
  if (name != "strokes") {
    const fs::path mnist = find_set("mnist", folder);
    if (!mnist.empty()) {
      source.dataset = data::load_mnist(mnist);
      return source;
    }
    if (name == "mnist") {
      throw Error(
          "MNIST was not found on this machine. Name the folder with its four files (--data DIR, or the environment variable "
          "LENET_LAB_DATA for the folder above a folder mnist), run tools/get-data, or use --dataset strokes.");
    }
    source.notice = "MNIST was not found (--data DIR names its folder), so this run uses the strokes set.";
  }
  source.dataset = std::make_unique<data::StrokesDataset>(app::kStrokesSeed);
  return source;
}

DataSource open_dataset(const std::string& name, const std::string& test_on, const std::string& folder) {
  if (test_on.empty()) return open_dataset(name, folder);
  const bool drawn = name == "strokes";  // then the folder is the other set's
  DataSource train = open_dataset(name, drawn ? "" : folder);
  DataSource test = open_dataset(test_on, drawn || test_on != "strokes" ? folder : "");
  DataSource source;
  source.dataset = std::make_unique<data::TestedOnDataset>(*train.dataset, *test.dataset);
  source.notice = train.notice + (train.notice.empty() || test.notice.empty() ? "" : "\n") + test.notice;
  source.parts.push_back(std::move(train.dataset));
  source.parts.push_back(std::move(test.dataset));
  return source;
}

}  // namespace lenet::cli
