// SPDX-License-Identifier: GPL-2.0-or-later
// Terminal: line editing, history and completion for a person. The only file that knows readline.
#ifndef LUNAR_TARGETCLI_TERMINAL_H_
#define LUNAR_TARGETCLI_TERMINAL_H_

#include <optional>
#include <string>

namespace lunar::cli {

class Shell;

/** One at a time: readline's state is global. Keeps history.txt in the preferences' directory,
    without the lines that set CHAP secrets. */
class Terminal {
 public:
  explicit Terminal(Shell& shell);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /** A line, or nothing at end of file. Ctrl-C gives an empty line. */
  std::optional<std::string> read_line(const std::string& prompt);

 private:
  std::string history_file_;
};

/** Runs a person's lines until `exit` or end of file, then saves if it should: 1 if it could not.
 */
int run_interactive(Shell& shell);

/** Columns of the terminal on standard output; 0 when it is none. */
int terminal_width();

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_TERMINAL_H_
