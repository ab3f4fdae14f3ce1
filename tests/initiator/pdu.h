// SPDX-License-Identifier: GPL-2.0-or-later
// One iSCSI PDU as bytes with named offsets (RFC 7143 section 11). Nothing here validates: a test
// must be able to put any value anywhere, including lengths that contradict the contents.
// Big-endian on the wire, host order in and out of the accessors. Offsets are bytes of the BHS.
#ifndef LUNAR_TESTS_INITIATOR_PDU_H_
#define LUNAR_TESTS_INITIATOR_PDU_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initiator {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::size_t kBhsSize = 48;
inline constexpr std::uint32_t kNoTag = 0xffffffff;

// RFC 7143 11.2.1.2
enum Opcode : std::uint8_t {
  kNopOut = 0x00,
  kScsiCommand = 0x01,
  kTmf = 0x02,
  kLogin = 0x03,
  kText = 0x04,
  kDataOut = 0x05,
  kLogout = 0x06,
  kSnack = 0x10,
  kNopIn = 0x20,
  kScsiResponse = 0x21,
  kTmfResponse = 0x22,
  kLoginResponse = 0x23,
  kTextResponse = 0x24,
  kDataIn = 0x25,
  kLogoutResponse = 0x26,
  kR2t = 0x31,
  kAsync = 0x32,
  kReject = 0x3f,
};

// RFC 7143 11.17.1
enum RejectReason : std::uint8_t {
  kRejectDataDigest = 0x02,
  kRejectSnack = 0x03,
  kRejectProtocol = 0x04,
  kRejectUnsupported = 0x05,
  kRejectImmediate = 0x06,
  kRejectInvalidField = 0x09,
};

// What a sender may corrupt on purpose while encoding.
struct Damage {
  bool header_digest = false;
  bool data_digest = false;
};

struct Pdu {
  std::array<std::uint8_t, kBhsSize> bhs{};
  Bytes ahs;
  Bytes data;
  // Lies: values for the length fields that differ from what follows.
  std::optional<std::uint32_t> claimed_data_length;
  std::optional<std::uint8_t> claimed_ahs_words;

  Pdu() = default;
  explicit Pdu(std::uint8_t opcode, std::uint8_t flags = 0x80);

  std::uint8_t opcode() const { return bhs[0] & 0x3f; }
  bool immediate() const { return (bhs[0] & 0x40) != 0; }
  bool final() const { return (bhs[1] & 0x80) != 0; }
  std::uint8_t u8(std::size_t at) const { return bhs.at(at); }
  std::uint16_t u16(std::size_t at) const;
  std::uint32_t u24(std::size_t at) const;
  std::uint32_t u32(std::size_t at) const;
  std::uint32_t itt() const { return u32(16); }
  std::uint32_t ttt() const { return u32(20); }
  std::string text() const { return {data.begin(), data.end()}; }

  Pdu& set8(std::size_t at, unsigned value);
  Pdu& set16(std::size_t at, unsigned value);
  Pdu& set32(std::size_t at, std::uint32_t value);
  Pdu& set_itt(std::uint32_t value) { return set32(16, value); }
  Pdu& set_ttt(std::uint32_t value) { return set32(20, value); }
  Pdu& set_lun(std::uint16_t lun) { return set16(8, lun); }
  Pdu& set_immediate();
  Pdu& set_data(std::string_view text);

  // The whole PDU as it goes on the wire, padded, with digests where asked for.
  Bytes encode(bool header_digest, bool data_digest, Damage damage = {}) const;
};

// One line for failure messages: opcode name, flags, tags, lengths.
std::string describe(const Pdu& pdu);

std::uint32_t crc32c(const std::uint8_t* data, std::size_t size, std::uint32_t seed = 0);

// A data pattern that differs at every 512-byte block and with the seed.
Bytes pattern(std::size_t size, std::uint8_t seed);

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_PDU_H_
