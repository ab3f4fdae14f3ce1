// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <iostream>

#include "complete.h"
#include "terminal.h"
#include "text.h"

namespace lunar::cli {
namespace {

void show(const Outcome& outcome) {
  std::cout << outcome.out << std::flush;
  std::cerr << outcome.err << std::flush;
}

void show_banner(const Shell& shell) {
  std::cout << "targetcli shell version " << shell.setup().version << "\n"
            << "Part of Lunar, free software under the GNU GPL, version 2 or later.\n"
            << "For help on commands, type 'help'.\n\n";
  if (!shell.setup().privileged)
    std::cout << "You are not root, disabling privileged commands.\n\n";
  std::cout << std::flush;
}

int finish(Shell& shell) {
  Outcome outcome = shell.finish();
  show(outcome);
  return outcome.status;
}

}  // namespace

int run_one_shot(Shell& shell, const std::string& line) {
  Outcome outcome = shell.run(line);
  show(outcome);
  return outcome.status;
}

int run_script(Shell& shell, std::istream& in, bool strict) {
  show_banner(shell);
  std::string line;
  for (;;) {
    std::cout << shell.prompt() << std::flush;
    if (!std::getline(in, line)) {
      std::cout << "exit\n" << std::flush;
      break;
    }
    Outcome outcome = shell.run(trim(line));
    show(outcome);
    if (strict && outcome.status != 0) return outcome.status;
    if (outcome.exit) break;
  }
  return finish(shell);
}

int run_interactive(Shell& shell) {
  shell.resume();
  show_banner(shell);
  Terminal terminal(shell);
  for (;;) {
    auto line = terminal.read_line(shell.prompt());
    if (!line) std::cout << "exit\n" << std::flush;
    Outcome outcome = shell.run(line ? trim(*line) : "exit");
    show(outcome);
    if (outcome.exit) break;
  }
  return finish(shell);
}

}  // namespace lunar::cli
