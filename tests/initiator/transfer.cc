// SPDX-License-Identifier: GPL-2.0-or-later
// The data half of Session: SCSI commands, Data-Out, R2T and Data-In.
#include <algorithm>

#include "check.h"
#include "session.h"

namespace initiator {
namespace {

std::uint32_t size32(const Bytes& bytes) { return static_cast<std::uint32_t>(bytes.size()); }

std::uint8_t command_flags(const Command& command, bool final) {
  unsigned flags = command.attribute;
  if (final) flags |= 0x80;
  if (command.read_length > 0) flags |= 0x40;
  if (!command.write.empty()) flags |= 0x20;
  return static_cast<std::uint8_t>(flags);
}

// CDBs beyond 16 bytes go on in an extended CDB AHS (RFC 7143 11.2.2.3).
Bytes extended_cdb(const Bytes& cdb) {
  if (cdb.size() <= 16) return {};
  const std::size_t length = cdb.size() - 16 + 1;
  Bytes out{static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length), 0x01, 0x00};
  out.insert(out.end(), cdb.begin() + 16, cdb.end());
  return out;
}

}  // namespace

Pdu Session::command_pdu(const Command& command) {
  const std::uint32_t size = size32(command.write);
  std::uint32_t now = 0;
  if (agreed.immediate_data) now = std::min({size, agreed.target_mrdsl, agreed.first_burst});
  if (command.immediate_data != kAsNegotiated) {
    now = std::min(size, static_cast<std::uint32_t>(command.immediate_data));
  }
  const bool more =
      !agreed.initial_r2t && command.unsolicited && now < std::min(size, agreed.first_burst);

  Pdu out = request(kScsiCommand, command_flags(command, !more), command.immediate_delivery);
  out.set_lun(command.lun);
  out.set32(20, command.edtl.value_or(std::max(size, command.read_length)));
  std::copy_n(command.cdb.begin(), std::min<std::size_t>(command.cdb.size(), 16),
              out.bhs.begin() + 32);
  out.ahs = extended_cdb(command.cdb);
  out.data.assign(command.write.begin(), command.write.begin() + now);
  return out;
}

Pdu Session::data_out(std::uint32_t itt, std::uint32_t ttt, std::uint32_t sn, std::uint32_t offset,
                      const Bytes& data, bool last) const {
  Pdu out(kDataOut, last ? 0x80 : 0x00);
  out.set_itt(itt).set_ttt(ttt).set32(28, exp_stat_sn).set32(36, sn).set32(40, offset);
  out.data = data;
  return out;
}

void Session::send_data(std::uint32_t itt, std::uint32_t ttt, const Command& command,
                        std::uint32_t offset, std::uint32_t length) {
  const std::uint32_t end = offset + length;
  check(end <= command.write.size(), "the target asks for data beyond the end of the transfer");
  for (std::uint32_t sn = 0; offset < end; sn++) {
    const std::uint32_t size = std::min(agreed.target_mrdsl, end - offset);
    const auto from = command.write.begin() + offset;
    Pdu pdu = data_out(itt, ttt, sn, offset, Bytes(from, from + size), offset + size == end);
    pdu.set_lun(command.lun);
    send(pdu);
    offset += size;
  }
}

std::uint32_t Session::start(const Command& command) {
  const Pdu pdu = command_pdu(command);
  send(pdu);
  if (!pdu.final()) {
    const std::uint32_t done = size32(pdu.data);
    send_data(pdu.itt(), kNoTag, command, done,
              std::min(size32(command.write), agreed.first_burst) - done);
  }
  return pdu.itt();
}

// Data-In of one task comes in order at ErrorRecoveryLevel 0 with DataPDUInOrder=Yes, each within
// our MaxRecvDataSegmentLength, and F marks the end of every burst (RFC 7143 11.7).
void Session::collect(const Pdu& pdu, Outcome& outcome) {
  check(pdu.data.size() <= agreed.our_mrdsl, "Data-In larger than our MaxRecvDataSegmentLength");
  check_equal(pdu.u32(36), expected_data_sn_[pdu.itt()]++, "DataSN of " + describe(pdu));
  check_equal(pdu.u32(40), outcome.data.size(), "Buffer Offset of " + describe(pdu));
  check_equal(pdu.u8(1) & 0x40, 0, "A bit of a Data-In at ErrorRecoveryLevel 0");
  outcome.data.insert(outcome.data.end(), pdu.data.begin(), pdu.data.end());
  outcome.data_in_pdus++;

  burst_ += size32(pdu.data);
  check(burst_ <= agreed.max_burst, "a Data-In sequence is longer than MaxBurstLength");
  if (pdu.final()) burst_ = 0;
  if ((pdu.u8(1) & 0x01) == 0) return;
  check(pdu.final(), "status in a Data-In that is not the last");
  outcome.collapsed = true;
  outcome.status = pdu.u8(3);
  outcome.flags = pdu.u8(1);
  outcome.residual = pdu.u32(44);
}

Outcome Session::finish(std::uint32_t itt, const Command& command) {
  Outcome outcome;
  std::uint32_t next_r2t = 0;
  burst_ = 0;
  for (;;) {
    const Pdu pdu = receive_for(itt);
    switch (pdu.opcode()) {
      case kR2t:
        check_equal(pdu.u32(36), next_r2t++, "R2TSN");
        check(pdu.u32(44) > 0 && pdu.u32(44) <= agreed.max_burst,
              "Desired Data Transfer Length " + hex(pdu.u32(44)));
        check(pdu.ttt() != kNoTag, "TTT of an R2T");
        outcome.r2ts++;
        send_data(itt, pdu.ttt(), command, pdu.u32(40), pdu.u32(44));
        break;
      case kDataIn:
        collect(pdu, outcome);
        if (outcome.collapsed) return outcome;
        break;
      case kScsiResponse:
        outcome.response = pdu.u8(2);
        outcome.status = pdu.u8(3);
        outcome.flags = pdu.u8(1);
        outcome.residual = pdu.u32(44);
        if (pdu.data.size() > 2) outcome.sense.assign(pdu.data.begin() + 2, pdu.data.end());
        return outcome;
      default:
        throw Failure("a SCSI command was answered by " + describe(pdu));
    }
  }
}

Outcome Session::good(const Command& command) {
  const Outcome outcome = run(command);
  check_equal(outcome.response, 0, "iSCSI response of CDB " + hex(command.cdb.at(0)));
  check(outcome.status == kGood, "status " + hex(outcome.status) + " of CDB " +
                                     hex(command.cdb.at(0)) + ", sense " +
                                     hex(outcome.sense_key()) + "/" + hex(outcome.asc_ascq()));
  check_equal(outcome.flags & 0x06, 0, "residual flags of CDB " + hex(command.cdb.at(0)));
  return outcome;
}

void Session::clear_attention(std::uint16_t lun) {
  Command command = test_unit_ready();
  command.lun = lun;
  for (int i = 0; i < 8; i++) {
    if (run(command).status == kGood) return;
  }
  throw Failure("the unit does not become ready");
}

}  // namespace initiator
