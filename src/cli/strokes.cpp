#include "cli/strokes.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <vector>

#include "base/error.h"
#include "cli/files.h"
#include "cli/program.h"
#include "data/idx.h"
#include "data/mnist.h"

namespace lenet::cli {
namespace {

/// A big-endian header.
std::vector<std::byte> idx_header(data::IdxKind kind, std::initializer_list<int> sizes) {
  std::vector<std::byte> bytes;
  const auto append = [&](std::uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>((word >> shift) & 0xFF));
  };
  append(static_cast<std::uint32_t>(kind));
  for (const int size : sizes) append(static_cast<std::uint32_t>(size));
  return bytes;
}

void check_count(int count, int most, const char* option) {
  if (count < 0 || count > most) throw Error(std::string(option) + " must lie between 0 and " + std::to_string(most) + ".");
}

}  // namespace

int write_strokes(const StrokesOptions& options) {
  check_count(options.train, data::StrokesDataset::kTrainCount, "--train");
  check_count(options.test, data::StrokesDataset::kTestCount, "--test");
  make_folder(options.folder);
  const std::filesystem::path folder = options.folder;
  const auto write_half = [&](std::uint32_t first, int count, data::Part images, data::Part labels) {
    if (count == 0) return;
    std::vector<std::byte> pixel_file = idx_header(data::IdxKind::kImages, {count, data::kStrokeSide, data::kStrokeSide});
    std::vector<std::byte> label_file = idx_header(data::IdxKind::kLabels, {count});
    for (int i = 0; i < count; ++i) {
      const data::StrokeImage image = data::draw_digit(options.seed, first + static_cast<std::uint32_t>(i));
      const auto pixels = std::as_bytes(std::span(image.pixels));
      pixel_file.insert(pixel_file.end(), pixels.begin(), pixels.end());
      label_file.push_back(static_cast<std::byte>(image.label));
    }
    write_file(folder / data::kMnistFiles[static_cast<std::size_t>(images)], pixel_file);
    write_file(folder / data::kMnistFiles[static_cast<std::size_t>(labels)], label_file);
  };
  write_half(0, options.train, data::Part::kTrainImages, data::Part::kTrainLabels);
  write_half(data::kFirstTestStroke, options.test, data::Part::kTestImages, data::Part::kTestLabels);
  std::printf("%d training and %d test digits in %s\n", options.train, options.test, options.folder.c_str());
  return kSuccess;
}

}  // namespace lenet::cli
