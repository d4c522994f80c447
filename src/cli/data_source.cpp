#include "cli/data_source.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "app/data_store.h"
#include "base/error.h"
#include "data/mnist.h"
#include "data/strokes.h"

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

/// The folder with MNIST's files, or an empty path when there is none.
fs::path find_mnist(const std::string& folder) {
  if (!folder.empty()) return is_folder(fs::path(folder) / "mnist") ? fs::path(folder) / "mnist" : fs::path(folder);
  const std::string data = variable("LENET_LAB_DATA");
  if (!data.empty() && is_folder(fs::path(data) / "mnist")) return fs::path(data) / "mnist";
  const fs::path cached = cache_folder() / "data" / "mnist";
  return is_folder(cached) ? cached : fs::path();
}

}  // namespace

DataSource open_dataset(const std::string& name, const std::string& folder) {
  if (name == "strokes" && !folder.empty()) {
    throw Error("The strokes set is drawn by the program itself; --data belongs to MNIST. Leave one of the two out.");
  }
  if (name != "strokes" && name != "mnist" && name != "auto") {
    throw Error("There is no data set “" + name + "”. Known ones: mnist, strokes; auto takes MNIST where it is found.");
  }
  DataSource source;
  if (name != "strokes") {
    const fs::path mnist = find_mnist(folder);
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

}  // namespace lenet::cli
