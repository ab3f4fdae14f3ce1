// SPDX-License-Identifier: GPL-2.0-or-later
// How a command of the shell fails: one exception type, thrown by handlers and caught in one place,
// Shell::run(). The library throws nothing; must() turns its errors into this one.
#ifndef LUNAR_TARGETCLI_ERROR_H_
#define LUNAR_TARGETCLI_ERROR_H_

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lunar/result.h"

namespace lunar::cli {

/** what() is the message for the user, without a final newline. */
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  CommandError(const std::string& message, std::string advice)
      : std::runtime_error(message), advice_(std::move(advice)) {}

  /** What would help a person; scripts, which compare the message, don't get it. */
  const std::string& advice() const { return advice_; }

 private:
  std::string advice_;
};

[[noreturn]] inline void fail(const Error& error) {
  if (error.by_number) throw CommandError(error.numbered(), error.hint);
  throw CommandError(error.message(), error.advice);
}

template <typename T>
T must(Result<T> result) {
  if (!result) fail(result.error());
  return std::move(result).value();
}

inline void must(const Status& status) {
  if (!status) fail(status.error());
}

/**
 * Takes back what a command made when a later step of it fails: steps run in reverse order unless
 * keep() was called. Steps must not throw.
 */
class Undo {
 public:
  Undo() = default;
  ~Undo() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)();
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;

  void add(std::function<void()> step) { steps_.push_back(std::move(step)); }
  void keep() { steps_.clear(); }

 private:
  std::vector<std::function<void()>> steps_;
};

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_ERROR_H_
