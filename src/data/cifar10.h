// CIFAR-10 in its binary format, while it arrives or from a folder.
//
// Format and source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009); the set is by A. Krizhevsky,
// V. Nair and G. Hinton. A file is a row of records without a header: a label byte, then 32 × 32 red, green and blue bytes.
// Cifar10Dataset owns all pixels, in blocks that never move.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"
#include "data/dataset.h"
#include "data/gzip.h"

namespace lenet::data {

/// A data set fed with one file after the other, each in pieces of any size, gzipped or not: any number of training batches in
/// their order, and test batches, before, between or after them. After an Error the set takes no more bytes (all below throw);
/// what had become available stays readable.
class Cifar10Dataset : public Dataset {
 public:
  enum class Half { kTrain, kTest };
  static constexpr ImageShape kShape{3, 32, 32};
  static constexpr std::size_t kRecord = 3073;  ///< bytes of one label and its image
  static constexpr int kMaxRecords = 65536;     ///< of one file; a published batch has 10,000
  static constexpr int kMostExpected = 1000000; ///< images of one half that may be expected; 50,000 are published

  /// Says before the first file how many images all training and all test batches hold together, so that train_count() and
  /// test_count() are known while they arrive. Throws Error when a number is above kMostExpected, when there are no test images
  /// or no more training images than are held out; std::logic_error when a file was begun.
  void expect(int train_images, int test_images);

  /// Starts the next file; `file` is its name for error messages. Throws std::logic_error while another one is open.
  void begin_file(Half half, const std::string& file);
  /// Takes the next bytes of the open file. Throws Error on corrupt gzip data, a label over 9, more than kMaxRecords records and
  /// more images than expected; std::logic_error when no file is open.
  void push(std::span<const std::byte> file_bytes);
  /// Says that the open file is over. Throws Error when it is empty or its size is no multiple of kRecord.
  void finish_file();
  /// Says that there are no more files. Throws Error when there is no training or no test batch, when there are no more training
  /// images than are held out, or other numbers than expected.
  void finish();

  /// Whether a file was begun and is not finished.
  bool file_is_open() const { return open_.has_value(); }
  /// Training batches that have arrived whole.
  int train_files() const { return train_.files; }

  const std::string& name() const override { return name_; }
  ImageShape shape() const override { return kShape; }
  const std::vector<std::string>& class_names() const override;
  /// The format announces no number: what is expected, or else 0 until finish().
  int train_count() const override { return complete_ ? train_.available : train_.expected; }
  int test_count() const override { return complete_ ? test_.available : test_.expected; }
  int train_available() const override { return train_.available; }
  int test_available() const override { return test_.available; }
  std::span<const std::uint8_t> train_image(int i) const override { return train_.record(i).subspan(1); }
  int train_label(int i) const override { return train_.record(i)[0]; }
  std::span<const std::uint8_t> test_image(int i) const override { return test_.record(i).subspan(1); }
  int test_label(int i) const override { return test_.record(i)[0]; }
  /// Does not depend on how the images are spread over batches.
  std::string content_hash() const override;

 private:
  /// The records of one half, one file after the other.
  struct Records {
    std::vector<std::vector<std::uint8_t>> blocks;
    std::size_t filled = 0;  ///< bytes that have arrived
    int available = 0;       ///< whole records
    int files = 0;           ///< whole files
    int expected = 0;        ///< images of all files together; 0 while unknown
    Hash hash;

    std::span<const std::uint8_t> record(int i) const;
    /// Stores what fits into the block that is being filled, and returns how many bytes that was.
    std::size_t take(std::span<const std::byte> bytes);
  };

  /// The file that is arriving.
  struct File {
    std::string name;
    Half half;
    GzipReader gzip;
    std::size_t size = 0;  ///< uncompressed bytes so far
  };

  Records& records(Half half) { return half == Half::kTrain ? train_ : test_; }
  void take(std::span<const std::byte> bytes);
  void check_labels(std::span<const std::byte> bytes) const;
  void refuse_if_failed() const;

  std::string name_ = "cifar10";
  Records train_, test_;
  std::optional<File> open_;
  bool complete_ = false;
  bool failed_ = false;
};

/// Loads CIFAR-10 from a folder that holds test_batch.bin and any number of data_batch_<number>.bin, each plain or with .gz
/// (plain wins); they are read in the order of their numbers. Native programs and tests. Throws Error when the folder or a file
/// is missing or wrong.
std::unique_ptr<Cifar10Dataset> load_cifar10(const std::filesystem::path& folder);

}  // namespace lenet::data
