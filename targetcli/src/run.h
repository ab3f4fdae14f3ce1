// SPDX-License-Identifier: GPL-2.0-or-later
// The front ends over the shell's core that need no terminal: one command from the command line,
// and a script on standard input. The third, for a person, is in terminal.h.
#ifndef LUNAR_TARGETCLI_RUN_H_
#define LUNAR_TARGETCLI_RUN_H_

#include <iosfwd>
#include <string>

#include "shell.h"

namespace lunar::cli {

/** Where a front end writes: the standard streams, or a test's. */
struct Streams {
  std::ostream& out;
  std::ostream& err;
};

void show(const Outcome& outcome, Streams streams);
void show_banner(const Shell& shell, Streams streams);

/** Saves when the shell should at its end. Returns 1 when it could not. */
int finish(Shell& shell, Streams streams);

/** Runs one line. Returns its status. */
int run_one_shot(Shell& shell, const std::string& line, Streams streams);

/**
 * Runs lines until `exit` or the end, then saves if it should. Prompts go to standard output.
 * Returns 0 whatever the lines did, as callers of targetcli expect, unless the final save failed.
 * `strict` stops at the first line that fails, saves nothing and returns 1.
 */
int run_script(Shell& shell, std::istream& in, bool strict, Streams streams);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_RUN_H_
