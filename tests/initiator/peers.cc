// SPDX-License-Identifier: GPL-2.0-or-later
#include "peers.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "check.h"
#include "modes.h"
#include "scenario.h"

namespace initiator {

// ---- HeldWrite ----

HeldWrite::HeldWrite(const Options& options, const Keys& changed_offers)
    : session(ready(options, changed_offers)),
      write(write10(kLba, pattern(kBlocks * kBlock, 0x62))) {
  session.good(write10(kLba, old));
  missing = session.command_pdu(test_unit_ready());
  held = session.command_pdu(write);
  session.send(held);
}

void HeldWrite::fill_gap() {
  session.send(missing);
  for (;;) {
    const Pdu answer = session.receive();
    check_equal(answer.opcode(), kScsiResponse, "answer, which is " + describe(answer));
    if (answer.itt() == missing.itt()) return;
    check_equal(answer.itt(), held.itt(), "ITT of " + describe(answer));
    check_equal(answer.u8(3), kTaskAborted, "status of the write that was held");
  }
}

Bytes HeldWrite::medium() {
  session.clear_attention();
  return session.good(read10(kLba, kBlocks)).data;
}

// ---- HalfWrite ----

HalfWrite::HalfWrite(const Options& options) : session(ready(options)) {
  session.good(write10(HeldWrite::kLba, old));
  pdu = session.command_pdu(write10(HeldWrite::kLba, pattern(HeldWrite::kBlocks * kBlock, 0x64)));
  check_equal(pdu.data.size(), old.size(), "immediate data of the write");
  Bytes wire = pdu.encode(false, false);
  const auto half = wire.begin() + static_cast<long>(kBhsSize + pdu.data.size() / 2);
  rest.assign(half, wire.end());
  wire.erase(half, wire.end());
  session.connection.send_bytes(wire);
}

void HalfWrite::send_rest() { session.connection.send_bytes(rest); }

Bytes HalfWrite::medium() {
  session.clear_attention();
  return session.good(read10(HeldWrite::kLba, HeldWrite::kBlocks)).data;
}

// ---- DeafReader ----

DeafReader::DeafReader(const Options& options)
    : session(ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}})) {
  session.expect(kR2t, session.start(write10(57344, pattern(8 * kBlock, 0x65))));
  for (unsigned i = 0; i < kReads; i++) session.start(read16(57344, 2048));
}

namespace {

// A command that a slow target has begun only after another's reset.
bool is_attention(const Pdu& pdu) {
  return pdu.opcode() == kScsiResponse && pdu.u8(3) == kCheckCondition && pdu.data.size() > 4 &&
         (pdu.data[4] & 0x0f) == 0x06;
}

}  // namespace

void DeafReader::listen_again() {
  std::set<std::uint32_t> answered;
  while (answered.size() < kReads + 1) {
    const Pdu pdu = session.receive();
    const bool status =
        pdu.opcode() == kScsiResponse || (pdu.opcode() == kDataIn && (pdu.u8(1) & 0x01) != 0);
    if (!status) {
      check_equal(pdu.opcode(), kDataIn, "answer, which is " + describe(pdu));
      continue;
    }
    check(answered.insert(pdu.itt()).second, "a second status for one task");
    if (!is_attention(pdu))
      check_one_of(pdu.u8(3), {kGood, kTaskAborted}, "status in " + describe(pdu));
  }
}

// ---- Flood ----

Flood::Flood(Connection& connection, Bytes one, Bytes repeated)
    : connection_(connection),
      thread_([this, head = std::move(one), body = std::move(repeated)] { run(head, body); }) {}

Flood::~Flood() {
  stop_ = true;
  thread_.join();
}

// Gives up when nothing moves: at once when it is to stop, otherwise after kPatience. While
// anything moves it goes on to the end, so that the connection can be used afterwards.
bool Flood::push(const Bytes& bytes) {
  constexpr Milliseconds kSlice{200};
  std::size_t done = 0;
  for (int idle = 0; done < bytes.size();) {
    const std::size_t now =
        connection_.send_some(Bytes(bytes.begin() + static_cast<long>(done), bytes.end()), kSlice);
    done += now;
    idle = now == 0 ? idle + 1 : 0;
    if (now == 0 && (stop_ || idle * kSlice > kPatience)) return false;
  }
  sent_ += done;
  return true;
}

void Flood::run(const Bytes& one, const Bytes& repeated) {
  const auto full = std::chrono::steady_clock::now() + kRunUp;
  bool whole = true;
  bool due = true;
  while (whole && !stop_) {
    if (due && std::chrono::steady_clock::now() >= full) {
      due = false;
      whole = push(one);
    }
    whole = whole && push(repeated);
  }
  ended_ = true;
}

Bytes copies(const Pdu& pdu, unsigned count) {
  const Bytes one = pdu.encode(false, false);
  Bytes out;
  out.reserve(one.size() * count);
  for (unsigned i = 0; i < count; i++) out.insert(out.end(), one.begin(), one.end());
  return out;
}

Bytes old_commands(const Session& session, unsigned count) {
  Pdu old(kScsiCommand);
  old.set_itt(0x5555).set32(24, session.exp_cmd_sn - 1).set32(28, session.exp_stat_sn);
  return copies(old, count);
}

Bytes silent_pings(const Session& session, unsigned count) {
  Pdu ping(kNopOut);
  ping.set_immediate().set_itt(kNoTag).set_ttt(kNoTag);
  ping.set32(24, session.cmd_sn).set32(28, session.exp_stat_sn);
  Bytes some = copies(ping, 3);
  const Bytes command = old_commands(session, 1);
  some.insert(some.end(), command.begin(), command.end());
  Bytes out;
  for (unsigned i = 0; i < count / 4; i++) out.insert(out.end(), some.begin(), some.end());
  return out;
}

Pdu unknown_request(const Session& session) {
  Pdu out(0x1d);
  out.set_immediate().set_itt(0x5556);
  out.set32(24, session.cmd_sn).set32(28, session.exp_stat_sn);
  return out;
}

// ---- on the command line ----

namespace {

int wait_for_end() {
  std::puts("misbehaving");
  std::fflush(stdout);
  while (!input_ended(Milliseconds(200))) continue;
  return 0;
}

template <typename Peer>
int hold(const Options& options) {
  const Peer peer(options);
  return wait_for_end();
}

template <Bytes (*Make)(const Session&, unsigned)>
int hold_flood(const Options& options) {
  Options narrow = options;
  narrow.narrow = true;
  Session session = ready(narrow);
  const Flood flood(session.connection, {}, Make(session, 2000));
  return wait_for_end();
}

Bytes unknown_requests(const Session& session, unsigned count) {
  return copies(unknown_request(session), count);
}

struct Kinds {
  const char* name;
  int (*hold)(const Options& options);
};

constexpr Kinds kKinds[] = {
    {"held-write", hold<HeldWrite>},
    {"half-write", hold<HalfWrite>},
    {"deaf", hold<DeafReader>},
    {"pings", hold_flood<silent_pings>},
    {"old-commands", hold_flood<old_commands>},
    {"rejects", hold_flood<unknown_requests>},
};

}  // namespace

int misbehave(const Options& options, const std::string& kind) {
  std::string names;
  for (const Kinds& known : kKinds) {
    if (kind == known.name) return known.hold(options);
    names += std::string(" ") + known.name;
  }
  std::fprintf(stderr, "unknown misbehaviour '%s' (there are:%s)\n", kind.c_str(), names.c_str());
  return 2;
}

}  // namespace initiator
