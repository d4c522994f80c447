// Checked access to the fields of a JSON object that a person or a script wrote. Every problem is an Error that names the place
// and the field.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace lenet::lab {

/// The largest whole number that every program reads from JSON as it was written.
inline constexpr std::int64_t kLargestExact = std::int64_t{1} << 53;

/// The JSON value of a text. Throws Error that begins with `name` and says where it stops being JSON; lists and objects may be nested
/// 64 deep.
nlohmann::json parse_json(std::string_view text, const std::string& name);

/// What read() gives; an Error that it throws gets `where` in front.
template <class Read>
auto in_place(const std::string& where, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(where + ": " + error.what());
  }
}

/// Reads named fields one by one and remembers them; finish() refuses what nobody asked for.
/// Every getter gives nothing for a field that is left out or null.
class Fields {
 public:
  /// `where` begins every message: "set()" for "set() needs …". The object must outlive this; Error when it is no object.
  Fields(const nlohmann::json& object, std::string where);

  std::optional<std::string> text(const char* name);
  std::optional<bool> boolean(const char* name);
  /// Any finite number.
  std::optional<double> number(const char* name);
  /// A whole number in low … high.
  std::optional<std::int64_t> integer(const char* name, std::int64_t low, std::int64_t high);
  std::optional<int> small(const char* name, int low, int high = std::numeric_limits<int>::max());
  /// A list of texts.
  std::optional<std::vector<std::string>> texts(const char* name);
  /// A list of whole numbers in low … high.
  std::optional<std::vector<std::int64_t>> integers(const char* name, std::int64_t low, std::int64_t high);
  /// A field that is read elsewhere, or null.
  const nlohmann::json& raw(const char* name);

  /// The value, or an Error that says that `name` is missing.
  template <class T>
  T required(std::optional<T> value, const char* name) const {
    if (!value) refuse(std::string("needs ") + name);
    return *value;
  }

  /// Throws when the object has a field that was not read.
  void finish() const;

  [[noreturn]] void refuse(const std::string& what) const;
  const std::string& where() const { return where_; }

 private:
  const nlohmann::json* find(const char* name);
  std::int64_t integer_of(const nlohmann::json& value, const char* name, std::int64_t low, std::int64_t high) const;
  [[noreturn]] void refuse_type(const char* name, const char* expected, const nlohmann::json& found) const;

  const nlohmann::json& object_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace lenet::lab
