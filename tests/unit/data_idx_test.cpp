// Tests of data/idx.h: any chunking, spans that stay, and every error with the words a student needs.
#include <stdexcept>

#include "base/error.h"
#include "data/idx.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;
using data::IdxKind;
using data::IdxParser;

namespace {

std::string error_of(IdxKind kind, const Bytes& file, std::size_t piece = 1000) {
  return message_of<Error>([&] {
    IdxParser parser(kind, "digits");
    in_pieces(file, piece, [&](auto part) { parser.push(part); });
    parser.finish();
  });
}

}  // namespace

TEST_CASE("idx: images in pieces of any size, spans stay where they are") {
  const Bytes file = idx_images(3000, 20, 28);  // more than one block
  std::string hash;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{17}, std::size_t{100000}, file.size()}) {
    CAPTURE(piece);
    IdxParser parser(IdxKind::kImages, "digits");
    CHECK_FALSE(parser.has_header());
    CHECK(parser.count() == 0);
    const std::uint8_t* first = nullptr;
    in_pieces(file, piece, [&](auto part) {
      parser.push(part);
      if (!first && parser.available() > 0) first = parser.item(0).data();
    });
    parser.finish();
    CHECK(parser.count() == 3000);
    CHECK(parser.available() == 3000);
    CHECK(parser.rows() == 20);
    CHECK(parser.cols() == 28);
    CHECK(parser.item(0).data() == first);
    bool same = true;
    for (int i = 0; i < 3000; ++i) {
      const auto item = parser.item(i);
      REQUIRE(item.size() == 560);
      const auto* expected = file.data() + 16 + 560 * static_cast<std::size_t>(i);
      for (std::size_t k = 0; k < 560; ++k) same = same && static_cast<std::byte>(item[k]) == expected[k];
    }
    CHECK(same);
    if (hash.empty()) hash = parser.hash().text();
    CHECK(parser.hash().text() == hash);
  }
}

TEST_CASE("idx: items become available one by one") {
  const Bytes file = idx_images(2, 2, 2);
  IdxParser parser(IdxKind::kImages, "digits");
  parser.push(std::span(file).first(19));
  CHECK(parser.count() == 2);
  CHECK(parser.available() == 0);
  CHECK_THROWS_AS(parser.item(0), std::logic_error);
  parser.push(std::span(file).subspan(19, 1));
  CHECK(parser.available() == 1);
  CHECK_THROWS_AS(parser.item(1), std::logic_error);
  CHECK_THROWS_AS(parser.item(-1), std::logic_error);
  CHECK_THROWS_AS(parser.finish(), Error);
}

TEST_CASE("idx: labels") {
  const Bytes file = idx_labels(25);
  IdxParser parser(IdxKind::kLabels, "digits");
  in_pieces(file, 3, [&](auto part) { parser.push(part); });
  parser.finish();
  CHECK(parser.available() == 25);
  CHECK(parser.item(13)[0] == 3);
}

TEST_CASE("idx: a wrong magic number says what was found") {
  CHECK(contains(error_of(IdxKind::kImages, idx_labels(20)), "these are labels"));
  CHECK(contains(error_of(IdxKind::kLabels, idx_images(2, 2, 2)), "these are images"));
  const std::string message = error_of(IdxKind::kImages, words({0x00000D03, 1, 1, 1}), 1);
  CHECK(contains(message, "digits has the wrong magic number"));
  CHECK(contains(message, "0x00000803"));
  CHECK(contains(message, "0x00000d03"));
  CHECK(contains(error_of(IdxKind::kImages, bytes_of("<!DOCTYPE html>")), "web page"));
  CHECK(contains(error_of(IdxKind::kImages, bytes_of("PK\x03\x04 zip")), "ZIP"));
  CHECK(contains(error_of(IdxKind::kImages, gzip(bytes_of("x"))), "compressed twice"));
}

TEST_CASE("idx: zero and absurd sizes are refused before anything is allocated") {
  CHECK(contains(error_of(IdxKind::kImages, words({0x803, 0, 28, 28})), "holds nothing"));
  CHECK(contains(error_of(IdxKind::kImages, words({0x803, 5, 0, 28})), "holds nothing"));
  CHECK(contains(error_of(IdxKind::kLabels, words({0x801, 0})), "holds nothing"));
  CHECK(contains(error_of(IdxKind::kImages, words({0x803, 1, 1025, 28})), "too large"));
  CHECK(contains(error_of(IdxKind::kImages, words({0x803, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF})), "too large"));
  CHECK(contains(error_of(IdxKind::kImages, words({0x803, 60000000, 28, 28})), "60000000 images of 28 x 28"));
  CHECK(contains(error_of(IdxKind::kLabels, words({0x801, 0xFFFFFFFF})), "too large"));
  // Within the limits, but nothing follows: costs no memory, and is a cut.
  CHECK(contains(error_of(IdxKind::kImages, words({0x803, 1000, 1024, 1024})), "cut short"));
}

TEST_CASE("idx: too short and too long") {
  Bytes file = idx_images(3, 2, 2);
  CHECK(contains(error_of(IdxKind::kImages, file + bytes_of("x")), "too long"));
  CHECK(contains(error_of(IdxKind::kImages, file + bytes_of("x"), 1), "too long"));
  file.pop_back();
  CHECK(contains(error_of(IdxKind::kImages, file), "announces 3 images but ends after 2"));
  file.resize(10);
  CHECK(contains(error_of(IdxKind::kImages, file), "cut short"));
  CHECK(contains(error_of(IdxKind::kImages, {}), "empty"));
}

TEST_CASE("idx: a label over 9 is named with its position") {
  Bytes file = idx_labels(25);
  file[8 + 17] = std::byte{10};
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
    const std::string message = error_of(IdxKind::kLabels, file, piece);
    CHECK(contains(message, "position 17"));
    CHECK(contains(message, "is 10"));
  }
}

TEST_CASE("idx: after an error the parser stays closed but readable") {
  const Bytes file = idx_images(1, 2, 2);
  IdxParser parser(IdxKind::kImages, "digits");
  parser.push(file);
  CHECK_THROWS_AS(parser.push(bytes_of("x")), Error);
  CHECK(contains(message_of<Error>([&] { parser.push(file); }), "failed before"));
  CHECK(parser.item(0)[1] == 7);
}
