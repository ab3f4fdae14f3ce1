// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a fuzz target over a directory of inputs, and over mutations of them that are the same in
// every run. Stands in for libFuzzer's main where the compiler has none.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "input.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kMutationsPerInput = 2000;

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

class Mutator {
 public:
  explicit Mutator(const Bytes& seed) : seed_(seed) {}

  Bytes next() {
    Bytes bytes = seed_;
    for (std::uint32_t i = 1 + below(4); i > 0; i--) change(bytes);
    return bytes;
  }

 private:
  std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
  std::uint8_t byte() {
    static constexpr std::uint8_t kLikely[] = {0, 1, 0x7f, 0x80, 0xff, '=', ',', '0', 'x'};
    return below(2) ? static_cast<std::uint8_t>(below(256)) : kLikely[below(std::size(kLikely))];
  }

  void change(Bytes& bytes) {
    const std::uint32_t at = below(bytes.size() + 1);
    const auto here = bytes.begin() + at;
    switch (below(5)) {
      case 0:
        if (at < bytes.size()) bytes[at] = byte();
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << below(8)));
        break;
      case 2:
        bytes.insert(here, byte());
        break;
      case 3:
        bytes.erase(here, here + below(bytes.size() - at + 1));
        break;
      default: {
        const Bytes piece(bytes.begin(), here);
        bytes.insert(bytes.end(), piece.begin(), piece.end());
        break;
      }
    }
  }

  const Bytes& seed_;
  std::minstd_rand random_{12345};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  std::map<std::string, Bytes> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    inputs[entry.path().filename().string()] = read_file(entry.path());
  }
  if (inputs.empty()) {
    std::fprintf(stderr, "%s: no inputs in %s\n", argv[0], argv[1]);
    return 1;
  }
  for (const auto& [name, bytes] : inputs) {
    std::printf("%s\n", name.c_str());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    Mutator mutator(bytes);
    for (int i = 0; i < kMutationsPerInput; i++) {
      const Bytes mutated = mutator.next();
      LLVMFuzzerTestOneInput(mutated.data(), mutated.size());
    }
  }
  std::printf("%zu inputs and %d mutations of each\n", inputs.size(), kMutationsPerInput);
  return 0;
}
