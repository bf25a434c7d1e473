// SPDX-License-Identifier: Apache-2.0
//
// usage: TARGET_replay SEEDS CORPUS
//
// Runs a fuzz target, linked with this instead of libFuzzer, over the files of two folders, as a test. Seeds
// are valid: one that is refused would test nothing. What fuzzing once found in the corpus need not be, nor
// be there.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// Whether the target took it.
bool Replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string input{std::istreambuf_iterator<char>(file), {}};
  std::cerr << path.string() << "\n";
  kansoku::fuzz::input_was_taken = false;
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  return kansoku::fuzz::input_was_taken;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " SEEDS CORPUS\n";
    return 2;
  }
  int seeds = 0, refused = 0;
  for (const auto& seed : std::filesystem::directory_iterator(argv[1])) {
    ++seeds;
    if (Replay(seed.path())) continue;
    ++refused;
    std::cerr << seed.path().string() << ": is refused; a seed must be valid\n";
  }
  if (std::filesystem::is_directory(argv[2])) {
    for (const auto& found : std::filesystem::directory_iterator(argv[2])) Replay(found.path());
  }
  std::cerr << seeds << " seeds, " << refused << " refused\n";
  return seeds > 0 && refused == 0 ? 0 : 1;
}
