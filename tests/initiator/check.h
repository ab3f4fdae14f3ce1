// SPDX-License-Identifier: GPL-2.0-or-later
// How a scenario says that the target was wrong: one exception, thrown with the whole story.
#ifndef LUNAR_TESTS_INITIATOR_CHECK_H_
#define LUNAR_TESTS_INITIATOR_CHECK_H_

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace initiator {

// The target did something else than what it should have.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The peer closed or reset the connection where more was expected.
class Closed : public Failure {
 public:
  using Failure::Failure;
};

inline std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

inline void check(bool held, const std::string& what) {
  if (!held) throw Failure(what);
}

inline void check_equal(std::uint64_t got, std::uint64_t want, const std::string& what) {
  check(got == want, what + ": got " + hex(got) + ", want " + hex(want));
}

inline void check_equal(const std::string& got, const std::string& want, const std::string& what) {
  check(got == want, what + ": got '" + got + "', want '" + want + "'");
}

inline void check_one_of(std::uint64_t got, std::initializer_list<std::uint64_t> allowed,
                         const std::string& what) {
  std::string list;
  for (std::uint64_t value : allowed) {
    if (got == value) return;
    list += (list.empty() ? "" : " or ") + hex(value);
  }
  throw Failure(what + ": got " + hex(got) + ", want " + list);
}

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_CHECK_H_
