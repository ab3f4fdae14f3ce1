// SPDX-License-Identifier: GPL-2.0-or-later
// CHAP arithmetic for both sides (RFC 1994, RFC 7143 section 12.1.3), by OpenSSL.
#ifndef LUNAR_TESTS_INITIATOR_CHAP_H_
#define LUNAR_TESTS_INITIATOR_CHAP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "pdu.h"

namespace initiator {

// CHAP_A numbers as registered with IANA.
enum ChapAlgorithm { kChapMd5 = 5, kChapSha1 = 6, kChapSha256 = 7, kChapSha3 = 8 };

// Digest of identifier, secret and challenge. Throws Failure for an unknown algorithm.
Bytes chap_response(int algorithm, std::uint8_t identifier, std::string_view secret,
                    const Bytes& challenge);

// The binary encodings of RFC 7143 6.1: "0x..." and "0b...".
std::string to_hex(const Bytes& bytes);
std::string to_base64(const Bytes& bytes);
// Accepts both. Throws Failure for anything else.
Bytes from_binary(const std::string& text);

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_CHAP_H_
