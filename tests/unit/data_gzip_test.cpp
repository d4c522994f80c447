// Tests of data/gzip.h: any chunking, several members, plain files, and every way a file can be broken.
#include "base/error.h"
#include "data/gzip.h"
#include "data_support.h"

using namespace lenet;
using namespace lenet::test;

namespace {

/// Everything that comes out when `file` is pushed in pieces and finished.
Bytes read_all(const Bytes& file, std::size_t piece) {
  data::GzipReader reader("digits.gz");
  Bytes out;
  in_pieces(file, piece, [&](std::span<const std::byte> part) {
    reader.push(part, [&](std::span<const std::byte> got) { out.insert(out.end(), got.begin(), got.end()); });
  });
  reader.finish();
  return out;
}

/// 300,000 bytes: more than the reader's output buffer.
Bytes long_text() {
  Bytes text;
  for (std::uint32_t i = 0; i < 300000; ++i) text.push_back(static_cast<std::byte>((i * i / 97) & 0xFF));
  return text;
}

}  // namespace

TEST_CASE("gzip: decompresses in pieces of any size") {
  const Bytes text = long_text();
  const Bytes file = gzip(text);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}, file.size()}) {
    CAPTURE(piece);
    CHECK(read_all(file, piece) == text);
  }
}

TEST_CASE("gzip: a highly compressible file comes out whole from one push") {
  const Bytes zeros(1000000);
  CHECK(read_all(gzip(zeros), 1 << 20) == zeros);
}

TEST_CASE("gzip: plain files pass through, also those that begin like gzip") {
  for (const std::string text : {"", "a", "plain text", "\x1fx", "\x1f\x1f\x8b"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100}}) CHECK(read_all(bytes_of(text), piece) == bytes_of(text));
  }
}

TEST_CASE("gzip: several members are one file") {
  const Bytes file = gzip(bytes_of("one ")) + gzip({}) + gzip(bytes_of("two"));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, file.size()})
    CHECK(read_all(file, piece) == bytes_of("one two"));
}

TEST_CASE("gzip: every cut is reported as one") {
  const Bytes file = gzip(bytes_of("twenty different words"));
  for (std::size_t size = 1; size < file.size(); ++size) {
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string message = message_of<Error>([&] { read_all(cut, 5); });
    CHECK(contains(message, "digits.gz is cut short"));
  }
}

TEST_CASE("gzip: damage and trailing bytes are reported") {
  const Bytes good = gzip(long_text());
  Bytes bad_block = good;
  for (std::size_t i = 100; i < 140; ++i) bad_block.at(i) ^= std::byte{0x5A};
  Bytes bad_sum = good;
  bad_sum[bad_sum.size() - 6] ^= std::byte{1};
  Bytes bad_method = good;
  bad_method[2] = std::byte{7};
  for (const Bytes& file : {bad_block, bad_sum, bad_method}) {
    for (const std::size_t piece : {std::size_t{1}, file.size()}) {
      const std::string message = message_of<Error>([&] { read_all(file, piece); });
      CHECK(contains(message, "digits.gz"));
      CHECK(contains(message, "corrupt"));
    }
  }
  for (const std::string tail : {"x", "\x1fx", "\n"}) {
    CHECK(contains(message_of<Error>([&] { read_all(good + bytes_of(tail), 11); }), "follow the end"));
  }
}

TEST_CASE("gzip: a reader that failed stays closed, also when its sink threw") {
  data::GzipReader reader("digits.gz");
  const Bytes file = gzip(bytes_of("some text"));
  CHECK_THROWS_AS(reader.push(file, [](auto) { throw Error("full"); }), Error);
  CHECK(contains(message_of<Error>([&] { reader.push(file, [](auto) {}); }), "failed before"));
  CHECK_THROWS_AS(reader.finish(), Error);
}
