#include "data/npy_header.h"

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/error.h"

namespace lenet::data {
namespace {

/// Reads the few pieces of Python that a header may contain, left to right.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  /// Skips white space, then the character if it comes next.
  bool take(char c) {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail();
  }

  std::string string() {
    const char quote = take('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail();
    std::string value(text_.substr(at_, end - at_));
    at_ = end + 1;
    return value;
  }

  bool boolean() {
    const bool value = take('T');
    if (!value) expect('F');
    const std::string_view rest = value ? "rue" : "alse";
    if (text_.substr(at_, rest.size()) != rest) fail();
    at_ += rest.size();
    return value;
  }

  int size() {
    std::uint64_t value = 0;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      value = value * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
      if (value > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
        throw Error(name_ + " announces an absurd shape: a dimension is larger than 2147483647.");
      }
    }
    if (at_ == begin) fail();
    return static_cast<int>(value);
  }

  std::vector<int> shape() {
    std::vector<int> sizes;
    expect('(');
    while (!take(')')) {
      take(' ');
      sizes.push_back(size());
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  [[noreturn]] void fail() const {
    throw Error(name_ + " has a header that is not understood: " + std::string(text_.substr(0, 120)) +
                ". Write it with numpy.save from a plain array.");
  }

 private:
  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& name) {
  HeaderReader reader(text, name);
  NpyHeader header;
  bool has_type = false, has_order = false, has_shape = false;
  reader.expect('{');
  while (!reader.take('}')) {
    const std::string key = reader.string();
    reader.expect(':');
    if (key == "descr") {
      if (reader.take('[')) throw Error(name + " holds records with named fields. Save one plain array.");
      header.type = reader.string();
      has_type = true;
    } else if (key == "fortran_order") {
      header.fortran_order = reader.boolean();
      has_order = true;
    } else if (key == "shape") {
      header.shape = reader.shape();
      has_shape = true;
    } else {
      reader.fail();
    }
    if (!reader.take(',')) {
      reader.expect('}');
      break;
    }
  }
  if (!has_type || !has_order || !has_shape) reader.fail();
  return header;
}

std::string format_npy_header(std::string_view type, std::span<const int> shape) {
  std::string text = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  if (shape.size() == 1) text += ",";
  return text + "), }";
}

}  // namespace lenet::data
