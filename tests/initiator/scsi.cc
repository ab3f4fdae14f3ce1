// SPDX-License-Identifier: GPL-2.0-or-later
#include "scsi.h"

#include <utility>

namespace initiator {
namespace {

void put(Bytes& out, std::size_t at, std::size_t width, std::uint64_t value) {
  for (std::size_t i = 0; i < width; i++) {
    out.at(at + i) = static_cast<std::uint8_t>(value >> (8 * (width - 1 - i)));
  }
}

Command make(std::uint8_t opcode, std::size_t size, std::uint32_t read_length = 0) {
  Command out;
  out.cdb.assign(size, 0);
  out.cdb[0] = opcode;
  out.read_length = read_length;
  return out;
}

Command transfer10(std::uint8_t opcode, std::uint32_t lba, std::uint16_t blocks) {
  Command out = make(opcode, 10);
  put(out.cdb, 2, 4, lba);
  put(out.cdb, 7, 2, blocks);
  return out;
}

Command transfer16(std::uint8_t opcode, std::uint64_t lba, std::uint32_t blocks) {
  Command out = make(opcode, 16);
  put(out.cdb, 2, 8, lba);
  put(out.cdb, 10, 4, blocks);
  return out;
}

}  // namespace

Command test_unit_ready() { return make(0x00, 6); }

Command request_sense() {
  Command out = make(0x03, 6, 252);
  out.cdb[4] = 252;
  return out;
}

Command inquiry(std::uint8_t length) {
  Command out = make(0x12, 6, length);
  out.cdb[4] = length;
  return out;
}

Command inquiry_vpd(std::uint8_t page, std::uint8_t length) {
  Command out = inquiry(length);
  out.cdb[1] = 1;
  out.cdb[2] = page;
  return out;
}

Command report_luns(std::uint32_t length) {
  Command out = make(0xa0, 12, length);
  put(out.cdb, 6, 4, length);
  return out;
}

Command read_capacity10() { return make(0x25, 10, 8); }

Command read10(std::uint32_t lba, std::uint16_t blocks) {
  Command out = transfer10(0x28, lba, blocks);
  out.read_length = blocks * kBlock;
  return out;
}

Command read16(std::uint64_t lba, std::uint32_t blocks) {
  Command out = transfer16(0x88, lba, blocks);
  out.read_length = blocks * kBlock;
  return out;
}

Command write10(std::uint32_t lba, const Bytes& data) {
  Command out = transfer10(0x2a, lba, static_cast<std::uint16_t>(data.size() / kBlock));
  out.write = data;
  return out;
}

Command write16(std::uint64_t lba, const Bytes& data) {
  Command out = transfer16(0x8a, lba, static_cast<std::uint32_t>(data.size() / kBlock));
  out.write = data;
  return out;
}

Command synchronize_cache() { return make(0x35, 10); }

Command write_same10(std::uint32_t lba, std::uint16_t blocks, const Bytes& block) {
  Command out = transfer10(0x41, lba, blocks);
  out.write = block;
  return out;
}

Command write_same16(std::uint64_t lba, std::uint32_t blocks, const Bytes& block, bool unmap) {
  Command out = transfer16(0x93, lba, blocks);
  out.cdb[1] = unmap ? 0x08 : 0x00;
  out.write = block;
  return out;
}

Command unmap(std::uint64_t lba, std::uint32_t blocks) {
  Command out = make(0x42, 10);
  put(out.cdb, 7, 2, 24);
  out.write.assign(24, 0);
  put(out.write, 0, 2, 22);
  put(out.write, 2, 2, 16);
  put(out.write, 8, 8, lba);
  put(out.write, 16, 4, blocks);
  return out;
}

Command compare_and_write(std::uint64_t lba, const Bytes& expected, const Bytes& data) {
  Command out = make(0x89, 16);
  put(out.cdb, 2, 8, lba);
  out.cdb[13] = static_cast<std::uint8_t>(data.size() / kBlock);
  out.write = expected;
  out.write.insert(out.write.end(), data.begin(), data.end());
  return out;
}

Command reserve6() { return make(0x16, 6); }

Command release6() { return make(0x17, 6); }

Command pr_out(std::uint8_t action, std::uint8_t type, std::uint64_t key, std::uint64_t new_key) {
  Command out = make(0x5f, 10);
  out.cdb[1] = action;
  out.cdb[2] = type;
  out.cdb[8] = 24;
  out.write.assign(24, 0);
  put(out.write, 0, 8, key);
  put(out.write, 8, 8, new_key);
  return out;
}

Command pr_in_read_keys() {
  Command out = make(0x5e, 10, 256);
  put(out.cdb, 7, 2, 256);
  return out;
}

}  // namespace initiator
