#include "data/mnist.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "data/batches.h"
#include "data/file_chunks.h"

namespace lenet::data {
namespace {

std::string pixels_text(const IdxParser& idx) { return std::to_string(idx.rows()) + " x " + std::to_string(idx.cols()); }

/// Images and labels of one half belong together one to one.
void check_counts(const std::string& images_name, const IdxParser& images, const std::string& labels_name,
                  const IdxParser& labels) {
  if (!images.has_header() || !labels.has_header() || images.count() == labels.count()) return;
  throw Error("The counts differ: " + images_name + " holds " + std::to_string(images.count()) + " images, but " + labels_name +
              " holds " + std::to_string(labels.count()) + " labels. Use the two files that belong together.");
}

void require_index(int i, int available) {
  if (i < 0 || i >= available) throw std::logic_error("IdxDataset: no such image, or it has not arrived yet");
}

/// The file of that name in the folder, plain or compressed, or an empty path.
std::filesystem::path find_file(const std::filesystem::path& folder, const std::string& name) {
  // Some copies write train-images.idx3-ubyte, as an unpacked archive of the original site did.
  std::string dotted = name;
  dotted[dotted.find("-idx")] = '.';
  for (const std::string& candidate : {name, name + ".gz", dotted, dotted + ".gz"}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / candidate, ignored)) return folder / candidate;
  }
  return {};
}

void feed_file(IdxDataset& set, Part part, const std::filesystem::path& path) {
  read_in_chunks(path, [&](std::span<const std::byte> bytes) { set.push(part, bytes); });
  set.finish(part);
}

}  // namespace

IdxDataset::IdxDataset(std::string name)
    : IdxDataset(std::move(name), {kMnistFiles[0], kMnistFiles[1], kMnistFiles[2], kMnistFiles[3]}) {}

IdxDataset::IdxDataset(std::string name, const std::array<std::string, 4>& files)
    : name_(std::move(name)),
      files_{File(files[0], IdxKind::kImages), File(files[1], IdxKind::kLabels), File(files[2], IdxKind::kImages),
             File(files[3], IdxKind::kLabels)} {}

void IdxDataset::push(Part part, std::span<const std::byte> file_bytes) {
  refuse_if_failed();
  failed_ = true;  // until the end of this call is reached
  File& target = file(part);
  target.gzip.push(file_bytes, [&](std::span<const std::byte> bytes) {
    const bool header_is_new = !target.idx.has_header();
    // The header alone first: a count that does not fit is reported before any of its bytes are stored.
    const std::size_t first = header_is_new ? std::min<std::size_t>(bytes.size(), 16) : 0;
    target.idx.push(bytes.first(first));
    if (header_is_new) check_headers();
    target.idx.push(bytes.subspan(first));
  });
  failed_ = false;
}

void IdxDataset::finish(Part part) {
  refuse_if_failed();
  failed_ = true;
  file(part).gzip.finish();
  file(part).idx.finish();
  file(part).finished = true;
  failed_ = false;
}

bool IdxDataset::complete() const {
  return std::all_of(files_.begin(), files_.end(), [](const File& f) { return f.finished; });
}

ImageShape IdxDataset::shape() const {
  const IdxParser& train = file(Part::kTrainImages).idx;
  const IdxParser& known = train.has_header() ? train : file(Part::kTestImages).idx;
  return {1, known.rows(), known.cols()};
}

int IdxDataset::train_available() const {
  return std::min(file(Part::kTrainImages).idx.available(), file(Part::kTrainLabels).idx.available());
}

int IdxDataset::test_available() const {
  return std::min(file(Part::kTestImages).idx.available(), file(Part::kTestLabels).idx.available());
}

std::span<const std::uint8_t> IdxDataset::train_image(int i) const {
  require_index(i, train_available());
  return file(Part::kTrainImages).idx.item(i);
}

int IdxDataset::train_label(int i) const {
  require_index(i, train_available());
  return file(Part::kTrainLabels).idx.item(i)[0];
}

std::span<const std::uint8_t> IdxDataset::test_image(int i) const {
  require_index(i, test_available());
  return file(Part::kTestImages).idx.item(i);
}

int IdxDataset::test_label(int i) const {
  require_index(i, test_available());
  return file(Part::kTestLabels).idx.item(i)[0];
}

std::string IdxDataset::content_hash() const {
  // Each file is hashed while it arrives, so the order among the files does not matter and nothing is read twice.
  Hash hash;
  for (const File& f : files_) {
    const std::string text = f.idx.hash().text();
    hash.add_values(std::span<const char>(text));
  }
  return hash.text();
}

void IdxDataset::refuse_if_failed() const {
  if (failed_) throw Error("The data set " + name_ + " failed to load before. Load its files again from the beginning.");
}

void IdxDataset::check_headers() const {
  const File& train = file(Part::kTrainImages);
  const File& test = file(Part::kTestImages);
  const File& train_labels = file(Part::kTrainLabels);
  const File& test_labels = file(Part::kTestLabels);
  check_counts(train.name, train.idx, train_labels.name, train_labels.idx);
  check_counts(test.name, test.idx, test_labels.name, test_labels.idx);
  if (train.idx.has_header() && test.idx.has_header() &&
      (train.idx.rows() != test.idx.rows() || train.idx.cols() != test.idx.cols())) {
    throw Error("The image sizes differ: " + train.name + " has " + pixels_text(train.idx) + " pixels, " + test.name + " has " +
                pixels_text(test.idx) + ". Use files of one data set.");
  }
  if (train.idx.has_header() && train.idx.count() <= kHeldOut) {
    throw Error(train.name + " holds " + std::to_string(train.idx.count()) + " images, but the first " +
                std::to_string(kHeldOut) + " are held out for validation: at least " + std::to_string(kHeldOut + 1) +
                " are needed. Is it the test file?");
  }
}

std::unique_ptr<IdxDataset> load_mnist(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    throw Error("There is no folder " + folder.string() + ". Name one that holds MNIST's four files (" + kMnistFiles[0] +
                ".gz and so on).");
  }
  std::array<std::filesystem::path, 4> paths;
  std::array<std::string, 4> names;
  for (std::size_t i = 0; i < 4; ++i) {
    paths[i] = find_file(folder, kMnistFiles[i]);
    if (paths[i].empty()) {
      throw Error("The folder " + folder.string() + " has no file " + kMnistFiles[i] + " (or " + kMnistFiles[i] +
                  ".gz). MNIST needs all four of its files.");
    }
    names[i] = paths[i].string();
  }
  auto set = std::make_unique<IdxDataset>("mnist", names);
  for (std::size_t i = 0; i < 4; ++i) feed_file(*set, static_cast<Part>(i), paths[i]);
  return set;
}

}  // namespace lenet::data
