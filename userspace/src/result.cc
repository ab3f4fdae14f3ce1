// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/result.h"

#include <cstring>

namespace lunar {

std::string Error::brief() const {
  std::string line = text;
  if (line.empty()) {
    line = "cannot " + operation;
    if (!value.empty()) line += " '" + value + "'";
    if (!path.empty()) line += (value.empty() ? " " : " on ") + path;
  }
  if (err != 0) line += std::string(": ") + std::strerror(err);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

std::string Error::numbered() const {
  if (err == 0) return brief();
  const std::string start = text.empty() ? "" : text + ": ";
  return start + "[Errno " + std::to_string(err) + "] " + std::strerror(err);
}

std::string Error::message() const { return hint.empty() ? brief() : brief() + " (" + hint + ")"; }

Error make_error(std::string text, int err, std::string hint) {
  Error error;
  error.text = std::move(text);
  error.err = err;
  error.hint = std::move(hint);
  return error;
}

}  // namespace lunar
