// SPDX-License-Identifier: GPL-2.0-or-later
// What changes the medium is judged by its opcode, whatever direction the PDU claims for its data:
// it does not get past write protection, nor does it act on data that nobody sent.
#include <utility>
#include <vector>

#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint32_t kLba = 4096;
constexpr std::uint16_t kBlocks = 8;
constexpr std::uint16_t kReadOnly = 1;
constexpr std::uint32_t kWriteProtected = 0x072700;
constexpr std::uint32_t kBadUnit = 0x050e03;  // INVALID FIELD IN COMMAND INFORMATION UNIT

enum class Bits { kWrite, kRead, kNeither };

struct Change {
  const char* name;
  Command command;
  bool plain;  // a WRITE: without data it changes nothing
};

const Bytes& old_data() {
  static const Bytes data = pattern(kBlocks * kBlock, 0x71);
  return data;
}

std::vector<Change> changes() {
  const Bytes zeros(kBlock, 0);
  const Bytes first(old_data().begin(), old_data().begin() + kBlock);
  const Bytes fresh = pattern(kBlocks * kBlock, 0x72);
  Command verified = write10(kLba, fresh);
  verified.cdb[0] = 0x2e;
  return {{"WRITE SAME (10)", write_same10(kLba, kBlocks, zeros), false},
          {"WRITE SAME (16)", write_same16(kLba, kBlocks, zeros, false), false},
          {"WRITE SAME (16) with UNMAP", write_same16(kLba, kBlocks, zeros, true), false},
          {"UNMAP", unmap(kLba, kBlocks), false},
          {"COMPARE AND WRITE", compare_and_write(kLba, first, zeros), false},
          {"WRITE (10)", write10(kLba, fresh), true},
          {"WRITE (16)", write16(kLba, fresh), true},
          {"WRITE AND VERIFY (10)", verified, true}};
}

Command claiming(Command command, Bits bits) {
  if (bits == Bits::kWrite) return command;
  if (bits == Bits::kRead) command.read_length = static_cast<std::uint32_t>(command.write.size());
  command.write.clear();
  return command;
}

const char* name_of(Bits bits) {
  return bits == Bits::kWrite ? "" : bits == Bits::kRead ? " with the R bit" : " without R and W";
}

std::uint32_t sense_of(const Outcome& outcome) {
  return static_cast<std::uint32_t>(outcome.sense_key() << 16 | outcome.asc_ascq());
}

void refused(const Outcome& outcome, std::uint32_t sense, const std::string& what) {
  check_equal(outcome.status, kCheckCondition, "status of " + what);
  check_equal(sense_of(outcome), sense, "sense of " + what);
}

void unchanged(Session& session, const std::string& what) {
  check(session.good(read10(kLba, kBlocks)).data == old_data(), what + " has changed the medium");
}

Session with_old_data(const Options& options) {
  Session session = ready(options);
  session.clear_attention(kReadOnly);
  session.good(write10(kLba, old_data()));
  return session;
}

void read_only(const Options& options) {
  Session session = with_old_data(options);
  for (const Change& change : changes()) {
    for (Bits bits : {Bits::kWrite, Bits::kRead, Bits::kNeither}) {
      const std::string what = change.name + std::string(name_of(bits)) + " on a read-only LUN";
      Command command = claiming(change.command, bits);
      command.lun = kReadOnly;
      const Outcome outcome = session.run(command);
      unchanged(session, what);
      refused(outcome, kWriteProtected, what);
    }
  }
}

void without_data(const Options& options) {
  Session session = with_old_data(options);
  for (const Change& change : changes()) {
    for (Bits bits : {Bits::kRead, Bits::kNeither}) {
      const std::string what = change.name + std::string(name_of(bits));
      const Command command = claiming(change.command, bits);
      const Outcome outcome = session.run(command);
      unchanged(session, what);
      if (change.plain && bits == Bits::kNeither) continue;
      refused(outcome, kBadUnit, what);
    }
  }
}

// The same commands as they should be: what is refused above is refused for its form.
void as_they_should_be(const Options& options) {
  Session session = with_old_data(options);
  for (const Change& change : changes()) {
    session.good(write10(kLba, old_data()));
    session.good(change.command);
    check(session.good(read10(kLba, kBlocks)).data != old_data(),
          std::string(change.name) + " has changed nothing");
  }
}

// A block device cannot move parts of a block.
void odd_length(const Options& options) {
  Session session = with_old_data(options);
  for (const auto& [blocks, length] :
       {std::pair<std::uint16_t, std::uint32_t>{1, 100}, {8, 1000}, {8, 4095}}) {
    Command read = read10(kLba, blocks);
    read.edtl = length;
    refused(session.run(read), kBadUnit, "a READ with an EDTL of " + std::to_string(length));
  }
  unchanged(session, "a READ");
}

constexpr Scenario kTable[] = {
    {"protect.read-only", "protected", Kind::kHostile, read_only,
     "nothing changes a read-only LUN, whatever its R and W bits: 07/2700"},
    {"protect.direction", "protected", Kind::kHostile, without_data,
     "what changes the medium is refused without the W bit: 05/0e03"},
    {"protect.allowed", "protected", Kind::kConforming, as_they_should_be,
     "the same commands with their data do what they should"},
    {"protect.odd-length", "protected", Kind::kHostile, odd_length,
     "a READ of parts of a block from a block device: 05/0e03"},
};

}  // namespace

Table protect_table() { return make_table(kTable); }

}  // namespace initiator
