// MNIST and every set in the same four IDX files (Fashion-MNIST, KMNIST, …), while it arrives or from a folder.
//
// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". IdxDataset owns all pixels.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "data/dataset.h"
#include "data/gzip.h"
#include "data/idx.h"

namespace lenet::data {

/// The four files of the data set.
enum class Part { kTrainImages = 0, kTrainLabels = 1, kTestImages = 2, kTestLabels = 3 };

/// Their usual names, in the order of Part.
inline constexpr std::array<const char*, 4> kMnistFiles = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                           "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/// A data set fed with the bytes of its four files, in pieces of any size, in any order among the files, gzipped or not.
/// An image is available only when its label is there too. After an Error the set takes no more bytes (push throws); what
/// had become available stays readable.
class IdxDataset : public Dataset {
 public:
  /// `name` as in Dataset::name; `files` are the names used in error messages, in the order of Part.
  explicit IdxDataset(std::string name = "mnist");
  IdxDataset(std::string name, const std::array<std::string, 4>& files);

  /// Takes the next bytes of one file. Throws Error on anything wrong with the file itself, and when the number of images
  /// and labels differ, training and test images differ in size, or fewer than 5,001 training images are announced.
  void push(Part part, std::span<const std::byte> file_bytes);

  /// Says that one file is over. Throws Error when it was cut short.
  void finish(Part part);

  /// True when all four files have arrived and are whole.
  bool complete() const;

  const std::string& name() const override { return name_; }
  ImageShape shape() const override;
  int train_count() const override { return file(Part::kTrainImages).idx.count(); }
  int test_count() const override { return file(Part::kTestImages).idx.count(); }
  int train_available() const override;
  int test_available() const override;
  std::span<const std::uint8_t> train_image(int i) const override;
  int train_label(int i) const override;
  std::span<const std::uint8_t> test_image(int i) const override;
  int test_label(int i) const override;
  std::string content_hash() const override;

 private:
  struct File {
    std::string name;
    GzipReader gzip;
    IdxParser idx;
    bool finished = false;

    File(const std::string& file_name, IdxKind kind) : name(file_name), gzip(file_name), idx(kind, file_name) {}
  };

  File& file(Part part) { return files_[static_cast<std::size_t>(part)]; }
  const File& file(Part part) const { return files_[static_cast<std::size_t>(part)]; }
  void refuse_if_failed() const;
  void check_headers() const;

  std::string name_;
  std::array<File, 4> files_;
  bool failed_ = false;
};

/// Loads a data set from a folder that holds the four files, each plain or with .gz (plain wins). Native programs and tests.
/// Throws Error when the folder or a file is missing or wrong.
std::unique_ptr<IdxDataset> load_mnist(const std::filesystem::path& folder);

}  // namespace lenet::data
