// Shared by the tests of src/cli: a folder of their own, and the program run in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/files.h"
#include "cli/program.h"
#include "data_support.h"

#ifdef LENET_LAB_PROGRAM
#include <sys/wait.h>
#endif

namespace lenet::test {

namespace fs = std::filesystem;

/// A folder of its own, removed at the end.
struct Folder {
  fs::path path = temporary_path("cli");
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name) const { return (path / name).string(); }
};

struct Outcome {
  int code = 0;
  std::string errors;  ///< what it said on the standard error; not known in Node

  bool said(const std::string& text) const {
#ifdef LENET_LAB_PROGRAM
    return contains(errors, text);
#else
    return !text.empty();
#endif
  }
};

/// Runs lenet-lab: the real program natively, its run() in Node. No argument may contain a single quote. `variable`, natively only,
/// is set for it alone: NAME=value.
inline Outcome lenet_lab(const std::vector<std::string>& arguments, [[maybe_unused]] const std::string& variable = "") {
#ifdef LENET_LAB_PROGRAM
  const Folder folder;
  std::string command = variable + " " + LENET_LAB_PROGRAM;
  for (const std::string& argument : arguments) command += " '" + argument + "'";
  const int status = std::system((command + " >'" + folder.file("out") + "' 2>'" + folder.file("errors") + "'").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, cli::read_text(folder.file("errors"))};
#else
  std::vector<const char*> argv = {"lenet-lab"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return {cli::run(static_cast<int>(argv.size()), argv.data()), ""};
#endif
}

}  // namespace lenet::test
