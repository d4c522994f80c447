#include "data/cifar10.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "data/batches.h"
#include "data/file_chunks.h"

namespace lenet::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockRecords = 341;  // about a MiB
constexpr std::size_t kBlockBytes = kBlockRecords * Cifar10Dataset::kRecord;
constexpr int kLargestLabel = 9;
constexpr const char* kRenewList = "Make the list of data sets anew (tools/get-data --cifar10).";

/// More training images than are held out are needed.
void check_train_images(int count) {
  if (count > kHeldOut) return;
  throw Error("CIFAR-10's training batches hold " + std::to_string(count) + " images, but the first " + std::to_string(kHeldOut) +
              " are held out for validation: at least " + std::to_string(kHeldOut + 1) + " are needed. Add another batch.");
}

/// The number in data_batch_<number>.bin or .bin.gz as digits without leading zeros; empty for any other name.
std::string batch_number(std::string_view file) {
  constexpr std::string_view kBegin = "data_batch_";
  if (!file.starts_with(kBegin)) return {};
  file.remove_prefix(kBegin.size());
  if (file.ends_with(".gz")) file.remove_suffix(3);
  if (!file.ends_with(".bin")) return {};
  file.remove_suffix(4);
  if (file.empty() || file.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return std::string(file.substr(std::min(file.find_first_not_of('0'), file.size() - 1)));
}

/// The training batches of the folder in the order of their numbers.
std::vector<fs::path> find_batches(const fs::path& folder) {
  std::map<std::pair<std::size_t, std::string>, fs::path> found;  // by number: fewer digits first
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string number = batch_number(entry->path().filename().string());
    std::error_code ignored;
    if (number.empty() || !entry->is_regular_file(ignored)) continue;
    fs::path& place = found[{number.size(), number}];
    if (place.empty() || place.extension() == ".gz") place = entry->path();
  }
  if (error) throw Error("The folder " + folder.string() + " cannot be listed. May you read it?");
  std::vector<fs::path> paths;
  for (const auto& [number, path] : found) paths.push_back(path);
  return paths;
}

void feed_file(Cifar10Dataset& set, Cifar10Dataset::Half half, const fs::path& path) {
  set.begin_file(half, path.string());
  read_in_chunks(path, [&](std::span<const std::byte> bytes) { set.push(bytes); });
  set.finish_file();
}

}  // namespace

std::span<const std::uint8_t> Cifar10Dataset::Records::record(int i) const {
  if (i < 0 || i >= available) throw std::logic_error("Cifar10Dataset: no such image, or it has not arrived yet");
  const auto index = static_cast<std::size_t>(i);
  return std::span(blocks[index / kBlockRecords]).subspan(index % kBlockRecords * kRecord, kRecord);
}

std::size_t Cifar10Dataset::Records::take(std::span<const std::byte> bytes) {
  const std::size_t place = filled % kBlockBytes;
  const std::size_t taken = std::min(bytes.size(), kBlockBytes - place);
  if (place == 0) blocks.emplace_back(kBlockBytes);
  std::memcpy(blocks.back().data() + place, bytes.data(), taken);
  hash.add(bytes.first(taken));
  filled += taken;
  available = static_cast<int>(filled / kRecord);
  return taken;
}

const std::vector<std::string>& Cifar10Dataset::class_names() const {
  static const std::vector<std::string> names = {"airplane", "automobile", "bird",  "cat",  "deer",
                                                 "dog",      "frog",       "horse", "ship", "truck"};
  return names;
}

void Cifar10Dataset::expect(int train_images, int test_images) {
  refuse_if_failed();
  if (open_ || train_.filled + test_.filled > 0) throw std::logic_error("Cifar10Dataset::expect: a file was begun before");
  failed_ = true;
  check_train_images(train_images);
  if (test_images < 1) throw Error("CIFAR-10 needs test images, but none are announced. Add its test batch.");
  if (std::max(train_images, test_images) > kMostExpected) {
    throw Error("CIFAR-10 is announced with " + std::to_string(std::max(train_images, test_images)) + " images, more than " +
                std::to_string(kMostExpected) + ". " + kRenewList);
  }
  train_.expected = train_images;
  test_.expected = test_images;
  failed_ = false;
}

void Cifar10Dataset::begin_file(Half half, const std::string& file) {
  refuse_if_failed();
  if (open_ || complete_) throw std::logic_error("Cifar10Dataset::begin_file: the file before is still open, or all is finished");
  open_.emplace(File{file, half, GzipReader(file)});
}

void Cifar10Dataset::push(std::span<const std::byte> file_bytes) {
  refuse_if_failed();
  if (!open_) throw std::logic_error("Cifar10Dataset::push: no file is open");
  failed_ = true;  // until the end of this call is reached
  open_->gzip.push(file_bytes, [&](std::span<const std::byte> bytes) { take(bytes); });
  failed_ = false;
}

void Cifar10Dataset::take(std::span<const std::byte> bytes) {
  if (open_->size + bytes.size() > static_cast<std::size_t>(kMaxRecords) * kRecord) {
    throw Error(open_->name + " is too long: one file may hold " + std::to_string(kMaxRecords) +
                " images. Is it a CIFAR-10 batch?");
  }
  Records& half = records(open_->half);
  if (half.expected > 0 && half.filled + bytes.size() > static_cast<std::size_t>(half.expected) * kRecord) {
    throw Error("With " + open_->name + " there are more than the " + std::to_string(half.expected) + " images announced. " + kRenewList);
  }
  check_labels(bytes);
  open_->size += bytes.size();
  while (!bytes.empty()) bytes = bytes.subspan(half.take(bytes));
}

void Cifar10Dataset::check_labels(std::span<const std::byte> bytes) const {
  const std::size_t size = open_->size;
  const std::size_t first = (kRecord - size % kRecord) % kRecord;  // the next label among these bytes
  for (std::size_t i = first; i < bytes.size(); i += kRecord) {
    const int label = std::to_integer<int>(bytes[i]);
    if (label > kLargestLabel) {
      throw Error(open_->name + ": the label of image " + std::to_string((size + i) / kRecord) + " (counted from 0) is " +
                  std::to_string(label) + ", but CIFAR-10 has the labels 0 to 9. Is it a batch of CIFAR-10's binary version?");
    }
  }
}

void Cifar10Dataset::finish_file() {
  refuse_if_failed();
  if (!open_) throw std::logic_error("Cifar10Dataset::finish_file: no file is open");
  failed_ = true;
  open_->gzip.finish();
  if (open_->size == 0) throw Error(open_->name + " is empty. Download or copy it again.");
  if (open_->size % kRecord != 0) {
    throw Error(open_->name + " has the wrong size: its " + std::to_string(open_->size) + " bytes are no multiple of " +
                std::to_string(kRecord) +
                ", which a label and its image take. Is it cut short, or no batch of CIFAR-10's binary version?");
  }
  ++records(open_->half).files;
  open_.reset();
  failed_ = false;
}

void Cifar10Dataset::finish() {
  refuse_if_failed();
  if (open_) throw std::logic_error("Cifar10Dataset::finish: a file is still open");
  failed_ = true;
  if (train_.files == 0) throw Error("CIFAR-10 needs a training batch (data_batch_1.bin and so on); there is none.");
  if (test_.files == 0) throw Error("CIFAR-10 needs its test batch (test_batch.bin); there is none.");
  check_train_images(train_.available);
  for (const Records* half : {&train_, &test_}) {
    if (half->expected == 0 || half->available == half->expected) continue;
    throw Error("CIFAR-10's batches hold " + std::to_string(half->available) + " images where " + std::to_string(half->expected) +
                " are announced. " + kRenewList);
  }
  complete_ = true;
  failed_ = false;
}

std::string Cifar10Dataset::content_hash() const {
  Hash hash;
  for (const Records* half : {&train_, &test_}) {
    const std::string text = half->hash.text();
    hash.add_values(std::span<const char>(text));
  }
  return hash.text();
}

void Cifar10Dataset::refuse_if_failed() const {
  if (failed_) throw Error("The data set " + name_ + " failed to load before. Load its files again from the beginning.");
}

std::unique_ptr<Cifar10Dataset> load_cifar10(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error("There is no folder " + folder.string() + ". Name one that holds CIFAR-10's batches (data_batch_1.bin and so on).");
  }
  const std::vector<fs::path> batches = find_batches(folder);
  if (batches.empty()) {
    throw Error("The folder " + folder.string() + " has no training batch data_batch_1.bin (or data_batch_1.bin.gz, and so on). " +
                "CIFAR-10's binary version is needed, not the one for Python.");
  }
  fs::path test = folder / "test_batch.bin";
  if (!fs::is_regular_file(test, ignored)) test += ".gz";
  if (!fs::is_regular_file(test, ignored)) {
    throw Error("The folder " + folder.string() + " has no test batch test_batch.bin (or test_batch.bin.gz).");
  }
  auto set = std::make_unique<Cifar10Dataset>();
  for (const fs::path& path : batches) feed_file(*set, Cifar10Dataset::Half::kTrain, path);
  feed_file(*set, Cifar10Dataset::Half::kTest, test);
  set->finish();
  return set;
}

}  // namespace lenet::data
