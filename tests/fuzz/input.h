// SPDX-License-Identifier: GPL-2.0-or-later
// What the fuzz targets share: taking values off the input, asserting, and hashes that need no
// library.
#ifndef LUNAR_TESTS_FUZZ_INPUT_H_
#define LUNAR_TESTS_FUZZ_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "chap.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace lunar_fuzz {

// Aborts with the condition's text: an invariant of the library is broken.
[[noreturn]] void broken(const char* condition, const char* file, int line);
#define REQUIRE(condition) \
  ((condition) ? static_cast<void>(0) : lunar_fuzz::broken(#condition, __FILE__, __LINE__))

// Takes little pieces off the front; zeros and empty pieces when nothing is left.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  bool empty() const { return left_ == 0; }
  std::uint8_t u8();
  std::uint32_t u16();
  std::uint32_t u32();
  bool flag() { return (u8() & 1) != 0; }
  // Exactly sized copies, so that the address sanitizer sees one byte too far.
  std::vector<std::uint8_t> bytes(std::size_t count);
  std::vector<std::uint8_t> rest() { return bytes(left_); }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

// Not a hash anyone should trust; the fuzzers only need it to depend on every byte.
extern const lunar_hash_ops kFakeHashOps;

struct FakeHashContext {
  std::uint8_t next_random = 1;
};

// "CHAP_N=user\0CHAP_R=0x...\0" that is right for the challenge in `reply`; empty when there is
// none.
std::string right_response(const std::uint8_t* reply, std::uint32_t len, const char* user,
                           const char* secret);

void set_credentials(lunar_chap_config* config, bool mutual);
inline constexpr char kUser[] = "user";
inline constexpr char kSecret[] = "secret";

}  // namespace lunar_fuzz

#endif  // LUNAR_TESTS_FUZZ_INPUT_H_
