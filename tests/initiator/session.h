// SPDX-License-Identifier: GPL-2.0-or-later
// One initiator session of one connection: login in any shape, numbered requests, and SCSI
// commands with every way of moving their data. Each answer's StatSN, ExpCmdSN and MaxCmdSN is
// checked as it comes in, so every scenario is also a test of the numbering. All fields that a
// scenario may want to falsify are plain data.
#ifndef LUNAR_TESTS_INITIATOR_SESSION_H_
#define LUNAR_TESTS_INITIATOR_SESSION_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check.h"
#include "connection.h"
#include "pdu.h"
#include "scsi.h"
#include "text.h"

namespace initiator {

// Where to go and as whom; comes from the command line.
struct Options {
  std::string address = "127.0.0.1:3260";
  std::string target;
  std::string initiator = "iqn.2026-01.org.lunar:tester";
  std::string user;
  std::string password;
  std::string mutual_user;
  std::string mutual_password;
  bool stock_lio = false;
  bool narrow = false;  // connections take little at a time; set by scenarios
};

// Login stages (RFC 7143 11.12.3).
enum Stage : std::uint8_t { kSecurity = 0, kOperational = 1, kFullFeature = 3 };

inline constexpr std::uint8_t kTransit = 0x80;
inline constexpr std::uint8_t kContinue = 0x40;

// What was agreed; the defaults are those of RFC 7143 section 13.
struct Negotiated {
  std::uint32_t target_mrdsl = 8192;
  std::uint32_t our_mrdsl = 8192;
  std::uint32_t max_burst = 262144;
  std::uint32_t first_burst = 65536;
  std::uint32_t max_outstanding_r2t = 1;
  bool initial_r2t = true;
  bool immediate_data = true;
};

// How to authenticate: algorithms in the order of the offer.
struct Chap {
  std::string user;
  std::string password;
  std::vector<int> algorithms{5};
  bool base64 = false;
  bool mutual = false;
  std::string mutual_user;
  std::string mutual_password;
};

class Session {
 public:
  // Connects; sends nothing. A discovery session names no target.
  explicit Session(const Options& options, bool discovery = false);

  // ---- login ----
  // A Login request with the session's identity; flags are kTransit and kContinue.
  Pdu login_pdu(std::uint8_t csg, std::uint8_t nsg, std::uint8_t flags, const Keys& keys) const;
  // Sends it, takes the Login Response, checks everything but status and text.
  Pdu login_step(const Pdu& request);
  // The same, and the status must be success.
  Pdu login_ok(std::uint8_t csg, std::uint8_t nsg, std::uint8_t flags, const Keys& keys);
  // Sends the request; the target must refuse with one of these status words (class << 8 |
  // detail) and close. A close alone counts where silent is true.
  void login_refused(const Pdu& request, std::initializer_list<std::uint64_t> statuses,
                     bool silent = false);
  // InitiatorName, TargetName or SessionType: what the first PDU must carry.
  Keys identity() const;
  // From the start to full feature phase, with CHAP where chap is set.
  void login();
  // Each step of the CHAP exchange for tests that want to spoil one.
  Keys chap_start();                        // returns the target's CHAP_A, CHAP_I, CHAP_C
  Keys chap_answer(const Keys& challenge);  // what to send back
  void check_mutual(const Keys& proof);
  // Operational negotiation after the security stage, to full feature phase.
  void finish_operational();
  void adopt(const Keys& keys);
  // Our answers to what the target proposes by itself: its own values.
  Keys answer_proposals(const Keys& proposals) const;

  // ---- full feature phase ----
  // Header with ITT, CmdSN and ExpStatSN filled in. Non-immediate ones use up a CmdSN.
  Pdu request(std::uint8_t opcode, std::uint8_t flags = 0x80, bool immediate = false);
  Pdu command_pdu(const Command& command);
  void send(const Pdu& pdu, Damage damage = {}) { connection.send(pdu, damage); }
  // The next PDU, numbering checked; the target's own pings are answered on the way.
  Pdu receive(Milliseconds patience = kPatience);
  // The next PDU for this task, others kept for later. Rejects and asyncs are not kept back.
  Pdu receive_for(std::uint32_t itt, Milliseconds patience = kPatience);
  Pdu expect(std::uint8_t opcode, std::uint32_t itt);
  // Nothing but pings may come for a short while.
  void expect_silence();
  void expect_closed(const std::string& why);
  // The request that was sent must not succeed: Reject, an unsuccessful status, or a close.
  void expect_refused(std::uint32_t itt, const std::string& what);
  // A Reject with one of the reasons, carrying the header of the bad PDU.
  Pdu expect_reject(std::initializer_list<std::uint64_t> reasons, const Pdu& bad);

  // Sends the command with immediate and unsolicited data as agreed; returns its ITT.
  std::uint32_t start(const Command& command);
  // Takes its answers, serving R2Ts, until the status.
  Outcome finish(std::uint32_t itt, const Command& command);
  Outcome run(const Command& command) { return finish(start(command), command); }
  // The same, and the status must be GOOD with no residual.
  Outcome good(const Command& command);
  // Takes away the unit attentions of a new session.
  void clear_attention(std::uint16_t lun = 0);

  // Data-Out sequence for [offset, offset + length) of the command's data.
  void send_data(std::uint32_t itt, std::uint32_t ttt, const Command& command, std::uint32_t offset,
                 std::uint32_t length);
  Pdu data_out(std::uint32_t itt, std::uint32_t ttt, std::uint32_t sn, std::uint32_t offset,
               const Bytes& data, bool last) const;

  Pdu ping(const std::string& text);
  Keys text(const Keys& keys);
  Pdu task_management(std::uint8_t function, std::uint32_t referenced = kNoTag,
                      std::uint32_t ref_cmd_sn = 0, std::uint16_t lun = 0);
  std::uint8_t logout(std::uint8_t reason = 0, std::uint16_t logout_cid = 0);

  Connection connection;
  std::string initiator_name;
  std::string target_name;
  bool discovery = false;
  Keys offers;  // operational keys of login()
  std::optional<Chap> chap;
  bool security_done = false;  // the identity has been sent already
  std::uint16_t isid_qualifier;
  std::uint16_t tsih = 0;
  std::uint16_t cid = 0;
  std::uint32_t login_itt = 0x10;
  std::uint32_t cmd_sn = 100;
  std::uint32_t exp_stat_sn = 0;
  std::uint32_t exp_cmd_sn = 100;
  std::uint32_t max_cmd_sn = 100;
  std::uint32_t next_itt = 0x1000;
  bool answer_pings = true;
  Negotiated agreed;

 private:
  void note_numbers(const Pdu& pdu);
  Pdu receive_numbered(std::chrono::steady_clock::time_point deadline);
  bool answer_ping(const Pdu& pdu);
  void adopt_offers();
  void collect(const Pdu& data_in, Outcome& outcome);

  bool first_login_response_ = true;
  bool pending_header_digest_ = false;
  bool pending_data_digest_ = false;
  int chap_algorithm_ = 0;
  Bytes our_challenge_;
  std::uint32_t burst_ = 0;
  std::deque<Pdu> kept_;
  std::map<std::uint32_t, std::uint32_t> expected_data_sn_;
};

// The keys an ordinary initiator offers.
Keys usual_offers();

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_SESSION_H_
