// SPDX-License-Identifier: GPL-2.0-or-later
// Completion at TAB as a function of (shell, line): which texts could stand where the cursor is.
#ifndef LUNAR_TARGETCLI_COMPLETE_H_
#define LUNAR_TARGETCLI_COMPLETE_H_

#include <string>
#include <string_view>
#include <vector>

namespace lunar::cli {

class Shell;

struct Completion {
  /** Where in the line the text begins that a candidate replaces. */
  std::size_t begin = 0;
  /** A single candidate ends with a blank when nothing can follow it within the word. */
  std::vector<std::string> candidates;
};

/** `line` is what stands before the cursor. Changes nothing, never throws, takes no lock. */
Completion complete(Shell& shell, std::string_view line);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_COMPLETE_H_
