// SPDX-License-Identifier: GPL-2.0-or-later
// Text requests in full feature phase, SendTargets and discovery sessions (RFC 7143 sections 4.3,
// 11.10, 11.11 and appendix C).
#include <functional>
#include <list>

#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

Session discover(const Options& options, const Keys& changed_offers = {}) {
  Session session(options, true);
  // CHAP of the target does not apply to discovery.
  session.chap.reset();
  session.offers = {{"MaxRecvDataSegmentLength", "262144"}, {"DefaultTime2Wait", "0"}};
  for (const auto& [name, value] : changed_offers) set_key(session.offers, name, value);
  session.login();
  return session;
}

bool names_target(const Keys& keys, const std::string& target) {
  for (const auto& [name, value] : keys) {
    if (name == "TargetName" && value == target) return true;
  }
  return false;
}

std::size_t count(const Keys& keys, const std::string& wanted) {
  std::size_t n = 0;
  for (const auto& [name, value] : keys) n += name == wanted ? 1 : 0;
  return n;
}

// Records are TargetName followed by its TargetAddress lines, each "IP:PORT,GROUP".
void check_layout(const Keys& keys, const Options& options) {
  check(!keys.empty() && keys.front().first == "TargetName",
        "the list does not begin with TargetName");
  bool addressed = true;
  for (const auto& [name, value] : keys) {
    if (name == "TargetName") {
      check(addressed, "a target without TargetAddress before " + value);
      addressed = false;
      continue;
    }
    check_equal(name, "TargetAddress", "key in a SendTargets response");
    check(value.size() > 2 && value.substr(value.size() - 2) == ",1",
          "portal group tag of " + value);
    addressed = true;
  }
  for (const auto& [name, value] : keys) {
    if (name == "TargetAddress" && value == options.address + ",1") return;
  }
  throw Failure("the portal " + options.address + ",1 is not among the addresses");
}

void all_targets(const Options& options) {
  Session session = discover(options);
  const Keys keys = session.text({{"SendTargets", "All"}});
  check_layout(keys, options);
  check(names_target(keys, options.target), "the target is not listed");
  check_equal(session.logout(), 0, "Logout response");
}

void one_target(const Options& options) {
  Session session = discover(options);
  const Keys keys = session.text({{"SendTargets", options.target}});
  check_layout(keys, options);
  check_equal(count(keys, "TargetName"), 1, "targets in the answer for one name");
  check(names_target(keys, options.target), "another target is listed");
}

void no_such_target(const Options& options) {
  Session session = discover(options);
  const Keys keys = session.text({{"SendTargets", "iqn.2026-01.org.lunar:nobody"}});
  check(keys.empty(), "an answer for a target that is not there");
}

void this_target(const Options& options) {
  Session session = ready(options);
  const Keys keys = session.text({{"SendTargets", ""}});
  check_layout(keys, options);
  check_equal(count(keys, "TargetName"), 1, "targets in the answer within a normal session");
  check(names_target(keys, options.target), "another target is listed");
}

void long_list(const Options& options) {
  Session session = discover(options, {{"MaxRecvDataSegmentLength", "512"}});
  const Keys keys = session.text({{"SendTargets", "All"}});
  check_layout(keys, options);
  check(names_target(keys, options.target), "the target is not listed");
  Session wide = discover(options);
  check_equal(wide.text({{"SendTargets", "All"}}).size(), keys.size(),
              "entries in one piece and in pieces of 512");
}

void discovery_pings(const Options& options) {
  Session session = discover(options);
  session.text({{"SendTargets", "All"}});
  check_equal(session.logout(), 0, "Logout response");
  session.expect_closed("after a Logout");
}

// Without authentication anyone can have as many as he likes: who came last is served, the oldest
// gives way, and logins go on.
void many_discoveries(const Options& options) {
  constexpr unsigned kLimit = 256;
  std::list<Session> sessions;
  for (unsigned n = 0; n < kLimit + 8; ++n) sessions.push_back(discover(options));
  for (unsigned n = 0; n < 8; ++n) {
    sessions.front().expect_closed("as the oldest of too many");
    sessions.pop_front();
  }
  sessions.front().text({{"SendTargets", "All"}});
  sessions.back().text({{"SendTargets", "All"}});
  probe(options);
}

// Only Text and Logout belong into a discovery session.
void other_pdus_in_discovery(const Options& options) {
  for (std::uint8_t opcode : {kScsiCommand, kTmf, kDataOut, kSnack}) {
    Session session = discover(options);
    Pdu pdu = session.request(opcode, 0x80, opcode == kTmf);
    pdu.set_ttt(opcode == kDataOut ? kNoTag : 0);
    if (opcode == kDataOut) pdu.data = pattern(512, 1);
    session.send(pdu);
    try {
      const Pdu answer = session.receive();
      check_equal(answer.opcode(), kReject,
                  "answer to opcode " + hex(opcode) + " in a discovery session");
    } catch (const Closed&) {
    }
  }
}

void all_in_normal_session(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.request(kText);
  pdu.set_ttt(kNoTag).set_data(join_keys({{"SendTargets", "All"}}));
  session.send(pdu);
  const Pdu answer = session.receive();
  if (answer.opcode() == kReject) return;
  check_equal(answer.opcode(), kTextResponse, "answer: " + describe(answer));
  for (const auto& [name, value] : split_keys(answer.text())) {
    check(name != "TargetName" || value == options.target,
          "a normal session lists other targets: " + value);
  }
}

void text_fields(const Options& options) {
  Session session = discover(options);
  Pdu pdu = session.request(kText);
  pdu.set_ttt(kNoTag).set_data(join_keys({{"SendTargets", options.target}}));
  session.send(pdu);
  const Pdu answer = session.expect(kTextResponse, pdu.itt());
  check_equal(answer.u8(1), 0x80, "flags of the Text Response");
  check_equal(answer.ttt(), kNoTag, "TTT of the Text Response");
}

void unknown_key(const Options& options) {
  Session session = ready(options);
  const Keys keys = session.text({{"X-org.lunar.test", "1"}});
  check_equal(find_key(keys, "X-org.lunar.test").value_or(""), "NotUnderstood",
              "answer to a private key");
}

void smaller_segments_from_now(const Options& options) {
  Session session = ready(options);
  session.text({{"MaxRecvDataSegmentLength", "512"}});
  session.agreed.our_mrdsl = 512;
  check_equal(session.good(read10(0, 8)).data_in_pdus, 8, "Data-In PDUs after the change to 512");
}

void continued_request(const Options& options) {
  Session session = discover(options);
  Pdu first = session.request(kText, 0x40);
  first.set_ttt(kNoTag).set_data("SendTar");
  session.send(first);
  const Pdu answer = session.expect(kTextResponse, first.itt());
  check(answer.data.empty(), "text before the request is whole");
  check(!answer.final() && answer.ttt() != kNoTag, "F or no TTT in the answer to C");
  Pdu second = session.request(kText, 0x80);
  second.set_itt(first.itt()).set_ttt(answer.ttt());
  second.set_data(std::string("gets=") + options.target + std::string(1, '\0'));
  session.send(second);
  check(names_target(split_keys(session.expect(kTextResponse, first.itt()).text()), options.target),
        "the target is not listed");
}

void expect_bad_text(const Options& options, const std::function<Pdu(Session&)>& make,
                     const std::string& what) {
  Session session = ready(options);
  session.send(make(session));
  try {
    const Pdu answer = session.receive();
    check_equal(answer.opcode(), kReject, what + " was answered by " + describe(answer));
  } catch (const Closed&) {
  }
}

void final_and_continue(const Options& options) {
  expect_bad_text(
      options,
      [](Session& s) {
        return s.request(kText, 0xc0).set_ttt(kNoTag).set_data(std::string("SendTargets=\0", 13));
      },
      "F and C together");
}

void unknown_ttt(const Options& options) {
  expect_bad_text(
      options, [](Session& s) { return s.request(kText).set_ttt(0x4444).set_data(""); },
      "a TTT nobody gave out");
}

void no_equals(const Options& options) {
  expect_bad_text(
      options,
      [](Session& s) {
        return s.request(kText).set_ttt(kNoTag).set_data(std::string("SendTargets\0", 12));
      },
      "text without '='");
}

void no_nul(const Options& options) {
  Session session = ready(options);
  session.send(session.request(kText).set_ttt(kNoTag).set_data("SendTargets="));
  try {
    const Pdu answer = session.receive();
    check(answer.opcode() == kReject || answer.opcode() == kTextResponse,
          "answer: " + describe(answer));
  } catch (const Closed&) {
  }
}

void endless_text(const Options& options) {
  Session session = ready(options);
  std::uint32_t ttt = kNoTag;
  Pdu pdu = session.request(kText, 0x40);
  const std::uint32_t itt = pdu.itt();
  for (int i = 0; i < 4096; i++) {
    pdu.set_itt(itt).set_ttt(ttt).set_data(std::string(8000, 'x'));
    session.send(pdu);
    try {
      const Pdu answer = session.receive();
      if (answer.opcode() == kReject) return;
      check_equal(answer.opcode(), kTextResponse, "answer: " + describe(answer));
      ttt = answer.ttt();
    } catch (const Closed&) {
      return;
    }
    pdu = session.request(kText, 0x40);
  }
  throw Failure("32 MB of text were taken");
}

void parameter_that_is_fixed(const Options& options) {
  expect_bad_text(
      options,
      [](Session& s) {
        return s.request(kText).set_ttt(kNoTag).set_data(std::string("InitialR2T=No\0", 14));
      },
      "a leading-only key in full feature phase");
}

// Of every length that pads otherwise, so that each byte of the pad is summed and none behind it.
void with_digests(const Options& options) {
  Session session = ready(options, {{"HeaderDigest", "CRC32C"}, {"DataDigest", "CRC32C"}});
  for (std::size_t size = 1; size <= 4; size++) {
    const Keys keys = session.text({{"X-org.lunar.test", std::string(size, 'v')}});
    check_equal(find_key(keys, "X-org.lunar.test").value_or(""), "NotUnderstood",
                "answer to a private key");
  }
}

// The request was not received: its CmdSN is not used up, and nothing of it is kept.
void damaged(const Options& options) {
  Session session = ready(options, {{"DataDigest", "CRC32C"}});
  for (unsigned i = 0; i < 3; i++) {
    const std::uint8_t flags = i == 1 ? 0x40 : 0x80;
    Pdu bad = session.request(kText, flags);
    bad.set_ttt(kNoTag).set_data(std::string("X-damaged=1\0", 12));
    session.cmd_sn--;
    session.send(bad, {.data_digest = true});
    session.expect_reject({kRejectDataDigest}, bad);
    const Keys keys = session.text({{"SendTargets", ""}});
    check(names_target(keys, options.target), "the target is not listed after a damaged request");
    check(!find_key(keys, "X-damaged"), "a damaged request was answered");
  }
}

void empty_parts(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.request(kText, 0x40);
  const std::uint32_t itt = pdu.itt();
  pdu.set_ttt(kNoTag);
  for (int i = 0; i < 100; i++) {
    session.send(pdu);
    const Pdu answer = session.receive();
    if (answer.opcode() == kReject) return;
    check_equal(answer.opcode(), kTextResponse, "answer: " + describe(answer));
    check(answer.data.empty() && !answer.final(), "an answer before the request is whole");
    pdu = session.request(kText, 0x40);
    pdu.set_itt(itt).set_ttt(answer.ttt());
  }
  pdu.set8(1, 0x80).set_data(std::string("SendTargets=\0", 13));
  session.send(pdu);
  const Keys keys = split_keys(session.expect(kTextResponse, itt).text());
  check(names_target(keys, options.target), "the target is not listed");
}

// A new exchange under the tag of one that has not ended takes its place; nothing of the old one is
// in its answer, and the old one cannot be gone on with.
void tag_again(const Options& options) {
  Session session = ready(options);
  Pdu first = session.request(kText, 0x40);
  first.set_ttt(kNoTag).set_data(std::string("X-old=1\0X-ol", 12));
  session.send(first);
  const Pdu part = session.expect(kTextResponse, first.itt());
  Pdu second = session.request(kText, 0x80);
  second.set_itt(first.itt()).set_ttt(kNoTag).set_data(std::string("SendTargets=\0", 13));
  session.send(second);
  try {
    const Pdu answer = session.receive();
    if (answer.opcode() == kReject) return;
    const Keys keys = split_keys(answer.text());
    check(names_target(keys, options.target), "the target is not listed");
    check(!find_key(keys, "X-old"), "text of another exchange is answered");
    Pdu third = session.request(kText, 0x80);
    third.set_itt(first.itt()).set_ttt(part.ttt()).set_data(std::string("d=1\0", 4));
    session.send(third);
    check_equal(session.receive().opcode(), kReject, "answer to the rest of an ended exchange");
  } catch (const Closed&) {
  }
}

// The tag of a write that waits for its data.
void tag_of_a_write(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Command write = write10(4096, pattern(8 * kBlock, 0x17));
  const std::uint32_t itt = session.start(write);
  const Pdu r2t = session.expect(kR2t, itt);
  Pdu text = session.request(kText);
  text.set_itt(itt).set_ttt(kNoTag).set_data(std::string("SendTargets=\0", 13));
  session.send(text);
  try {
    const Pdu answer = session.receive();
    check_one_of(answer.opcode(), {kReject, kTextResponse}, "answer to the Text request");
    if (answer.opcode() == kReject) session.cmd_sn--;
    session.send_data(itt, r2t.ttt(), write, 0, 8 * kBlock);
    check_equal(session.expect(kScsiResponse, itt).u8(3), kGood, "status of the write");
    check(session.good(read10(4096, 8)).data == write.write, "other data than written");
  } catch (const Closed&) {
  }
}

constexpr Scenario kTable[] = {
    {"text.all", "plain", Kind::kConforming, all_targets, "SendTargets=All in a discovery session"},
    {"text.one", "plain", Kind::kConforming, one_target,
     "SendTargets=<name> lists that target alone"},
    {"text.nobody", "plain", Kind::kConforming, no_such_target,
     "SendTargets for a name that is not there is empty"},
    {"text.this", "plain", Kind::kConforming, this_target,
     "SendTargets= in a normal session lists its own target", "refuses the empty value"},
    {"text.pieces", "plain", Kind::kConforming, long_list,
     "a list longer than our MaxRecvDataSegmentLength comes in pieces", "ends with TTT 0"},
    {"text.discovery", "plain", Kind::kConforming, discovery_pings, "discovery, then Logout"},
    {"text.fields", "plain", Kind::kConforming, text_fields, "flags and TTT of the Text Response"},
    {"text.unknown-key", "plain", Kind::kConforming, unknown_key,
     "an unknown key in full feature phase: NotUnderstood", "rejects any text but SendTargets"},
    {"text.new-mrdsl", "plain", Kind::kConforming, smaller_segments_from_now,
     "MaxRecvDataSegmentLength changed in full feature phase", "rejects any text but SendTargets"},
    {"text.continued", "plain", Kind::kConforming, continued_request, "a request cut by the C bit",
     "ignores the C bit"},
    {"text.digest", "plain", Kind::kConforming, with_digests,
     "requests of every padding under both digests", "rejects any text but SendTargets"},
    {"text.bad-digest", "plain", Kind::kHostile, damaged,
     "a damaged request: Reject 2, three times, and nothing of it is kept",
     "closes without the Reject"},
    {"text.empty-parts", "plain", Kind::kHostile, empty_parts,
     "a request in 101 parts of which only the last has text", "ignores the C bit"},
    {"text.tag-again", "plain", Kind::kHostile, tag_again,
     "a second request under the tag of one that goes on", "ignores the C bit"},
    {"text.tag-of-write", "plain", Kind::kHostile, tag_of_a_write,
     "a request under the tag of a write that waits for data"},
    {"text.many-discoveries", "plain", Kind::kHostile, many_discoveries,
     "of more than 256 discovery sessions the oldest ends", "has no limit"},
    {"text.not-in-discovery", "plain", Kind::kHostile, other_pdus_in_discovery,
     "no SCSI in a discovery session", "lets Data-Out pass"},
    {"text.all-in-normal", "plain", Kind::kHostile, all_in_normal_session,
     "SendTargets=All does not list others in a normal session", "lists all targets"},
    {"text.final-continue", "plain", Kind::kHostile, final_and_continue, "F and C together"},
    {"text.ttt", "plain", Kind::kHostile, unknown_ttt, "a TTT nobody gave out"},
    {"text.no-equals", "plain", Kind::kHostile, no_equals, "text without '='"},
    {"text.no-nul", "plain", Kind::kHostile, no_nul, "text without NUL"},
    {"text.endless", "plain", Kind::kHostile, endless_text,
     "continued text without end is stopped"},
    {"text.leading-only", "plain", Kind::kHostile, parameter_that_is_fixed,
     "InitialR2T in full feature phase is refused"},
};

}  // namespace

Table text_table() { return make_table(kTable); }

}  // namespace initiator
