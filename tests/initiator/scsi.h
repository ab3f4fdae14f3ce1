// SPDX-License-Identifier: GPL-2.0-or-later
// CDBs, and what one SCSI command asks for and gets over iSCSI.
#ifndef LUNAR_TESTS_INITIATOR_SCSI_H_
#define LUNAR_TESTS_INITIATOR_SCSI_H_

#include <cstdint>
#include <limits>
#include <optional>

#include "pdu.h"

namespace initiator {

inline constexpr std::uint32_t kBlock = 512;

// SAM-5 status codes.
enum Status : std::uint8_t {
  kGood = 0x00,
  kCheckCondition = 0x02,
  kBusy = 0x08,
  kReservationConflict = 0x18,
  kTaskSetFull = 0x28,
  kTaskAborted = 0x40,
};

// How much of a write goes into the command PDU; kAsNegotiated takes all that is allowed.
inline constexpr std::size_t kAsNegotiated = std::numeric_limits<std::size_t>::max();

struct Command {
  Bytes cdb;
  std::uint16_t lun = 0;
  std::uint32_t read_length = 0;
  Bytes write;
  std::optional<std::uint32_t> edtl;  // default: read_length, or the size of write
  std::uint8_t attribute = 1;         // SIMPLE
  bool immediate_delivery = false;
  std::size_t immediate_data = kAsNegotiated;
  bool unsolicited = true;  // send unsolicited Data-Out when InitialR2T=No was agreed
};

struct Outcome {
  std::uint8_t response = 0;
  std::uint8_t status = 0;
  std::uint8_t flags = 0;  // of the PDU that carried the status
  std::uint32_t residual = 0;
  Bytes sense;
  Bytes data;
  unsigned data_in_pdus = 0;
  unsigned r2ts = 0;
  bool collapsed = false;  // the status came in a Data-In

  bool underflow() const { return (flags & 0x02) != 0; }
  bool overflow() const { return (flags & 0x04) != 0; }
  std::uint8_t sense_key() const { return sense.size() > 2 ? sense[2] & 0x0f : 0; }
  std::uint16_t asc_ascq() const {
    return sense.size() > 13 ? static_cast<std::uint16_t>(sense[12] << 8 | sense[13])
                             : std::uint16_t{0};
  }
};

Command test_unit_ready();
Command request_sense();
Command inquiry(std::uint8_t length = 96);
Command inquiry_vpd(std::uint8_t page, std::uint8_t length = 252);
Command report_luns(std::uint32_t length = 4096);
Command read_capacity10();
Command read10(std::uint32_t lba, std::uint16_t blocks);
Command read16(std::uint64_t lba, std::uint32_t blocks);
Command write10(std::uint32_t lba, const Bytes& data);
Command write16(std::uint64_t lba, const Bytes& data);
Command synchronize_cache();
// One block written to all of them.
Command write_same10(std::uint32_t lba, std::uint16_t blocks, const Bytes& block);
Command write_same16(std::uint64_t lba, std::uint32_t blocks, const Bytes& block, bool unmap);
Command unmap(std::uint64_t lba, std::uint32_t blocks);
Command compare_and_write(std::uint64_t lba, const Bytes& expected, const Bytes& data);
Command reserve6();
Command release6();
// PERSISTENT RESERVE OUT; service actions and types by SPC-4.
Command pr_out(std::uint8_t action, std::uint8_t type, std::uint64_t key, std::uint64_t new_key);
Command pr_in_read_keys();

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_SCSI_H_
