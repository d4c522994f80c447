// Comma-separated values as RFC 4180 has them.
#pragma once

#include <string>

namespace lenet::lab {

/// A field as it stands between two commas: in quotation marks where it has a comma, a quotation mark or a line break of its own.
inline std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace lenet::lab
