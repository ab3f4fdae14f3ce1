// SPDX-License-Identifier: GPL-2.0-or-later
#include "pdu.h"

#include <cstdio>

namespace initiator {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; i++) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0U);
    table[i] = crc;
  }
  return table;
}

constexpr auto kCrcTable = make_crc_table();

struct Name {
  std::uint8_t opcode;
  const char* text;
};

constexpr Name kNames[] = {
    {kNopOut, "NOP-Out"},
    {kScsiCommand, "SCSI-Command"},
    {kTmf, "TMF"},
    {kLogin, "Login"},
    {kText, "Text"},
    {kDataOut, "Data-Out"},
    {kLogout, "Logout"},
    {kSnack, "SNACK"},
    {kNopIn, "NOP-In"},
    {kScsiResponse, "SCSI-Response"},
    {kTmfResponse, "TMF-Response"},
    {kLoginResponse, "Login-Response"},
    {kTextResponse, "Text-Response"},
    {kDataIn, "Data-In"},
    {kLogoutResponse, "Logout-Response"},
    {kR2t, "R2T"},
    {kAsync, "Async"},
    {kReject, "Reject"},
};

const char* opcode_name(std::uint8_t opcode) {
  for (const Name& name : kNames) {
    if (name.opcode == opcode) return name.text;
  }
  return "unknown";
}

// Digests go out least significant byte first (RFC 7143 13.1).
void append_digest(Bytes& out, std::uint32_t crc, bool damaged) {
  if (damaged) crc ^= 0x00100000;
  for (int i = 0; i < 4; i++) out.push_back(static_cast<std::uint8_t>(crc >> (8 * i)));
}

void pad(Bytes& out) {
  while (out.size() % 4 != 0) out.push_back(0);
}

}  // namespace

Pdu::Pdu(std::uint8_t opcode, std::uint8_t flags) {
  bhs[0] = opcode;
  bhs[1] = flags;
}

std::uint16_t Pdu::u16(std::size_t at) const {
  return static_cast<std::uint16_t>(bhs.at(at) << 8 | bhs.at(at + 1));
}

std::uint32_t Pdu::u24(std::size_t at) const {
  return static_cast<std::uint32_t>(bhs.at(at)) << 16 | u16(at + 1);
}

std::uint32_t Pdu::u32(std::size_t at) const {
  return static_cast<std::uint32_t>(u16(at)) << 16 | u16(at + 2);
}

Pdu& Pdu::set8(std::size_t at, unsigned value) {
  bhs.at(at) = static_cast<std::uint8_t>(value);
  return *this;
}

Pdu& Pdu::set16(std::size_t at, unsigned value) { return set8(at, value >> 8).set8(at + 1, value); }

Pdu& Pdu::set32(std::size_t at, std::uint32_t value) {
  return set16(at, value >> 16).set16(at + 2, value & 0xffff);
}

Pdu& Pdu::set_immediate() {
  bhs[0] |= 0x40;
  return *this;
}

Pdu& Pdu::set_data(std::string_view text) {
  data.assign(text.begin(), text.end());
  return *this;
}

Bytes Pdu::encode(bool header_digest, bool data_digest, Damage damage) const {
  Bytes out(bhs.begin(), bhs.end());
  const auto length = claimed_data_length.value_or(static_cast<std::uint32_t>(data.size()));
  out[4] = claimed_ahs_words.value_or(static_cast<std::uint8_t>((ahs.size() + 3) / 4));
  out[5] = static_cast<std::uint8_t>(length >> 16);
  out[6] = static_cast<std::uint8_t>(length >> 8);
  out[7] = static_cast<std::uint8_t>(length);
  out.insert(out.end(), ahs.begin(), ahs.end());
  pad(out);
  if (header_digest) append_digest(out, crc32c(out.data(), out.size()), damage.header_digest);
  if (data.empty()) return out;

  const std::size_t start = out.size();
  out.insert(out.end(), data.begin(), data.end());
  pad(out);
  if (data_digest) {
    append_digest(out, crc32c(out.data() + start, out.size() - start), damage.data_digest);
  }
  return out;
}

std::string describe(const Pdu& pdu) {
  char line[160];
  std::snprintf(line, sizeof(line),
                "%s (opcode 0x%02x flags 0x%02x bytes2-3 %02x%02x itt 0x%08x ttt 0x%08x data %zu)",
                opcode_name(pdu.opcode()), pdu.opcode(), pdu.u8(1), pdu.u8(2), pdu.u8(3), pdu.itt(),
                pdu.ttt(), pdu.data.size());
  return line;
}

std::uint32_t crc32c(const std::uint8_t* data, std::size_t size, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  for (std::size_t i = 0; i < size; i++) crc = (crc >> 8) ^ kCrcTable[(crc ^ data[i]) & 0xff];
  return ~crc;
}

Bytes pattern(std::size_t size, std::uint8_t seed) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; i++) {
    out[i] = static_cast<std::uint8_t>(i * 7 + (i / 512) * 13 + seed);
  }
  return out;
}

}  // namespace initiator
