// Tests of src/cli/evaluate.h and of train --half.
#include <initializer_list>

#include "cli_support.h"
#include "nn/half.h"
#include "nn/safetensors.h"
#include "support.h"

using namespace lenet;
using namespace lenet::test;

TEST_CASE("cli: evaluate measures saved weights, and half the size says nearly the same") {
  const Folder folder;
  const std::string whole = folder.file("w.safetensors"), half = folder.file("h.safetensors");
  const std::vector<std::string> train = {"train",   "--dataset", "strokes", "--preset", "tiny",
                                          "--steps", "30",        "--quiet", "--seed",   "3"};
  const auto with = [&](std::vector<std::string> all, std::initializer_list<std::string> more) {
    all.insert(all.end(), more);
    return lenet_lab(all);
  };
  REQUIRE(with(train, {"--out", whole}).code == cli::kSuccess);
  REQUIRE(with(train, {"--out", half, "--half"}).code == cli::kSuccess);
  CHECK(with(train, {"--half"}).code == cli::kFailure);
  CHECK(10 * fs::file_size(half) < 6 * fs::file_size(whole));
  const nn::TensorFile full = nn::read_safetensors(cli::read_file(whole), "w"),
                       rounded = nn::read_safetensors(cli::read_file(half), "h");
  CHECK(full.metadata == rounded.metadata);
  REQUIRE(full.tensors.size() == rounded.tensors.size());
  for (std::size_t t = 0; t < full.tensors.size(); ++t)
    for (std::size_t i = 0; i < full.tensors[t].values.size(); ++i) {
      REQUIRE(rounded.tensors[t].values[i] == nn::half_to_float(nn::float_to_half(full.tensors[t].values[i])));
    }
  for (const std::string& file : {whole, half}) {
    CHECK(lenet_lab({"evaluate", "--weights", file}).code == cli::kSuccess);
    CHECK(lenet_lab({"evaluate", "--weights", file, "--json"}).code == cli::kSuccess);
  }
  CHECK(lenet_lab({"evaluate", "--weights", folder.file("none.safetensors")}).code == cli::kFailure);
}
