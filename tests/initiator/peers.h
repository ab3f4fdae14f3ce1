// SPDX-License-Identifier: GPL-2.0-or-later
// Peers that behave badly for as long as they are asked to. Scenarios put one in front of a second
// session that must not notice; `lunar-initiator misbehave` holds one while a VM case changes the
// target's configuration, which must not wait for it either.
#ifndef LUNAR_TESTS_INITIATOR_PEERS_H_
#define LUNAR_TESTS_INITIATOR_PEERS_H_

#include <atomic>
#include <thread>

#include "session.h"

namespace initiator {

// Has sent a WRITE whose turn does not come: the command before it, `missing`, is still here.
struct HeldWrite {
  explicit HeldWrite(const Options& options, const Keys& changed_offers = {});
  // Sends the missing command and takes its answer and the write's, if the write has one.
  void fill_gap();
  // What is on the medium where the write wanted to go, read by its own session.
  Bytes medium();

  static constexpr std::uint32_t kLba = 49152;
  static constexpr std::uint16_t kBlocks = 8;
  Session session;
  Bytes old = pattern(kBlocks * kBlock, 0x61);
  Command write;
  Pdu missing;
  Pdu held;
};

// Has sent the header of a WRITE and half of its immediate data.
struct HalfWrite {
  explicit HalfWrite(const Options& options);
  void send_rest();
  Bytes medium();

  Session session;
  Bytes old = pattern(HeldWrite::kBlocks * kBlock, 0x63);
  Pdu pdu;
  Bytes rest;
};

// Has asked for 24 MB and takes no byte of it; a WRITE of its waits for data besides.
struct DeafReader {
  explicit DeafReader(const Options& options);
  // Reads everything now. Each of its commands must have a status: GOOD or TASK ABORTED;
  // one that was begun after a reset says so by a unit attention.
  void listen_again();

  static constexpr unsigned kReads = 24;
  Session session;
};

// Sends some PDUs over and over, from a thread of its own, until it is destroyed or cut off. Once
// among them, when the sockets on the way are full, comes a PDU of its own (or none).
class Flood {
 public:
  static constexpr Milliseconds kRunUp{2000};  // before that one

  Flood(Connection& connection, Bytes one, Bytes repeated);
  ~Flood();
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  // True while the target takes bytes.
  bool goes_on() const { return !ended_; }
  std::uint64_t sent() const { return sent_; }

 private:
  bool push(const Bytes& bytes);
  void run(const Bytes& one, const Bytes& repeated);

  Connection& connection_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  std::atomic<std::uint64_t> sent_{0};
  std::thread thread_;
};

// Many PDUs that no answer is due to: commands below the window; pings without a task tag with a
// few of those between them, so that what counts PDUs sees them by ones and by twos.
Bytes old_commands(const Session& session, unsigned count);
Bytes silent_pings(const Session& session, unsigned count);
// A PDU that is rejected, each time.
Pdu unknown_request(const Session& session);
Bytes copies(const Pdu& pdu, unsigned count);

// `lunar-initiator misbehave KIND`: prints "misbehaving", goes on until standard input ends or the
// target closes. Returns 2 for an unknown kind.
int misbehave(const Options& options, const std::string& kind);

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_PEERS_H_
