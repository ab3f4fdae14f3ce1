// SPDX-License-Identifier: GPL-2.0-or-later
#include "disk.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/nbd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <sstream>
#include <vector>

#include "check.h"
#include "pdu.h"

namespace initiator {
namespace {

constexpr char kOrders[] = "/run/lunar-disk";

void must(bool held, const std::string& what) { check(held, what + ": " + std::strerror(errno)); }

void read_all(int fd, void* to, std::size_t size) {
  auto* at = static_cast<std::uint8_t*>(to);
  while (size > 0) {
    const ssize_t got = read(fd, at, size);
    must(got > 0, "the kernel's end of the disk");
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

void write_all(int fd, const void* from, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(from);
  while (size > 0) {
    const ssize_t put = write(fd, at, size);
    must(put > 0, "the kernel's end of the disk");
    at += put;
    size -= static_cast<std::size_t>(put);
  }
}

sockaddr_un orders_address() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, kOrders, sizeof(address.sun_path) - 1);
  return address;
}

struct Request {
  nbd_request header;
  Bytes data;
};

// One that asked for a number of requests and is answered when they are there.
struct Waiting {
  int fd;
  std::size_t requests;
};

class Disk {
 public:
  Disk(int kernel, std::size_t bytes) : kernel_(kernel), medium_(bytes) {
    unlink(kOrders);
    orders_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = orders_address();
    must(bind(orders_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
             listen(orders_, 8) == 0,
         kOrders);
  }

  void run() {
    for (;;) {
      pollfd ready[] = {{kernel_, POLLIN, 0}, {orders_, POLLIN, 0}};
      must(poll(ready, 2, -1) > 0, "poll");
      if (ready[0].revents != 0) take_request();
      if (ready[1].revents != 0) take_order();
    }
  }

 private:
  void take_request() {
    Request request;
    read_all(kernel_, &request.header, sizeof(request.header));
    if (kind(request) == NBD_CMD_WRITE) {
      request.data.resize(be32toh(request.header.len));
      read_all(kernel_, request.data.data(), request.data.size());
    }
    if (!holding_) {
      carry_out(request);
      return;
    }
    held_.push_back(std::move(request));
    for (const Waiting& waiting : waiting_) {
      if (held_.size() >= waiting.requests) answer(waiting.fd, true);
    }
    waiting_.erase(
        std::remove_if(waiting_.begin(), waiting_.end(),
                       [this](const Waiting& one) { return held_.size() >= one.requests; }),
        waiting_.end());
  }

  static std::uint32_t kind(const Request& request) {
    return be32toh(request.header.type) & 0xffff;
  }

  void carry_out(const Request& request) {
    const std::size_t from = be64toh(request.header.from);
    const std::size_t size = be32toh(request.header.len);
    nbd_reply reply{};
    reply.magic = htobe32(NBD_REPLY_MAGIC);
    static_assert(sizeof(request.header.handle) == sizeof(reply.handle));
    std::memcpy(&reply.handle, &request.header.handle, sizeof(reply.handle));
    const bool inside = from + size <= medium_.size();
    if (!inside) reply.error = htobe32(EIO);
    if (inside && kind(request) == NBD_CMD_WRITE)
      std::copy(request.data.begin(), request.data.end(),
                medium_.begin() + static_cast<std::ptrdiff_t>(from));
    write_all(kernel_, &reply, sizeof(reply));
    if (inside && kind(request) == NBD_CMD_READ) write_all(kernel_, medium_.data() + from, size);
  }

  void let_go(bool newest_first) {
    holding_ = false;
    if (newest_first) std::reverse(held_.begin(), held_.end());
    for (const Request& request : held_) carry_out(request);
    held_.clear();
  }

  void take_order() {
    const int fd = accept4(orders_, nullptr, nullptr, SOCK_CLOEXEC);
    must(fd >= 0, "accept");
    char text[64] = {};
    if (read(fd, text, sizeof(text) - 1) <= 0) text[0] = 0;
    std::istringstream words(text);
    std::string verb;
    std::size_t number = 0;
    words >> verb >> number;
    if (verb == "arrived" && held_.size() < number) {
      waiting_.push_back({fd, number});
      return;
    }
    answer(fd, obey(verb, number));
  }

  bool obey(const std::string& verb, std::size_t number) {
    if (verb == "hold")
      holding_ = true;
    else if (verb == "release" || verb == "reverse")
      let_go(verb == "reverse");
    else
      return verb == "arrived" || (verb == "exactly" && held_.size() == number);
    return true;
  }

  static void answer(int fd, bool done) {
    const std::string text = done ? "y" : "n";
    // Who asked may have given up.
    (void)send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    close(fd);
  }

  const int kernel_;
  int orders_ = -1;
  Bytes medium_;
  bool holding_ = false;
  std::deque<Request> held_;
  std::vector<Waiting> waiting_;
};

// The kernel's side of the device lives in a call that does not return.
void attach(const std::string& device, int socket_fd, std::size_t bytes) {
  const int fd = open(device.c_str(), O_RDWR | O_CLOEXEC);
  must(fd >= 0, device);
  must(ioctl(fd, NBD_SET_BLKSIZE, 512UL) == 0 && ioctl(fd, NBD_SET_SIZE_BLOCKS, bytes / 512) == 0 &&
           ioctl(fd, NBD_SET_FLAGS, static_cast<unsigned long>(NBD_FLAG_SEND_FLUSH)) == 0 &&
           ioctl(fd, NBD_SET_SOCK, static_cast<unsigned long>(socket_fd)) == 0,
       device + ": setting it up");
  const pid_t child = fork();
  must(child >= 0, "fork");
  if (child == 0) {
    ioctl(fd, NBD_DO_IT);
    _exit(0);
  }
  close(fd);
}

}  // namespace

int serve_disk(const std::string& device, unsigned megabytes) {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
  const std::size_t bytes = std::size_t{megabytes} << 20;
  attach(device, ends[1], bytes);
  close(ends[1]);
  Disk disk(ends[0], bytes);
  std::puts("serving");
  std::fflush(stdout);
  disk.run();
  return 0;
}

int ask_disk(const std::string& order) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = orders_address();
  must(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0, kOrders);
  write_all(fd, order.data(), order.size());
  pollfd answered{fd, POLLIN, 0};
  char text = 'n';
  check(poll(&answered, 1, 20000) > 0, "the disk did not say that '" + order + "' holds");
  read_all(fd, &text, 1);
  close(fd);
  return text == 'y' ? 0 : 1;
}

HeldDisk::HeldDisk() { order("hold"); }

HeldDisk::~HeldDisk() {
  if (!held_) return;
  try {
    release();
  } catch (const Failure& failure) {
    std::printf("#   %s\n", failure.what());
  }
}

void HeldDisk::arrived(unsigned requests) const { order("arrived " + std::to_string(requests)); }

void HeldDisk::release(bool newest_first) {
  held_ = false;
  order(newest_first ? "reverse" : "release");
}

void HeldDisk::order(const std::string& words) {
  const char* program = std::getenv("LUNAR_DISK");
  check(program != nullptr, "LUNAR_DISK does not name what controls the disk");
  // The case's own script, run in a guest.
  const int status = std::system((std::string(program) + " " + words).c_str());
  check(status == 0, "'" + words + "' did not succeed");
}

}  // namespace initiator
