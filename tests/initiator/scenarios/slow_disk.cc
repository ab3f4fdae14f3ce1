// SPDX-License-Identifier: GPL-2.0-or-later
// Commands that a disk has and does not answer: what waits for it, and what must not. LUN 0 is the
// disk, held by each scenario with the program in LUNAR_DISK (disk.h); LUN 1 is memory. The VM
// cases in tests/vm/cases/slow-disk say which disk it is.
#include "check.h"
#include "disk.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint8_t kAbortTask = 1;
constexpr std::uint8_t kAbortTaskSet = 2;
constexpr std::uint8_t kLunReset = 5;
constexpr std::uint32_t kLba = 4096;
constexpr std::uint16_t kBlocks = 8;
constexpr std::uint16_t kMemory = 1;  // the LUN that nothing holds
constexpr std::uint8_t kOrdered = 2;
constexpr unsigned kMany = 32;

// Apart, so that nothing on the way makes one request of two.
std::uint32_t lba_of(unsigned number) { return kLba + number * 32; }

Command write_to(std::uint32_t lba, std::uint8_t seed) {
  return write10(lba, pattern(kBlocks * kBlock, seed));
}

Command on(std::uint16_t lun, Command command) {
  command.lun = lun;
  return command;
}

std::vector<std::uint32_t> start_many(Session& session, unsigned count) {
  std::vector<std::uint32_t> tasks;
  for (unsigned i = 0; i < count; i++)
    tasks.push_back(session.start(write_to(lba_of(i), static_cast<std::uint8_t>(i))));
  return tasks;
}

std::uint32_t start_tmf(Session& session, std::uint8_t function, std::uint32_t task = kNoTag) {
  Pdu out = session.request(kTmf, static_cast<std::uint8_t>(0x80 | function), true);
  out.set32(20, task).set32(32, session.cmd_sn - 1);
  session.send(out);
  return out.itt();
}

void expect_complete(Session& session, std::uint32_t tmf, const std::string& what) {
  check_equal(session.expect(kTmfResponse, tmf).u8(2), 0, "response to " + what);
}

// What works whatever the disk does: a login, and the other LUN.
void memory_works(const Options& options) {
  Session session(options);
  session.login();
  session.clear_attention(kMemory);
  const Command write = on(kMemory, write_to(kLba, 0x77));
  session.good(write);
  check(session.good(on(kMemory, read10(kLba, kBlocks))).data == write.write, "data of LUN 1");
  check_equal(session.logout(), 0, "Logout response");
}

// And the disk's LUN says what it is, unless an ORDERED command waits in its task set.
void others_work(const Options& options) {
  Session session = ready(options);
  session.good(inquiry());
  memory_works(options);
}

// The disk is back: it must take and give data.
void disk_works(const Options& options) {
  Session session = ready(options);
  const Command write = write_to(kLba + 9, 0x42);
  session.good(write);
  check(session.good(read10(kLba + 9, kBlocks)).data == write.write, "data of the disk");
}

// ---- task management ----

void abort_in_flight(const Options& options) {
  Session session = ready(options);
  for (const Command& command : {write_to(kLba, 1), read10(lba_of(3), kBlocks)}) {
    HeldDisk disk;
    const std::uint32_t task = session.start(command);
    disk.arrived(1);
    const std::uint32_t tmf = start_tmf(session, kAbortTask, task);
    session.expect_silence();
    others_work(options);
    disk.release();
    expect_complete(session, tmf, "ABORT TASK of a command in the disk");
    session.expect_silence();
  }
  disk_works(options);
}

// An abort that waits for the disk when its own connection goes.
void abort_and_leave(const Options& options) {
  HeldDisk disk;
  {
    Session session = ready(options);
    const auto tasks = start_many(session, 4);
    disk.arrived(4);
    for (const std::uint32_t task : tasks) start_tmf(session, kAbortTask, task);
    for (unsigned i = 0; i < 2; i++) start_tmf(session, kAbortTaskSet);
    start_tmf(session, kLunReset);
    session.expect_silence();
    session.connection.reset();
  }
  others_work(options);
  disk.release();
  // The reset goes on without its initiator, and may end a command of another.
  Session other = ready(options);
  while (other.run(write_to(kLba, 1)).status != kGood) other.clear_attention();
  disk_works(options);
}

// Two of them, since one may come while another waits; what came in between belongs to the second.
void abort_set(const Options& options) {
  Session session = ready(options);
  Session other = ready(options);
  HeldDisk disk;
  start_many(session, 4);
  disk.arrived(4);
  const std::uint32_t first = start_tmf(session, kAbortTaskSet);
  session.start(write_to(lba_of(5), 5));
  disk.arrived(5);
  const std::uint32_t second = start_tmf(session, kAbortTaskSet);
  session.expect_silence();
  const std::uint32_t after = session.start(write_to(lba_of(6), 6));
  const std::uint32_t others = other.start(write_to(lba_of(7), 7));
  disk.arrived(7);
  others_work(options);
  disk.release();
  expect_complete(session, first, "the first ABORT TASK SET");
  expect_complete(session, second, "the second ABORT TASK SET");
  check_equal(session.expect(kScsiResponse, after).u8(3), kGood, "status of the write behind them");
  check_equal(other.expect(kScsiResponse, others).u8(3), kGood, "status of another's write");
  session.expect_silence();
  disk_works(options);
}

// As many as there are places, each waiting for the one before: they go one after the other.
void abort_set_chain(const Options& options) {
  HeldDisk disk;
  {
    Session session = ready(options);
    session.start(write_to(kLba, 1));
    disk.arrived(1);
    for (unsigned i = 0; i < 30; i++) start_tmf(session, kAbortTaskSet);
    while (session.cmd_sn != session.max_cmd_sn) {
      Pdu out = session.request(kTmf, static_cast<std::uint8_t>(0x80 | kAbortTaskSet));
      session.send(out.set32(20, kNoTag));
    }
    session.expect_silence();
    session.connection.reset();
  }
  others_work(options);
  disk.release();
  disk_works(options);
}

void reset_own(const Options& options) {
  Session session = ready(options);
  HeldDisk disk;
  start_many(session, 4);
  disk.arrived(4);
  const std::uint32_t tmf = start_tmf(session, kLunReset);
  session.expect_silence();
  others_work(options);
  disk.release();
  // No status of the four before or after it: their initiator has asked for their end.
  const Pdu answer = session.receive();
  check_equal(answer.itt(), tmf, "task of the first answer after a reset, " + describe(answer));
  check_equal(answer.u8(2), 0, "response to LUN RESET");
  session.expect_silence();
  session.clear_attention();
  disk_works(options);
}

void reset_other(const Options& options) {
  Session session = ready(options);
  Session other = ready(options);
  HeldDisk disk;
  const auto tasks = start_many(session, 4);
  disk.arrived(4);
  const std::uint32_t tmf = start_tmf(other, kLunReset);
  other.expect_silence();
  session.expect_silence();
  others_work(options);
  disk.release();
  expect_complete(other, tmf, "LUN RESET");
  for (const std::uint32_t task : tasks)
    check_equal(session.expect(kScsiResponse, task).u8(3), kTaskAborted,
                "status of a command that another session's reset has ended");
  session.clear_attention();
  disk_works(options);
}

// The session whose commands a reset waits for goes while it waits.
void reset_other_gone(const Options& options) {
  Session other = ready(options);
  HeldDisk disk;
  std::uint32_t tmf = 0;
  {
    Session session = ready(options);
    start_many(session, 4);
    disk.arrived(4);
    tmf = start_tmf(other, kLunReset);
    other.expect_silence();
    session.connection.reset();
  }
  others_work(options);
  other.expect_silence();
  disk.release();
  expect_complete(other, tmf, "LUN RESET");
  other.clear_attention();
  disk_works(options);
}

// ---- order ----

void ordered(const Options& options) {
  Session session = ready(options);
  HeldDisk disk;
  const Command first = write_to(kLba, 1), last = write_to(kLba, 3);
  Command middle = write_to(kLba, 2);
  middle.attribute = kOrdered;
  const std::uint32_t before = session.start(first);
  disk.arrived(1);
  const std::uint32_t between = session.start(middle);
  const std::uint32_t after = session.start(last);
  session.expect_silence();
  HeldDisk::order("exactly 1");
  disk.release(true);
  // The answers may be in another order than the disk's.
  for (const std::uint32_t task : {before, between, after})
    check_equal(session.expect(kScsiResponse, task).u8(3), kGood, "status");
  check(session.good(read10(kLba, kBlocks)).data == last.write, "the last write isn't the last");
}

// The device's own task set: after aborts, ORDERED commands still get their turn.
void ordered_after_aborts(const Options& options) {
  Session session = ready(options);
  {
    HeldDisk disk;
    const auto tasks = start_many(session, 4);
    disk.arrived(4);
    const std::uint32_t tmf = start_tmf(session, kAbortTask, tasks[0]);
    session.expect_silence();
    disk.release();
    for (unsigned i = 1; i < 4; i++)
      check_equal(session.expect(kScsiResponse, tasks[i]).u8(3), kGood, "status");
    expect_complete(session, tmf, "ABORT TASK");
  }
  {
    HeldDisk disk;
    start_many(session, 4);
    disk.arrived(4);
    const std::uint32_t tmf = start_tmf(session, kLunReset);
    session.expect_silence();
    disk.release();
    expect_complete(session, tmf, "LUN RESET");
  }
  session.clear_attention();
  Command barrier = write_to(kLba, 1);
  barrier.attribute = kOrdered;
  session.good(barrier);
  disk_works(options);
}

// An aborted command may be one that waits behind an ORDERED one.
void abort_behind_ordered(const Options& options) {
  Session session = ready(options);
  HeldDisk disk;
  Command middle = write_to(lba_of(1), 2);
  middle.attribute = kOrdered;
  const std::uint32_t before = session.start(write_to(lba_of(0), 1));
  disk.arrived(1);
  const std::uint32_t between = session.start(middle);
  const std::uint32_t after = session.start(write_to(lba_of(2), 3));
  session.expect_silence();
  const std::uint32_t tmf = start_tmf(session, kAbortTask, after);
  disk.release();
  for (const std::uint32_t task : {before, between})
    check_equal(session.expect(kScsiResponse, task).u8(3), kGood, "status");
  expect_complete(session, tmf, "ABORT TASK of one behind an ORDERED one");
  session.expect_silence();
  disk_works(options);
}

// ---- the end of a session ----

enum class End { kLogout, kReset, kReinstate, kMixed };

// The old session's commands stay with the disk; the initiator is back at once.
void leave(const Options& options, End end) {
  HeldDisk disk;
  Session session = ready(options);
  if (end == End::kMixed) {
    // In the disk, behind an ORDERED one, waiting for data, and asked for too early.
    Command barrier = write_to(lba_of(40), 1);
    barrier.attribute = kOrdered;
    start_many(session, 8);
    disk.arrived(8);
    session.start(barrier);
    Command bare = write_to(lba_of(41), 2);
    bare.immediate_data = 0;
    session.start(bare);
    session.cmd_sn++;
  }
  start_many(session, end == End::kMixed ? 8 : kMany);
  if (end != End::kMixed) disk.arrived(kMany);
  if (end == End::kLogout) {
    check_equal(session.logout(), 0, "Logout response with commands in the disk");
    session.expect_closed("after a Logout with commands in the disk");
  } else if (end == End::kReinstate) {
    Session again(options);
    again.isid_qualifier = session.isid_qualifier;
    again.login();
    again.clear_attention();
    again.good(inquiry());
    session.expect_closed("after reinstatement");
    check_equal(again.logout(), 0, "Logout response");
  } else {
    session.connection.reset();
  }
  HeldDisk::order("session-gone " + options.initiator);
  if (end == End::kMixed)
    memory_works(options);
  else
    others_work(options);
  disk.release();
  disk_works(options);
}

void leave_by_logout(const Options& options) { leave(options, End::kLogout); }
void leave_by_reset(const Options& options) { leave(options, End::kReset); }
void leave_by_reinstatement(const Options& options) { leave(options, End::kReinstate); }
void leave_in_every_state(const Options& options) { leave(options, End::kMixed); }

// More commands than anything on the way takes at a time.
void full(const Options& options) {
  HeldDisk disk;
  std::vector<Session> sessions;
  for (unsigned i = 0; i < 24; i++) {
    sessions.push_back(ready(options));
    start_many(sessions.back(), 64);
  }
  disk.arrived(1);
  others_work(options);
  sessions.erase(sessions.begin() + 12, sessions.end());
  others_work(options);
  disk.release();
  for (Session& session : sessions) {
    for (unsigned i = 0; i < 64; i++)
      check_equal(session.receive().u8(3), kGood, "status of a write");
  }
  disk_works(options);
}

// ---- configuration, by the case's own words ----

void disable(const Options& options) {
  HeldDisk disk;
  Session session = ready(options);
  start_many(session, kMany);
  disk.arrived(kMany);
  HeldDisk::order("disable");
  session.expect_closed("after its TPG was disabled");
  HeldDisk::order("enable");
  others_work(options);
  disk.release();
  disk_works(options);
}

void remove_portal(const Options& options) {
  HeldDisk disk;
  Session session = ready(options);
  const auto tasks = start_many(session, kMany);
  disk.arrived(kMany);
  HeldDisk::order("remove-portal");
  session.expect_silence();
  disk.release();
  for (const std::uint32_t task : tasks)
    check_equal(session.expect(kScsiResponse, task).u8(3), kGood, "status");
  HeldDisk::order("add-portal");
  disk_works(options);
}

// The removal waits, its session is over at once, and others' are not concerned.
void remove_while_held(const Options& options, const std::string& what) {
  HeldDisk disk;
  Session session = ready(options);
  Options stranger = options;
  stranger.initiator += "-else";
  Session bystander = ready(stranger);
  bystander.clear_attention(kMemory);
  const auto tasks = start_many(session, kMany);
  disk.arrived(kMany);
  HeldDisk::order("remove " + what);
  if (what == "acl")
    session.expect_closed("while its ACL is being removed");
  else
    session.expect_silence();
  HeldDisk::order("waits");
  // It is told that its LUNs have changed.
  bystander.clear_attention(kMemory);
  bystander.good(on(kMemory, read10(0, 1)));
  others_work(stranger);
  disk.release();
  HeldDisk::order("removed");
  if (what != "acl") {
    for (const std::uint32_t task : tasks) {
      check_equal(session.expect(kScsiResponse, task).u8(3), kGood, "status");
    }
  }
  HeldDisk::order("put-back");
  disk_works(options);
}

void remove_acl(const Options& options) { remove_while_held(options, "acl"); }
void remove_lun(const Options& options) { remove_while_held(options, "lun"); }

// ---- ghost writes ----

// What the disk holds at the end is what was written last, whatever it had from sessions before.
void ghost(const Options& options, End end) {
  const Command old = write_to(kLba, 0xa0), current = write_to(kLba, 0xb0);
  HeldDisk disk;
  Session session = ready(options);
  session.start(old);
  disk.arrived(1);
  if (end == End::kLogout) {
    check_equal(session.logout(), 0, "Logout response");
  } else if (end == End::kReset) {
    session.connection.reset();
  }
  Session again(options);
  if (end == End::kReinstate) again.isid_qualifier = session.isid_qualifier;
  again.login();
  again.clear_attention();
  const std::uint32_t task = again.start(current);
  again.expect_silence();
  disk.release(true);
  const Outcome outcome = again.finish(task, current);
  check_equal(outcome.status, kGood, "status of the write after it");
  check(again.good(read10(kLba, kBlocks)).data == current.write,
        "a write of a session that has ended came after one of the next session");
}

void ghost_logout(const Options& options) { ghost(options, End::kLogout); }
void ghost_reset(const Options& options) { ghost(options, End::kReset); }
void ghost_reinstatement(const Options& options) { ghost(options, End::kReinstate); }

void ghost_lun_reset(const Options& options) {
  const Command old = write_to(kLba, 0xa1), current = write_to(kLba, 0xb1);
  Session session = ready(options);
  Session other = ready(options);
  HeldDisk disk;
  session.start(old);
  disk.arrived(1);
  const std::uint32_t tmf = start_tmf(other, kLunReset);
  other.expect_silence();
  session.connection.reset();
  other.expect_silence();
  disk.release(true);
  expect_complete(other, tmf, "LUN RESET");
  other.clear_attention();
  other.good(current);
  check(other.good(read10(kLba, kBlocks)).data == current.write,
        "a write from before the LUN RESET came after one behind it");
}

// Those that wait for an old write go again: by an abort, with their session, by a reset.
void ghost_waiting_ends(const Options& options) {
  const Command old = write_to(kLba, 0xa2), never = write_to(kLba, 0xb2);
  HeldDisk disk;
  {
    Session session = ready(options);
    session.start(old);
    disk.arrived(1);
    session.connection.reset();
  }
  {
    Session leaving = ready(options);
    start_many(leaving, kMany);
    leaving.expect_silence();
    check_equal(leaving.logout(), 0, "Logout response");
  }
  Session session = ready(options);
  const std::uint32_t task = session.start(never);
  session.expect_silence();
  expect_complete(session, start_tmf(session, kAbortTask, task), "ABORT TASK of one that waits");
  const std::uint32_t second = session.start(never);
  Command ordered_read = read10(kLba, kBlocks);
  ordered_read.attribute = kOrdered;
  session.expect_silence();
  const std::uint32_t third = session.start(ordered_read);
  disk.release();
  check_equal(session.finish(second, never).status, kGood, "status of the write");
  const Outcome read = session.finish(third, ordered_read);
  check(read.data == never.write, "an ORDERED read went before the write that it follows");
  check_equal(session.logout(), 0, "Logout response");
  disk_works(options);
}

constexpr Scenario kTable[] = {
    {"slow.abort", "slow", Kind::kConforming, abort_in_flight,
     "ABORT TASK is answered when the disk has answered"},
    {"slow.abort-set", "slow", Kind::kConforming, abort_set,
     "ABORT TASK SET is answered when the disk has, the tasks have no status"},
    {"slow.abort-set-chain", "slow", Kind::kConforming, abort_set_chain,
     "a session goes with as many ABORT TASK SETs as it may send"},
    {"slow.abort-and-leave", "slow", Kind::kConforming, abort_and_leave,
     "a session goes whose TMFs wait for the disk"},
    {"slow.abort-behind-ordered", "slow", Kind::kConforming, abort_behind_ordered,
     "ABORT TASK of a command that waits behind an ORDERED one"},
    {"slow.ordered-after-aborts", "slow", Kind::kConforming, ordered_after_aborts,
     "ORDERED commands get their turn after commands were aborted"},
    {"slow.reset-own", "slow", Kind::kConforming, reset_own,
     "LUN RESET is answered when the disk has, the tasks have no status"},
    {"slow.reset-other", "slow", Kind::kConforming, reset_other,
     "another session's LUN RESET: TASK ABORTED, after the disk"},
    {"slow.reset-other-gone", "slow", Kind::kConforming, reset_other_gone,
     "a LUN RESET waits for commands whose session goes"},
    {"slow.ordered", "slow", Kind::kConforming, ordered,
     "ORDERED between SIMPLE ones: one after the other in the disk"},
    {"slow.logout", "slow", Kind::kConforming, leave_by_logout,
     "Logout with 32 commands in the disk, and a login at once"},
    {"slow.reset", "slow", Kind::kConforming, leave_by_reset,
     "a connection cut with 32 commands in the disk, and a login at once"},
    {"slow.reinstate", "slow", Kind::kConforming, leave_by_reinstatement,
     "reinstatement of a session with 32 commands in the disk"},
    {"slow.every-state", "slow", Kind::kConforming, leave_in_every_state,
     "a connection cut with commands in every state"},
    {"slow.full", "slow", Kind::kConforming, full,
     "1536 commands for the disk hold up nobody else"},
    {"slow.disable", "slow", Kind::kConforming, disable, "disabling the TPG waits for no disk"},
    {"slow.remove-portal", "slow", Kind::kConforming, remove_portal,
     "removing the portal waits for no disk, its sessions live on"},
    {"slow.remove-acl", "slow", Kind::kConforming, remove_acl,
     "removing an ACL ends its session at once and waits for the disk"},
    {"slow.remove-lun", "slow", Kind::kConforming, remove_lun,
     "removing a LUN waits for its commands"},
    {"ghost.logout", "slow", Kind::kConforming, ghost_logout,
     "a write before a Logout never comes after one of the next session"},
    {"ghost.reset", "slow", Kind::kConforming, ghost_reset,
     "a write of a lost connection never comes after one of the next session"},
    {"ghost.reinstate", "slow", Kind::kConforming, ghost_reinstatement,
     "a write of a reinstated session never comes after one of the new session"},
    {"ghost.lun-reset", "slow", Kind::kConforming, ghost_lun_reset,
     "a write from before a LUN RESET never comes after one behind it"},
    {"ghost.waiting-ends", "slow", Kind::kConforming, ghost_waiting_ends,
     "writes that wait for an old one can be aborted, logged out, and keep their order"},
};

}  // namespace

Table slow_disk_table() { return make_table(kTable); }

}  // namespace initiator
