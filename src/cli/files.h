// Whole files in, and out without ever leaving a half-written one under the name asked for.
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lenet::cli {

/// All bytes of a file. Throws Error when it cannot be read or is larger than 2 GiB.
std::vector<std::byte> read_file(const std::filesystem::path& path);

/// The same as a text.
std::string read_text(const std::filesystem::path& path);

/// A file that appears under its name only when it is complete. The constructor opens a temporary file beside it, so that a
/// folder that cannot be written to is reported before hours of work; commit() renames it. Without a commit nothing is left.
/// A name that exists and is no ordinary file (such as /dev/stdout) is written to directly.
class OutputFile {
 public:
  /// Throws Error when the file could not be written there.
  explicit OutputFile(std::filesystem::path path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Writes the content and gives the file its name. Throws Error, for example when the disk is full; an earlier file of
  /// that name is then still there.
  void commit(std::span<const std::byte> bytes);

  const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::filesystem::path path_;
  std::filesystem::path temporary_;  // empty when path_ is written to directly, and after commit()
  std::unique_ptr<std::FILE, Close> file_;
};

/// Both steps at once.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Makes the folder and those above it where they are missing. Throws Error.
void make_folder(const std::filesystem::path& folder);

/// The bytes of a text.
inline std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

}  // namespace lenet::cli
