// SPDX-License-Identifier: GPL-2.0-or-later
// Result<T> and Error: how every call of liblunar that can fail says so.
//
// The library throws nothing across its API, and neither logs nor prints. A failed call hands back
// an Error that holds enough for one good line: what was tried, on which object, with which value,
// why it failed and what would be allowed. Results are [[nodiscard]]: ignoring one is said in words
// with ignore().
#ifndef LUNAR_RESULT_H_
#define LUNAR_RESULT_H_

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace lunar {

// What went wrong. All members may be empty except that `text` or `operation` is set.
struct Error {
  // The sentence users of the Python tools know, where there is one ("This Target already exists in
  // configFS"); it replaces operation, path and value in message().
  std::string text;
  std::string operation;  // a verb phrase: "write", "create LUN", "parse"
  std::string path;       // the object: a configfs path relative to the tree's root, or a file name
  std::string value;      // the value that was being written, when it is no secret
  int err = 0;            // errno of the call that failed; 0 when no system call did
  std::string hint;       // what would be allowed, or what to do; no final full stop
  // The same, where scripts know the sentence exactly: not in message(), said to people only.
  std::string advice;
  // Scripts know the sentence with the error's number and without the hint: numbered().
  bool by_number = false;

  // One line without a newline:
  // `text: reason (hint)` or `cannot OPERATION 'VALUE' on PATH: reason (hint)`.
  std::string message() const;

  // The message without the hint, as it goes into lists of recoverable errors.
  std::string brief() const;

  // The sentence, if there is one, and the error's number and name as Python writes them:
  // `text: [Errno 22] Invalid argument`.
  std::string numbered() const;
};

// An Error that carries a ready sentence.
Error make_error(std::string text, int err = 0, std::string hint = {});

// A value or an Error. value() and error() must only be called in the matching state.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T value_or(T other) const& { return ok() ? value() : std::move(other); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  // Says that a failure here is of no interest.
  void ignore() const {}

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  const Error& error() const& {
    assert(error_);
    return *error_;
  }
  Error&& error() && {
    assert(error_);
    return *std::move(error_);
  }

  // Says that a failure here is of no interest.
  void ignore() const {}

 private:
  std::optional<Error> error_;
};

// A call that yields nothing but success or failure.
using Status = Result<void>;

}  // namespace lunar

#endif  // LUNAR_RESULT_H_
