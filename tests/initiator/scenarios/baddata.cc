// SPDX-License-Identifier: GPL-2.0-or-later
// Data-Out that breaks the rules, and connections that end in the middle of a write. Whatever is
// refused must leave the medium outside of the write's own range as it was.
#include <functional>

#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint32_t kLba = 8192;

// The blocks before, of and behind the write, so that a stray byte shows.
struct Guarded {
  Bytes before = pattern(8 * kBlock, 0x21);
  Bytes behind = pattern(8 * kBlock, 0x22);

  explicit Guarded(Session& session) {
    session.good(write10(kLba - 8, before));
    session.good(write10(kLba + 8, behind));
  }

  void check_untouched(const Options& options) const {
    Session session = ready(options);
    check(session.good(read10(kLba - 8, 8)).data == before,
          "the blocks before the write have changed");
    check(session.good(read10(kLba + 8, 8)).data == behind,
          "the blocks behind the write have changed");
  }
};

// A write of 4 KB for which the target has sent its R2T.
struct Waiting {
  Session session;
  Guarded guarded;
  Command write;
  std::uint32_t itt;
  Pdu r2t;

  explicit Waiting(const Options& options)
      : session(ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}})),
        guarded(session),
        write(write10(kLba, pattern(8 * kBlock, 0x33))),
        itt(session.start(write)),
        r2t(session.expect(kR2t, itt)) {}

  Bytes bytes(std::size_t from, std::size_t size) const {
    return {write.write.begin() + static_cast<long>(from),
            write.write.begin() + static_cast<long>(from + size)};
  }
};

void refuse(const Options& options, const std::string& what,
            const std::function<Pdu(Waiting&)>& make) {
  Waiting waiting(options);
  waiting.session.send(make(waiting));
  waiting.session.expect_refused(waiting.itt, what);
  waiting.guarded.check_untouched(options);
}

void wrong_ttt(const Options& options) {
  for (std::uint32_t step : {1U, 0x10000U, 0x80000000U}) {
    refuse(options, "a Data-Out with a TTT nobody gave out", [step](Waiting& w) {
      return w.session.data_out(w.itt, w.r2t.ttt() + step, 0, 0, w.bytes(0, 4096), true);
    });
  }
}

void wrong_itt(const Options& options) {
  Waiting waiting(options);
  Pdu stray =
      waiting.session.data_out(0x7777, waiting.r2t.ttt(), 0, 0, waiting.bytes(0, 4096), true);
  waiting.session.send(stray);
  // It may belong to a task that was just aborted, so silence is right too; but the write that
  // waits must not take the data for its own.
  const Bytes data = waiting.bytes(0, 4096);
  waiting.session.send(waiting.session.data_out(waiting.itt, waiting.r2t.ttt(), 0, 0, data, true));
  try {
    const Pdu answer = waiting.session.receive();
    if (answer.opcode() == kReject) return;
    check_equal(answer.opcode(), kScsiResponse, "answer: " + describe(answer));
    check_equal(answer.u8(3), kGood, "status of the write beside a stray Data-Out");
  } catch (const Closed&) {
    return;
  }
  check(waiting.session.good(read10(kLba, 8)).data == data, "other data than written");
}

void gap_in_offset(const Options& options) {
  refuse(options, "a Data-Out with a gap before it", [](Waiting& w) {
    return w.session.data_out(w.itt, w.r2t.ttt(), 0, 512, w.bytes(0, 512), false);
  });
}

void repeated_offset(const Options& options) {
  refuse(options, "a second Data-Out for the same offset", [](Waiting& w) {
    w.session.send(w.session.data_out(w.itt, w.r2t.ttt(), 0, 0, w.bytes(0, 1024), false));
    return w.session.data_out(w.itt, w.r2t.ttt(), 1, 512, w.bytes(0, 512), false);
  });
}

void wrapping_offset(const Options& options) {
  refuse(options, "a Data-Out whose offset plus length wraps", [](Waiting& w) {
    return w.session.data_out(w.itt, w.r2t.ttt(), 0, 0xfffffe00, w.bytes(0, 4096), true);
  });
}

void past_the_end(const Options& options) {
  refuse(options, "a Data-Out past the end of the transfer", [](Waiting& w) {
    return w.session.data_out(w.itt, w.r2t.ttt(), 0, 4096, w.bytes(0, 4096), true);
  });
}

void too_long(const Options& options) {
  refuse(options, "a Data-Out longer than the R2T asked for", [](Waiting& w) {
    Bytes more = w.write.write;
    more.resize(8192, 0xee);
    return w.session.data_out(w.itt, w.r2t.ttt(), 0, 0, more, true);
  });
}

void wrong_data_sn(const Options& options) {
  refuse(options, "a Data-Out with DataSN 5 in the first place", [](Waiting& w) {
    return w.session.data_out(w.itt, w.r2t.ttt(), 5, 0, w.bytes(0, 512), false);
  });
}

void early_final(const Options& options) {
  Waiting waiting(options);
  waiting.session.send(
      waiting.session.data_out(waiting.itt, waiting.r2t.ttt(), 0, 0, waiting.bytes(0, 512), true));
  // F ends the sequence with 3584 bytes missing: at ErrorRecoveryLevel 0 the task cannot go on.
  waiting.session.expect_refused(waiting.itt, "a sequence that ends before the R2T is satisfied");
  waiting.guarded.check_untouched(options);
}

void data_after_end(const Options& options) {
  Waiting w(options);
  w.session.send_data(w.itt, w.r2t.ttt(), w.write, 0, 4096);
  check_equal(w.session.expect(kScsiResponse, w.itt).u8(3), kGood, "status of the write");
  w.session.send(w.session.data_out(w.itt, w.r2t.ttt(), 0, 0, w.bytes(0, 512), true));
  // The task is gone: the target may drop, reject or ignore it, but not act on it.
  try {
    if (const auto answer = w.session.connection.try_receive(kQuiet)) {
      check_equal(answer->opcode(), kReject,
                  "answer to a Data-Out after the end: " + describe(*answer));
    }
  } catch (const Closed&) {
  }
  w.guarded.check_untouched(options);
}

// All of it has come; what comes behind it, in the same segment, must not get into the write.
void data_after_r2t(const Options& options) {
  Waiting w(options);
  const Bytes stray = pattern(8 * kBlock, 0x99);
  Bytes wire =
      w.session.data_out(w.itt, w.r2t.ttt(), 0, 0, w.write.write, true).encode(false, false);
  for (std::uint32_t sn : {0U, 1U}) {
    const Bytes more =
        w.session.data_out(w.itt, w.r2t.ttt(), sn, 0, stray, true).encode(false, false);
    wire.insert(wire.end(), more.begin(), more.end());
  }
  w.session.connection.send_bytes(wire);
  try {
    const Pdu answer = w.session.receive();
    check_one_of(answer.opcode(), {kScsiResponse, kReject}, "answer: " + describe(answer));
  } catch (const Closed&) {
  }
  Session after = ready(options);
  check(after.good(read10(kLba, 8)).data != stray, "data that no R2T asked for was written");
  w.guarded.check_untouched(options);
}

// Tags of one session mean nothing in another, whatever their values are.
void other_sessions_data(const Options& options) {
  Waiting w(options);
  const Bytes stray = pattern(8 * kBlock, 0x98);
  Session other = ready(options);
  other.send(other.data_out(w.itt, w.r2t.ttt(), 0, 0, stray, true));
  try {
    if (const auto answer = other.connection.try_receive(kQuiet))
      check_equal(answer->opcode(), kReject, "answer to another's data: " + describe(*answer));
  } catch (const Closed&) {
  }
  w.session.expect_silence();
  w.session.send_data(w.itt, w.r2t.ttt(), w.write, 0, 8 * kBlock);
  check_equal(w.session.expect(kScsiResponse, w.itt).u8(3), kGood, "status of the write");
  check(w.session.good(read10(kLba, 8)).data == w.write.write, "other data than written");
  w.guarded.check_untouched(options);
}

// More in one PDU than the target has declared that it takes.
void larger_than_declared(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Guarded guarded(session);
  const Command write = write10(kLba, pattern(8 * kBlock, 0x34));
  const std::uint32_t itt = session.start(write);
  const Pdu r2t = session.expect(kR2t, itt);
  Pdu data = session.data_out(itt, r2t.ttt(), 0, 0, Bytes(session.agreed.target_mrdsl + 512), true);
  session.send(data);
  session.expect_refused(itt, "a Data-Out beyond MaxRecvDataSegmentLength");
  guarded.check_untouched(options);
}

void data_for_a_read(const Options& options) {
  Session session = ready(options);
  const Command read = read10(kLba, 8);
  const std::uint32_t itt = session.start(read);
  session.send(session.data_out(itt, kNoTag, 0, 0, pattern(512, 1), true));
  try {
    session.finish(itt, read);
  } catch (const Failure&) {
    return;
  }
}

void unsolicited_unasked(const Options& options) {
  Session session = ready(options, {{"InitialR2T", "Yes"}});
  const Guarded guarded(session);
  Command write = write10(kLba, pattern(8 * kBlock, 0x44));
  write.immediate_data = 0;
  Pdu pdu = session.command_pdu(write);
  pdu.set8(1, pdu.u8(1) & 0x7f);
  session.send(pdu);
  session.send_data(pdu.itt(), kNoTag, write, 0, 4096);
  session.expect_refused(pdu.itt(), "unsolicited data with InitialR2T=Yes");
  guarded.check_untouched(options);
}

void immediate_unasked(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}});
  const Guarded guarded(session);
  Command write = write10(kLba, pattern(8 * kBlock, 0x45));
  write.immediate_data = 4096;
  const Pdu pdu = session.command_pdu(write);
  session.send(pdu);
  session.expect_refused(pdu.itt(), "immediate data with ImmediateData=No");
  guarded.check_untouched(options);
}

void immediate_beyond_first_burst(const Options& options) {
  Session session = ready(options, {{"FirstBurstLength", "1024"}});
  const Guarded guarded(session);
  Command write = write10(kLba, pattern(8 * kBlock, 0x46));
  write.immediate_data = 2048;
  const Pdu pdu = session.command_pdu(write);
  session.send(pdu);
  session.expect_refused(pdu.itt(), "immediate data beyond FirstBurstLength");
  guarded.check_untouched(options);
}

void immediate_beyond_transfer(const Options& options) {
  Session session = ready(options);
  const Guarded guarded(session);
  Command write = write10(kLba, pattern(8 * kBlock, 0x47));
  write.edtl = 4096;
  Pdu pdu = session.command_pdu(write);
  pdu.data.resize(8192, 0xdd);
  session.send(pdu);
  session.expect_refused(pdu.itt(), "immediate data beyond the Expected Data Transfer Length");
  guarded.check_untouched(options);
}

void unsolicited_beyond_first_burst(const Options& options) {
  Session session = ready(options, {{"FirstBurstLength", "4096"}});
  Command write = write10(kLba, pattern(32 * kBlock, 0x48));
  write.immediate_data = 0;
  const Pdu pdu = session.command_pdu(write);
  session.send(pdu);
  session.send_data(pdu.itt(), kNoTag, write, 0, 8192);
  session.expect_refused(pdu.itt(), "unsolicited data beyond FirstBurstLength");
}

void data_on_a_read(const Options& options) {
  Session session = ready(options);
  const Command read = read10(kLba, 8);
  Pdu pdu = session.command_pdu(read);
  pdu.data = pattern(512, 2);
  session.send(pdu);
  session.expect_refused(pdu.itt(), "immediate data on a READ");
}

// A write of 16 KB: 2 KB immediate, 6 KB unsolicited, the rest by R2T, cut at every interesting
// byte.
void cut_write(const Options& options, std::size_t cut, bool abrupt) {
  Session session = ready(options, {{"FirstBurstLength", "8192"}, {"MaxBurstLength", "8192"}});
  Command write = write10(kLba, pattern(32 * kBlock, 0x55));
  write.immediate_data = 2048;
  const Pdu pdu = session.command_pdu(write);
  Bytes wire = pdu.encode(false, false);
  for (std::uint32_t sn = 0; sn < 3 && !pdu.final(); sn++) {
    const auto at = write.write.begin() + 2048 + sn * 2048;
    const Bytes more =
        session.data_out(pdu.itt(), kNoTag, sn, 2048 + sn * 2048, Bytes(at, at + 2048), sn == 2)
            .encode(false, false);
    wire.insert(wire.end(), more.begin(), more.end());
  }
  session.connection.send_bytes(
      Bytes(wire.begin(), wire.begin() + static_cast<long>(std::min(cut, wire.size()))));
  if (cut > wire.size()) {
    const Pdu r2t = session.expect(kR2t, pdu.itt());
    const auto at = write.write.begin() + r2t.u32(40);
    session.connection.send_bytes([&] {
      Bytes part =
          session.data_out(pdu.itt(), r2t.ttt(), 0, r2t.u32(40), Bytes(at, at + 2048), false)
              .encode(false, false);
      part.resize(std::min(part.size(), cut - wire.size()));
      return part;
    }());
  }
  if (abrupt) {
    session.connection.reset();
  } else {
    session.connection.close();
  }
}

void cut_anywhere(const Options& options) {
  const std::size_t kCuts[] = {0,    1,    47,   48,   49,   560,  2095, 2096,
                               2097, 2143, 2144, 2145, 4191, 4192, 4193, 6288,
                               8383, 8384, 8385, 8400, 8432, 8433, 9000, 10480};
  for (std::size_t cut : kCuts) {
    cut_write(options, cut, false);
    cut_write(options, cut, true);
  }
}

void cut_while_reading(const Options& options) {
  for (unsigned i = 0; i < 20; i++) {
    Session session = ready(options);
    for (unsigned k = 0; k < 8; k++) session.start(read16(kLba, 512));
    if (i % 2 == 0) session.receive();
    session.connection.reset();
  }
}

// A peer that takes nothing any more: the target keeps what it has to send within bounds.
void never_reading(const Options& options) {
  Session session = ready(options);
  for (unsigned k = 0; k < 24; k++) session.start(read16(kLba, 2048));
  probe(options);
}

constexpr Scenario kTable[] = {
    {"baddata.ttt", "plain", Kind::kHostile, wrong_ttt, "Data-Out with a wrong TTT",
     "does not look at the TTT"},
    {"baddata.itt", "plain", Kind::kHostile, wrong_itt,
     "Data-Out with an ITT nobody gave out is not taken for another's"},
    {"baddata.gap", "plain", Kind::kHostile, gap_in_offset, "Data-Out that leaves a gap"},
    {"baddata.repeat", "plain", Kind::kHostile, repeated_offset, "Data-Out for bytes already sent"},
    {"baddata.wrap", "plain", Kind::kHostile, wrapping_offset,
     "Buffer Offset plus length beyond 32 bits"},
    {"baddata.past-end", "plain", Kind::kHostile, past_the_end,
     "Data-Out behind the transfer's end"},
    {"baddata.too-long", "plain", Kind::kHostile, too_long, "Data-Out longer than its R2T"},
    {"baddata.datasn", "plain", Kind::kHostile, wrong_data_sn, "Data-Out with a wrong DataSN"},
    {"baddata.early-final", "plain", Kind::kHostile, early_final, "F before the R2T is satisfied"},
    {"baddata.after-end", "plain", Kind::kHostile, data_after_end, "Data-Out after the status"},
    {"baddata.after-r2t", "plain", Kind::kHostile, data_after_r2t,
     "Data-Out right behind the last one that was asked for"},
    {"baddata.other-session", "plain", Kind::kHostile, other_sessions_data,
     "Data-Out with ITT and TTT of another session's write"},
    {"baddata.too-large", "plain", Kind::kHostile, larger_than_declared,
     "Data-Out beyond the target's MaxRecvDataSegmentLength"},
    {"baddata.for-read", "plain", Kind::kHostile, data_for_a_read, "Data-Out for a READ"},
    {"baddata.unasked", "plain", Kind::kHostile, unsolicited_unasked,
     "unsolicited Data-Out with InitialR2T=Yes"},
    {"baddata.immediate-unasked", "plain", Kind::kHostile, immediate_unasked,
     "immediate data with ImmediateData=No"},
    {"baddata.immediate-first-burst", "plain", Kind::kHostile, immediate_beyond_first_burst,
     "immediate data beyond FirstBurstLength"},
    {"baddata.immediate-transfer", "plain", Kind::kHostile, immediate_beyond_transfer,
     "immediate data beyond the transfer"},
    {"baddata.first-burst", "unsolicited", Kind::kHostile, unsolicited_beyond_first_burst,
     "unsolicited Data-Out beyond FirstBurstLength"},
    {"baddata.on-read", "plain", Kind::kHostile, data_on_a_read, "immediate data on a READ",
     "drops the data and serves the read"},
    {"baddata.cut-write", "unsolicited", Kind::kHostile, cut_anywhere,
     "closed or reset at every point of a write"},
    {"baddata.cut-read", "plain", Kind::kHostile, cut_while_reading,
     "reset while data is on its way"},
    {"baddata.deaf", "plain", Kind::kHostile, never_reading,
     "24 MB asked for and never read delay nobody"},
};

}  // namespace

Table baddata_table() { return make_table(kTable); }

}  // namespace initiator
