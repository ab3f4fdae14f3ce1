// SPDX-License-Identifier: GPL-2.0-or-later
// The lock between all shells of a host: flock() on /var/run/targetcli.lock, the file the Python
// targetcli locks too. Held for one writing command, never while the shell waits for its user.
#ifndef LUNAR_TARGETCLI_LOCK_H_
#define LUNAR_TARGETCLI_LOCK_H_

#include <chrono>
#include <string>

namespace lunar::cli {

class CommandLock {
 public:
  /**
   * Waits for the lock. Throws CommandError when the file cannot be opened, or after `timeout`,
   * naming the process that holds it. An empty path locks nothing.
   */
  CommandLock(const std::string& path, std::chrono::milliseconds timeout);
  ~CommandLock();
  CommandLock(const CommandLock&) = delete;
  CommandLock& operator=(const CommandLock&) = delete;

 private:
  int fd_ = -1;
};

/** "process 4711 (targetcli)", from /proc/locks; "another process" when it cannot be told. */
std::string lock_holder(int fd);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_LOCK_H_
