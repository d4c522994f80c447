// A file in pieces, for data sets that take their bytes as they come.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>

namespace lenet::data {

/// Calls `take` with the file's bytes from front to back, a piece of some 256 KiB at a time. Throws Error when the file cannot be opened
/// or reading it fails; what `take` throws passes through.
void read_in_chunks(const std::filesystem::path& path, const std::function<void(std::span<const std::byte>)>& take);

}  // namespace lenet::data
