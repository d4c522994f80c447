#include "lab/json_fields.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace lenet::lab {

using nlohmann::json;

namespace {

const json kNull;

/// A value as a message quotes it, cut short.
std::string quoted(const json& value) {
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  constexpr std::size_t kLongest = 60;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

constexpr int kDeepest = 64;  // nested lists and objects

}  // namespace

json parse_json(std::string_view text, const std::string& name) {
  // Deeper ones would exhaust the stack of whoever prints them.
  const auto limit_depth = [&](int depth, json::parse_event_t, json&) {
    if (depth > kDeepest) throw Error(name + " is nested too deeply to be a file of LeNet Lab.");
    return true;
  };
  try {
    return json::parse(text, limit_depth);
  } catch (const json::parse_error& error) {
    const std::string_view before = text.substr(0, std::min(error.byte, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    throw Error(name + " is not JSON: something is wrong in line " + std::to_string(line) +
                ", such as a comma or a quotation mark too many or too few.");
  } catch (const json::out_of_range&) {
    throw Error(name + " has a number that is too large.");
  }
}

Fields::Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
  if (!object.is_object()) refuse("needs an object in braces, not " + quoted(object));
}

const json* Fields::find(const char* name) {
  known_.emplace_back(name);
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const json& Fields::raw(const char* name) {
  const json* const value = find(name);
  return value ? *value : kNull;
}

std::optional<std::string> Fields::text(const char* name) {
  const json* const value = find(name);
  if (!value) return {};
  if (!value->is_string()) refuse_type(name, "a text", *value);
  return value->get<std::string>();
}

std::optional<std::vector<std::string>> Fields::texts(const char* name) {
  const json* const value = find(name);
  if (!value) return {};
  const auto is_text = [](const json& entry) { return entry.is_string(); };
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), is_text)) refuse_type(name, "a list of texts", *value);
  return value->get<std::vector<std::string>>();
}

std::optional<bool> Fields::boolean(const char* name) {
  const json* const value = find(name);
  if (!value) return {};
  if (!value->is_boolean()) refuse_type(name, "true or false", *value);
  return value->get<bool>();
}

std::optional<double> Fields::number(const char* name) {
  const json* const value = find(name);
  if (!value) return {};
  if (!value->is_number() || !std::isfinite(value->get<double>())) refuse_type(name, "a number", *value);
  return value->get<double>();
}

std::int64_t Fields::integer_of(const json& value, const char* name, std::int64_t low, std::int64_t high) const {
  const std::string expected = high == std::numeric_limits<int>::max()
                                   ? "a whole number from " + std::to_string(low) + " on"
                                   : "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (!value.is_number()) refuse_type(name, expected.c_str(), value);
  const double number = value.get<double>();
  const bool fits = number >= static_cast<double>(low) && number <= static_cast<double>(high);
  if (!fits || std::floor(number) != number) refuse_type(name, expected.c_str(), value);
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> Fields::integer(const char* name, std::int64_t low, std::int64_t high) {
  const json* const value = find(name);
  if (!value) return {};
  return integer_of(*value, name, low, high);
}

std::optional<std::vector<std::int64_t>> Fields::integers(const char* name, std::int64_t low, std::int64_t high) {
  const json* const value = find(name);
  if (!value) return {};
  if (!value->is_array()) refuse_type(name, "a list of whole numbers", *value);
  std::vector<std::int64_t> numbers;
  for (const json& entry : *value) numbers.push_back(integer_of(entry, name, low, high));
  return numbers;
}

std::optional<int> Fields::small(const char* name, int low, int high) {
  const std::optional<std::int64_t> value = integer(name, low, high);
  if (!value) return {};
  return static_cast<int>(*value);
}

void Fields::finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    refuse("does not know \"" + name + "\"; it takes " + (known_.empty() ? "nothing" : join(known_, ", ")));
  }
}

void Fields::refuse(const std::string& what) const { throw Error(where_ + " " + what + "."); }

void Fields::refuse_type(const char* name, const char* expected, const json& found) const {
  refuse(std::string("needs ") + expected + " for " + name + ", not " + quoted(found));
}

}  // namespace lenet::lab
