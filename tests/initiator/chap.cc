// SPDX-License-Identifier: GPL-2.0-or-later
#include "chap.h"

#include <openssl/evp.h>

#include <cctype>

#include "check.h"

namespace initiator {
namespace {

const EVP_MD* digest_of(int algorithm) {
  switch (algorithm) {
    case kChapMd5:
      return EVP_md5();
    case kChapSha1:
      return EVP_sha1();
    case kChapSha256:
      return EVP_sha256();
    case kChapSha3:
      return EVP_sha3_256();
    default:
      throw Failure("CHAP_A " + std::to_string(algorithm) + " is not known");
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = std::tolower(static_cast<unsigned char>(c));
  check(lower >= 'a' && lower <= 'f', std::string("'") + c + "' is no hex digit");
  return lower - 'a' + 10;
}

Bytes from_hex(std::string_view digits) {
  Bytes out;
  if (digits.size() % 2 != 0) {
    out.push_back(static_cast<std::uint8_t>(hex_digit(digits[0])));
    digits.remove_prefix(1);
  }
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(hex_digit(digits[i]) << 4 | hex_digit(digits[i + 1])));
  }
  return out;
}

Bytes from_base64(const std::string& text) {
  Bytes out(text.size());
  const int n = EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  check(n >= 0, "bad base64 '" + text + "'");
  std::size_t size = static_cast<std::size_t>(n);
  for (auto c = text.rbegin(); c != text.rend() && *c == '='; ++c) size--;
  out.resize(size);
  return out;
}

}  // namespace

Bytes chap_response(int algorithm, std::uint8_t identifier, std::string_view secret,
                    const Bytes& challenge) {
  Bytes input{identifier};
  input.insert(input.end(), secret.begin(), secret.end());
  input.insert(input.end(), challenge.begin(), challenge.end());
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  check(
      EVP_Digest(input.data(), input.size(), out.data(), &size, digest_of(algorithm), nullptr) == 1,
      "the digest library refused CHAP_A " + std::to_string(algorithm));
  out.resize(size);
  return out;
}

std::string to_hex(const Bytes& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "0x";
  for (std::uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string to_base64(const Bytes& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return "0b" + out;
}

Bytes from_binary(const std::string& text) {
  check(text.size() > 2 && text[0] == '0', "'" + text + "' is no binary value");
  const int kind = std::tolower(static_cast<unsigned char>(text[1]));
  check(kind == 'x' || kind == 'b', "'" + text + "' is no binary value");
  return kind == 'x' ? from_hex(std::string_view(text).substr(2)) : from_base64(text.substr(2));
}

}  // namespace initiator
