// Shared by the tests against tests/golden: its files, and its digits.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "data/idx.h"
#include "support.h"

namespace lenet::test {

inline constexpr int kGoldenDigits = 11;  // a full block of eight and one that is not

inline std::vector<std::byte> read_golden(const std::string& name) {
  std::ifstream stream(std::string(LENET_GOLDEN_DIR) + "/" + name, std::ios::binary);
  REQUIRE_MESSAGE(stream.good(), name << " is missing in tests/golden");
  std::stringstream content;
  content << stream.rdbuf();
  const std::string text = content.str();
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// All items of an IDX file one behind the other.
inline std::vector<std::uint8_t> read_golden_idx(data::IdxKind kind, const std::string& name) {
  data::IdxParser parser(kind, name);
  parser.push(read_golden(name));
  parser.finish();
  REQUIRE(parser.count() == kGoldenDigits);
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < kGoldenDigits; ++i) bytes.insert(bytes.end(), parser.item(i).begin(), parser.item(i).end());
  return bytes;
}

}  // namespace lenet::test
