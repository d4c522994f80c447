#include "cli/timeline_folder.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "cli/files.h"
#include "nn/checkpoint.h"

namespace lenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = "step-", kEnd = ".safetensors";

std::string file_name(std::uint64_t step) { return std::string(kBegin) + std::to_string(step) + std::string(kEnd); }

/// The step in a moment's file name; nothing for other files.
std::optional<std::uint64_t> step_of(const std::string& name) {
  if (!name.starts_with(kBegin) || !name.ends_with(kEnd) || name.size() <= kBegin.size() + kEnd.size()) return std::nullopt;
  return read_whole<std::uint64_t>(std::string_view(name).substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size()));
}

/// The moments' files by their steps.
std::map<std::uint64_t, fs::path> moments_in(const fs::path& folder) {
  std::map<std::uint64_t, fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (const auto step = step_of(entry->path().filename().string())) files[*step] = entry->path();
  }
  if (error) throw Error("The folder " + folder.string() + " cannot be read: " + error.message() + ".");
  return files;
}

/// A whole number of a moment's metadata.
template <class Integer>
Integer number_of(const std::map<std::string, std::string>& metadata, const char* key, const std::string& file) {
  const auto found = metadata.find(key);
  const std::optional<Integer> value = found == metadata.end() ? std::nullopt : read_whole<Integer>(found->second);
  if (!value) throw Error(file + " does not say which " + key + " it is of. lenet-lab train --timeline writes files that do.");
  return *value;
}

}  // namespace

void begin_timeline_folder(const fs::path& folder) {
  make_folder(folder);
  const auto files = moments_in(folder);
  if (files.empty()) return;
  throw Error("The folder " + folder.string() + " has a run's moments already (" + files.begin()->second.filename().string() +
              "). Remove them, or name another folder for --timeline.");
}

void write_timeline(const fs::path& folder, const nn::Network<float>& network, const lab::Timeline& timeline,
                    const std::map<std::string, std::string>& metadata) {
  nn::Weights<float> weights = network.make_weights();
  for (const lab::Moment& moment : timeline.moments()) {
    weights.values = *moment.values;
    std::map<std::string, std::string> entries = metadata;
    entries["step"] = std::to_string(moment.step);
    entries["epoch"] = std::to_string(moment.epoch);
    entries["ends_epoch"] = moment.ends_epoch ? "1" : "0";
    write_file(folder / file_name(moment.step), nn::save_weights(network, weights, std::move(entries)));
  }
}

lab::Timeline read_timeline(const fs::path& folder, const nn::Network<float>& network) {
  lab::Timeline timeline;
  nn::Weights<float> weights = network.make_weights();
  for (const auto& [step, path] : moments_in(folder)) {
    const std::string file = path.string();
    const auto metadata = nn::load_weights(network, read_file(path), file, weights);
    if (number_of<std::uint64_t>(metadata, "step", file) != step) throw Error(file + " is of another step than its name says.");
    timeline.offer(step, number_of<int>(metadata, "epoch", file), number_of<int>(metadata, "ends_epoch", file) != 0,
                   weights.values);
  }
  if (timeline.moments().empty()) {
    throw Error("The folder " + folder.string() +
                " has no moments (step-0.safetensors, …). lenet-lab train --timeline writes them.");
  }
  return timeline;
}

}  // namespace lenet::cli
