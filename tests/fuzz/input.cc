// SPDX-License-Identifier: GPL-2.0-or-later
#include "input.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace lunar_fuzz {
namespace {

int fake_digest(void* ctx, lunar_chap_alg alg, const lunar_hash_part* parts, std::uint32_t count,
                std::uint8_t* out) {
  (void)ctx;
  std::uint64_t state = 0xcbf29ce484222325u ^ static_cast<std::uint64_t>(alg);
  const auto mix = [&state](std::uint8_t byte) { state = (state ^ byte) * 0x100000001b3u; };
  for (std::uint32_t i = 0; i < count; i++) {
    const auto* bytes = static_cast<const std::uint8_t*>(parts[i].ptr);
    std::for_each(bytes, bytes + parts[i].len, mix);
    mix(static_cast<std::uint8_t>(i));
  }
  for (std::uint32_t i = 0; i < lunar_chap_digest_len(alg); i++) {
    mix(static_cast<std::uint8_t>(i));
    out[i] = static_cast<std::uint8_t>(state >> 32);
  }
  return 0;
}

void count_up(void* ctx, void* buf, std::uint32_t len) {
  auto* hashes = static_cast<FakeHashContext*>(ctx);
  auto* bytes = static_cast<std::uint8_t*>(buf);
  for (std::uint32_t i = 0; i < len; i++) bytes[i] = hashes->next_random++;
}

bool number_of(const std::uint8_t* text, std::uint32_t len, const char* key, std::uint32_t* out) {
  lunar_str value;
  return lunar_text_find(text, len, key, &value) &&
         lunar_text_number(value, 0, 255, out) == LUNAR_TEXT_OK;
}

}  // namespace

const lunar_hash_ops kFakeHashOps = {fake_digest, count_up};

void broken(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, condition);
  std::abort();
}

std::uint8_t Input::u8() {
  if (!left_) return 0;
  left_--;
  return *data_++;
}

std::uint32_t Input::u16() {
  const std::uint32_t low = u8();
  return low | static_cast<std::uint32_t>(u8()) << 8;
}

std::uint32_t Input::u32() {
  const std::uint32_t low = u16();
  return low | u16() << 16;
}

std::vector<std::uint8_t> Input::bytes(std::size_t count) {
  count = std::min(count, left_);
  std::vector<std::uint8_t> copy(data_, data_ + count);
  data_ += count;
  left_ -= count;
  return copy;
}

std::string right_response(const std::uint8_t* reply, std::uint32_t len, const char* user,
                           const char* secret) {
  std::uint32_t alg = 0;
  std::uint32_t id = 0;
  lunar_str value;
  if (!number_of(reply, len, "CHAP_A", &alg) || !number_of(reply, len, "CHAP_I", &id) ||
      !lunar_text_find(reply, len, "CHAP_C", &value)) {
    return "";
  }
  std::uint8_t challenge[LUNAR_CHAP_DIGEST_MAX];
  std::uint32_t challenge_len = 0;
  REQUIRE(lunar_text_binary(value, challenge, sizeof(challenge), &challenge_len) == LUNAR_TEXT_OK);
  const auto id_byte = static_cast<std::uint8_t>(id);
  const lunar_hash_part parts[] = {{&id_byte, 1},
                                   {secret, static_cast<std::uint32_t>(std::strlen(secret))},
                                   {challenge, challenge_len}};
  std::uint8_t digest[LUNAR_CHAP_DIGEST_MAX];
  fake_digest(nullptr, static_cast<lunar_chap_alg>(alg), parts, 3, digest);
  char buf[512];
  lunar_text_out out;
  lunar_text_out_init(&out, buf, sizeof(buf));
  lunar_text_put(&out, "CHAP_N", user);
  lunar_text_put_hex(&out, "CHAP_R", digest,
                     lunar_chap_digest_len(static_cast<lunar_chap_alg>(alg)));
  return {buf, out.len};
}

void set_credentials(lunar_chap_config* config, bool mutual) {
  std::memset(config, 0, sizeof(*config));
  config->algorithms = LUNAR_CHAP_ALL;
  std::memcpy(config->user, kUser, sizeof(kUser));
  std::memcpy(config->secret, kSecret, sizeof(kSecret));
  if (!mutual) return;
  std::memcpy(config->mutual_user, "target", 7);
  std::memcpy(config->mutual_secret, "other", 6);
}

}  // namespace lunar_fuzz
