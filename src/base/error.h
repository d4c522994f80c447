// The one exception type of the project.
#pragma once

#include <stdexcept>
#include <string>

namespace lenet {

/// Thrown for anything a user can cause: a corrupt file, a description that does not fit, a missing folder.
/// The message is one or two sentences that a student can act on; it names the file, layer or setting.
/// A broken precondition inside our own code is a std::logic_error instead.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace lenet
