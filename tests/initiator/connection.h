// SPDX-License-Identifier: GPL-2.0-or-later
// One TCP connection that speaks PDUs. Owns the socket. Every receive has a deadline, so a target
// that falls silent fails a test and never hangs it. Not thread safe.
#ifndef LUNAR_TESTS_INITIATOR_CONNECTION_H_
#define LUNAR_TESTS_INITIATOR_CONNECTION_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "pdu.h"

namespace initiator {

using Milliseconds = std::chrono::milliseconds;

// How long the target may take for one answer; guests under emulation are slow.
inline constexpr Milliseconds kPatience{20000};
// How long to watch for something that must not come.
inline constexpr Milliseconds kQuiet{400};

class Connection {
 public:
  // Throws Failure when the address is no "IP:PORT" or nobody answers there.
  // A narrow one takes short segments and few of them at a time: the target's socket fills soon.
  explicit Connection(const std::string& address, bool narrow = false);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Digests apply to everything after they are set (that is, after the login).
  void use_digests(bool header, bool data);
  bool header_digest() const { return header_digest_; }
  bool data_digest() const { return data_digest_; }

  // A send to a peer that has closed is silent: the following receive tells.
  void send(const Pdu& pdu, Damage damage = {});
  void send_bytes(const Bytes& bytes);
  // Sends until all is out, the peer has taken nothing for that long, or it has closed. Returns the
  // bytes that went out. May run beside a receive of another thread.
  std::size_t send_some(const Bytes& bytes, Milliseconds patience);
  // A small buffer on our side: what the peer does not take shows soon.
  void shrink_send_buffer();

  // The next PDU, its digests checked. Throws Closed or Failure (deadline, bad digest).
  Pdu receive(Milliseconds patience = kPatience);
  // Nothing when the deadline passes without a byte.
  std::optional<Pdu> try_receive(Milliseconds patience);
  // True when the peer closes within the deadline; PDUs before that are dropped.
  bool closes_within(Milliseconds patience);
  // The same, and by FIN, with no reset behind it for a short while.
  bool ends_in_order(Milliseconds patience);

  void close();
  // Close with RST instead of FIN.
  void reset();
  // FIN for our direction only.
  void half_close();

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  bool wait_readable(Deadline deadline) const;
  void read_exactly(std::uint8_t* to, std::size_t size, Deadline deadline);
  void check_digest(const std::uint8_t* data, std::size_t size, const char* which,
                    Deadline deadline);
  Pdu receive_until(Deadline deadline);

  int fd_ = -1;
  bool header_digest_ = false;
  bool data_digest_ = false;
};

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_CONNECTION_H_
