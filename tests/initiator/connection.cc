// SPDX-License-Identifier: GPL-2.0-or-later
#include "connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "check.h"

namespace initiator {
namespace {

// No PDU of a conforming target is larger than what these tests ever declare.
constexpr std::uint32_t kLargestData = 16U << 20;

sockaddr_in parse_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in out{};
  out.sin_family = AF_INET;
  if (colon != std::string::npos) {
    out.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address.c_str() + colon + 1)));
  }
  const std::string host = address.substr(0, colon);
  check(out.sin_port != 0 && inet_pton(AF_INET, host.c_str(), &out.sin_addr) == 1,
        "'" + address + "' is no IPv4 address and port");
  return out;
}

int remaining_ms(std::chrono::steady_clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

}  // namespace

Connection::Connection(const std::string& address, bool narrow) {
  const sockaddr_in peer = parse_address(address);
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(fd_ >= 0, std::string("cannot make a socket: ") + std::strerror(errno));
  if (narrow) {
    const int segment = 536;
    const int window = 4096;
    setsockopt(fd_, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment));
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
  }
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0) {
    const std::string why = std::strerror(errno);
    close();
    throw Failure("cannot connect to " + address + ": " + why);
  }
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

Connection::~Connection() { close(); }

Connection::Connection(Connection&& other) noexcept { *this = std::move(other); }

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(fd_, other.fd_);
  header_digest_ = other.header_digest_;
  data_digest_ = other.data_digest_;
  return *this;
}

void Connection::use_digests(bool header, bool data) {
  header_digest_ = header;
  data_digest_ = data;
}

void Connection::send(const Pdu& pdu, Damage damage) {
  send_bytes(pdu.encode(header_digest_, data_digest_, damage));
}

void Connection::send_bytes(const Bytes& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

std::size_t Connection::send_some(const Bytes& bytes, Milliseconds patience) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    pollfd waiting{fd_, POLLOUT, 0};
    if (poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) break;
    const ssize_t n =
        ::send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

void Connection::shrink_send_buffer() {
  const int size = 64 << 10;
  setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

bool Connection::wait_readable(Deadline deadline) const {
  pollfd waiting{fd_, POLLIN, 0};
  return poll(&waiting, 1, remaining_ms(deadline)) > 0;
}

void Connection::read_exactly(std::uint8_t* to, std::size_t size, Deadline deadline) {
  while (size > 0) {
    check(wait_readable(deadline), "no answer before the deadline");
    const ssize_t n = ::recv(fd_, to, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw Closed(n == 0 ? "the target closed the connection" : "connection reset");
    to += n;
    size -= static_cast<std::size_t>(n);
  }
}

void Connection::check_digest(const std::uint8_t* data, std::size_t size, const char* which,
                              Deadline deadline) {
  std::uint8_t wire[4];
  read_exactly(wire, sizeof(wire), deadline);
  std::uint32_t got = 0;
  for (int i = 3; i >= 0; i--) got = got << 8 | wire[i];
  check_equal(got, crc32c(data, size), std::string(which) + " digest of a received PDU");
}

Pdu Connection::receive_until(Deadline deadline) {
  Pdu pdu;
  Bytes head(kBhsSize);
  read_exactly(head.data(), kBhsSize, deadline);
  std::copy(head.begin(), head.end(), pdu.bhs.begin());
  const std::size_t ahs = pdu.u8(4) * 4U;
  head.resize(kBhsSize + ahs);
  read_exactly(head.data() + kBhsSize, ahs, deadline);
  pdu.ahs.assign(head.begin() + kBhsSize, head.end());
  if (header_digest_) check_digest(head.data(), head.size(), "header", deadline);

  const std::uint32_t length = pdu.u24(5);
  check(length <= kLargestData, "absurd DataSegmentLength in " + describe(pdu));
  if (length == 0) return pdu;
  pdu.data.resize((length + 3U) & ~3U);
  read_exactly(pdu.data.data(), pdu.data.size(), deadline);
  if (data_digest_) check_digest(pdu.data.data(), pdu.data.size(), "data", deadline);
  pdu.data.resize(length);
  return pdu;
}

Pdu Connection::receive(Milliseconds patience) {
  return receive_until(std::chrono::steady_clock::now() + patience);
}

std::optional<Pdu> Connection::try_receive(Milliseconds patience) {
  if (!wait_readable(std::chrono::steady_clock::now() + patience)) return std::nullopt;
  return receive();
}

bool Connection::closes_within(Milliseconds patience) {
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  std::uint8_t sink[4096];
  while (wait_readable(deadline)) {
    if (::recv(fd_, sink, sizeof(sink), 0) <= 0) return true;
  }
  return false;
}

bool Connection::ends_in_order(Milliseconds patience) {
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  std::uint8_t sink[4096];
  ssize_t n = 1;
  while (n > 0 && wait_readable(deadline)) n = ::recv(fd_, sink, sizeof(sink), 0);
  if (n != 0) return false;
  // A reset behind the FIN is no end of its own to recv, but an error of the socket.
  pollfd waiting{fd_, 0, 0};
  return poll(&waiting, 1, static_cast<int>(kQuiet.count())) == 0;
}

void Connection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Connection::reset() {
  const linger abrupt{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &abrupt, sizeof(abrupt));
  close();
}

void Connection::half_close() { shutdown(fd_, SHUT_WR); }

}  // namespace initiator
