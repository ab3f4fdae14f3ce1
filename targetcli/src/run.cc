// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <istream>
#include <ostream>

#include "text.h"

namespace lunar::cli {

void show(const Outcome& outcome, Streams streams) {
  streams.out << outcome.out << std::flush;
  streams.err << outcome.err << std::flush;
}

void show_banner(const Shell& shell, Streams streams) {
  const std::string& release = shell.setup().release;
  streams.out << "targetcli shell version " << shell.setup().version << "\n"
              << "Part of Lunar" << (release.empty() ? "" : " ") << release
              << ", free software under the GNU GPL, version 2 or later.\n"
              << "For help on commands, type 'help'.\n\n";
  if (!shell.setup().privileged)
    streams.out << "You are not root, disabling privileged commands.\n\n";
  streams.out << std::flush;
}

int finish(Shell& shell, Streams streams) {
  Outcome outcome = shell.finish();
  show(outcome, streams);
  return outcome.status;
}

int run_one_shot(Shell& shell, const std::string& line, Streams streams) {
  Outcome outcome = shell.run(line);
  show(outcome, streams);
  return outcome.status;
}

int run_script(Shell& shell, std::istream& in, bool strict, Streams streams) {
  show_banner(shell, streams);
  std::string line;
  for (;;) {
    streams.out << shell.prompt() << std::flush;
    if (!std::getline(in, line)) {
      streams.out << "exit\n" << std::flush;
      break;
    }
    Outcome outcome = shell.run(trim(line));
    show(outcome, streams);
    if (strict && outcome.status != 0) return outcome.status;
    if (outcome.exit) break;
  }
  return finish(shell, streams);
}

}  // namespace lunar::cli
