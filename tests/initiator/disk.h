// SPDX-License-Identifier: GPL-2.0-or-later
// A disk that answers when it is told to: `lunar-initiator disk /dev/nbdN` serves a network block
// device from its own memory and takes orders over a socket, `lunar-initiator ask-disk` gives them.
//
//   hold          nothing is carried out or answered from now on
//   release       what was held is carried out and answered, oldest first; and so on from now on
//   reverse       the same, newest first: a disk that reorders what it has
//   arrived N     waits until N or more requests are held
//   exactly N     fails unless N are held now
#ifndef LUNAR_TESTS_INITIATOR_DISK_H_
#define LUNAR_TESTS_INITIATOR_DISK_H_

#include <string>

namespace initiator {

// Serves until it is killed; prints "serving" when the device is there. Throws Failure.
int serve_disk(const std::string& device, unsigned megabytes);
// Returns 0 when the order was carried out.
int ask_disk(const std::string& order);

// What scenarios hold: the program that the environment names in LUNAR_DISK takes the orders above,
// and those of the VM case that has set up the target.
class HeldDisk {
 public:
  HeldDisk();
  ~HeldDisk();  // releases
  HeldDisk(const HeldDisk&) = delete;
  HeldDisk& operator=(const HeldDisk&) = delete;
  void arrived(unsigned requests) const;
  void release(bool newest_first = false);
  // Throws Failure when the program says no.
  static void order(const std::string& words);

 private:
  bool held_ = true;
};

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_DISK_H_
