#include "data/file_chunks.h"

#include <fstream>
#include <ios>
#include <vector>

#include "base/error.h"

namespace lenet::data {

void read_in_chunks(const std::filesystem::path& path, const std::function<void(std::span<const std::byte>)>& take) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error("The file " + path.string() + " cannot be opened. May you read it?");
  std::vector<char> buffer(std::size_t{1} << 18);
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    take(std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(stream.gcount()))));
  }
  if (stream.bad()) throw Error("Reading the file " + path.string() + " failed in the middle.");
}

}  // namespace lenet::data
