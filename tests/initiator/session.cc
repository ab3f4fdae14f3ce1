// SPDX-License-Identifier: GPL-2.0-or-later
// The full feature half of Session.
#include "session.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "check.h"

namespace initiator {
namespace {

// Every session of a run gets its own ISID unless a scenario sets one.
std::uint16_t next_isid() {
  static std::atomic<unsigned> counter{static_cast<unsigned>(getpid()) * 64};
  return static_cast<std::uint16_t>(counter++);
}

bool serial_less(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

bool is_unsolicited_ping(const Pdu& pdu) { return pdu.opcode() == kNopIn && pdu.itt() == kNoTag; }

// Whether the PDU uses up a StatSN (RFC 7143 4.2.2.2), carries the next one, or has none.
enum class Numbering { kUsesOne, kShowsNext, kNone };

Numbering numbering(const Pdu& pdu) {
  switch (pdu.opcode()) {
    case kR2t:
      return Numbering::kShowsNext;
    case kNopIn:
      return is_unsolicited_ping(pdu) ? Numbering::kShowsNext : Numbering::kUsesOne;
    case kDataIn:
      return (pdu.u8(1) & 0x01) != 0 ? Numbering::kUsesOne : Numbering::kNone;
    default:
      return Numbering::kUsesOne;
  }
}

}  // namespace

Session::Session(const Options& options, bool discovery_session)
    : connection(options.address, options.narrow),
      initiator_name(options.initiator),
      target_name(options.target),
      discovery(discovery_session),
      offers(usual_offers()),
      isid_qualifier(next_isid()) {
  if (options.user.empty()) return;
  chap = Chap{};
  chap->user = options.user;
  chap->password = options.password;
  chap->mutual = !options.mutual_user.empty();
  chap->mutual_user = options.mutual_user;
  chap->mutual_password = options.mutual_password;
}

Pdu Session::request(std::uint8_t opcode, std::uint8_t flags, bool immediate) {
  Pdu out(opcode, flags);
  out.set_itt(next_itt++).set32(24, cmd_sn).set32(28, exp_stat_sn);
  if (immediate) {
    out.set_immediate();
  } else {
    cmd_sn++;
  }
  return out;
}

void Session::note_numbers(const Pdu& pdu) {
  const std::uint32_t exp = pdu.u32(28);
  const std::uint32_t max = pdu.u32(32);
  check(!serial_less(cmd_sn, exp),
        "ExpCmdSN " + hex(exp) + " is beyond what was sent, in " + describe(pdu));
  check(!serial_less(max + 1, exp), "MaxCmdSN below ExpCmdSN - 1 in " + describe(pdu));
  if (serial_less(exp_cmd_sn, exp)) exp_cmd_sn = exp;
  if (serial_less(max_cmd_sn, max)) max_cmd_sn = max;

  const Numbering kind = numbering(pdu);
  if (kind == Numbering::kNone) return;
  check_equal(pdu.u32(24), exp_stat_sn, "StatSN of " + describe(pdu));
  if (kind == Numbering::kUsesOne) exp_stat_sn++;
}

bool Session::answer_ping(const Pdu& pdu) {
  if (!answer_pings || !is_unsolicited_ping(pdu)) return false;
  if (pdu.ttt() == kNoTag) return true;
  Pdu pong(kNopOut);
  pong.set_immediate().set_itt(kNoTag).set_ttt(pdu.ttt());
  pong.set32(24, cmd_sn).set32(28, exp_stat_sn);
  std::copy(pdu.bhs.begin() + 8, pdu.bhs.begin() + 16, pong.bhs.begin() + 8);
  connection.send(pong);
  return true;
}

// The deadline is for the awaited PDU: pings in between must not put it off.
Pdu Session::receive_numbered(std::chrono::steady_clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
  Pdu pdu = connection.receive(std::max(left, Milliseconds(0)));
  note_numbers(pdu);
  return pdu;
}

Pdu Session::receive(Milliseconds patience) {
  if (!kept_.empty()) {
    Pdu out = kept_.front();
    kept_.pop_front();
    return out;
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    Pdu pdu = receive_numbered(deadline);
    if (!answer_ping(pdu)) return pdu;
  }
}

Pdu Session::receive_for(std::uint32_t itt, Milliseconds patience) {
  const auto ours =
      std::find_if(kept_.begin(), kept_.end(), [itt](const Pdu& pdu) { return pdu.itt() == itt; });
  if (ours != kept_.end()) {
    Pdu out = *ours;
    kept_.erase(ours);
    return out;
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    Pdu pdu = receive_numbered(deadline);
    if (answer_ping(pdu)) continue;
    if (pdu.itt() == itt || pdu.opcode() == kReject || pdu.opcode() == kAsync) return pdu;
    kept_.push_back(pdu);
  }
}

Pdu Session::expect(std::uint8_t opcode, std::uint32_t itt) {
  Pdu pdu = receive_for(itt);
  check_equal(pdu.opcode(), opcode, "opcode of the answer, which is " + describe(pdu));
  return pdu;
}

void Session::expect_silence() {
  check(kept_.empty(), kept_.empty() ? "" : "unexpected " + describe(kept_.front()));
  const auto pdu = connection.try_receive(kQuiet);
  if (!pdu) return;
  note_numbers(*pdu);
  check(answer_ping(*pdu), "unexpected " + describe(*pdu));
}

void Session::expect_closed(const std::string& why) {
  check(connection.closes_within(kPatience), "the connection stays open " + why);
}

void Session::expect_refused(std::uint32_t itt, const std::string& what) {
  try {
    const Pdu pdu = receive_for(itt);
    if (pdu.opcode() == kReject) return;
    check_equal(pdu.opcode(), kScsiResponse, what + " was not refused but led to " + describe(pdu));
    check(pdu.u8(2) != 0 || pdu.u8(3) != kGood, what + " was answered GOOD");
  } catch (const Closed&) {
    return;
  }
}

Pdu Session::expect_reject(std::initializer_list<std::uint64_t> reasons, const Pdu& bad) {
  Pdu reject = receive_for(kNoTag);
  check_equal(reject.opcode(), kReject, "answer, which is " + describe(reject));
  check_one_of(reject.u8(2), reasons, "reason of the Reject");
  check_equal(reject.u32(16), kNoTag, "bytes 16-19 of the Reject");
  check(reject.data.size() >= kBhsSize, "the Reject does not carry the rejected header");
  const Bytes wire = bad.encode(false, false);
  check(std::equal(reject.data.begin(), reject.data.begin() + kBhsSize, wire.begin()),
        "the Reject carries another header than the rejected one");
  return reject;
}

Pdu Session::ping(const std::string& text) {
  Pdu out = request(kNopOut);
  out.set_ttt(kNoTag).set_data(text);
  send(out);
  Pdu pong = expect(kNopIn, out.itt());
  check_equal(pong.ttt(), kNoTag, "TTT of the NOP-In");
  return pong;
}

Keys Session::text(const Keys& keys) {
  Pdu out = request(kText);
  out.set_ttt(kNoTag).set_data(join_keys(keys));
  send(out);
  std::string all;
  for (;;) {
    const Pdu answer = expect(kTextResponse, out.itt());
    all += answer.text();
    if (answer.final()) {
      check_equal(answer.ttt(), kNoTag, "TTT of the last Text Response");
      return split_keys(all);
    }
    check(answer.ttt() != kNoTag, "TTT of a Text Response that is not the last");
    Pdu more = request(kText);
    more.set_itt(out.itt()).set_ttt(answer.ttt());
    send(more);
  }
}

Pdu Session::task_management(std::uint8_t function, std::uint32_t referenced,
                             std::uint32_t ref_cmd_sn, std::uint16_t lun) {
  Pdu out = request(kTmf, static_cast<std::uint8_t>(0x80 | function), true);
  out.set_lun(lun).set32(20, referenced).set32(32, ref_cmd_sn);
  send(out);
  return expect(kTmfResponse, out.itt());
}

std::uint8_t Session::logout(std::uint8_t reason, std::uint16_t logout_cid) {
  Pdu out = request(kLogout, static_cast<std::uint8_t>(0x80 | reason), true);
  out.set16(20, logout_cid);
  send(out);
  return expect(kLogoutResponse, out.itt()).u8(2);
}

}  // namespace initiator
