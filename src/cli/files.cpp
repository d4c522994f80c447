#include "cli/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace lenet::cli {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 31;

std::string reason() { return std::strerror(errno); }

bool is_special(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) && !std::filesystem::is_directory(status);
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw Error(path.string() + " is a folder, not a file.");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw Error("The file " + path.string() + " cannot be opened: " + reason() + ".");
  std::vector<std::byte> bytes;
  std::vector<std::byte> piece(std::size_t{1} << 18);
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) {
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
    if (bytes.size() > kLargestFile) throw Error("The file " + path.string() + " is larger than 2 GiB.");
  }
  if (std::ferror(file.get())) throw Error("Reading the file " + path.string() + " failed in the middle: " + reason() + ".");
  return bytes;
}

std::string read_text(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  if (path_.empty() || std::filesystem::is_directory(path_, ignored)) {
    throw Error("“" + path_.string() + "” cannot be written: it is a folder. Name a file.");
  }
  if (!is_special(path_)) {
    temporary_ = path_;
    temporary_ += "." + std::to_string(getpid()) + ".partial";  // several processes may write one file; the last one wins
  }
  const std::filesystem::path& opened = temporary_.empty() ? path_ : temporary_;
  file_.reset(std::fopen(opened.c_str(), "wb"));
  if (file_) return;
  const std::string why = reason();
  temporary_.clear();
  throw Error("The file " + path_.string() + " cannot be written: " + why + ". Does its folder exist, and may you write there?");
}

OutputFile::~OutputFile() {
  file_.reset();
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
}

void OutputFile::commit(std::span<const std::byte> bytes) {
  bool good = std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size() && std::fflush(file_.get()) == 0;
  std::string why = good ? "" : reason();
  if (std::fclose(file_.release()) != 0 && good) {
    good = false;
    why = reason();
  }
  if (good && !temporary_.empty()) {
    std::error_code error;
    std::filesystem::rename(temporary_, path_, error);
    good = !error;
    why = error.message();
  }
  if (!good) throw Error("The file " + path_.string() + " could not be written: " + why + ".");
  temporary_.clear();
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) { OutputFile(path).commit(bytes); }

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder, error)) {
    throw Error("The folder " + folder.string() + " cannot be made. Is there a file of that name, and may you write there?");
  }
}

}  // namespace lenet::cli
