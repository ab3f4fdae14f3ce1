// SPDX-License-Identifier: GPL-2.0-or-later
// The front ends over the shell's core: one command from the command line, a script on standard
// input, a person at a terminal. They write to the standard streams; nothing else does.
#ifndef LUNAR_TARGETCLI_RUN_H_
#define LUNAR_TARGETCLI_RUN_H_

#include <iosfwd>
#include <string>

#include "shell.h"

namespace lunar::cli {

/** Runs one line. Returns its status. */
int run_one_shot(Shell& shell, const std::string& line);

/**
 * Runs lines until `exit` or the end, then saves if it should. Prompts go to standard output.
 * Returns 0 whatever the lines did, as callers of targetcli expect, unless the final save failed.
 * `strict` stops at the first line that fails, saves nothing and returns 1.
 */
int run_script(Shell& shell, std::istream& in, bool strict);

/** The same for a person, with line editing, history and completion. */
int run_interactive(Shell& shell);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_RUN_H_
