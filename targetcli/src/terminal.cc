// SPDX-License-Identifier: GPL-2.0-or-later
#include "terminal.h"

#include <readline/history.h>
#include <readline/readline.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <vector>

#include "advice.h"
#include "complete.h"
#include "output.h"
#include "run.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

Shell* g_shell = nullptr;
std::vector<std::string> g_matches;
volatile std::sig_atomic_t g_interrupted = 0;

void on_interrupt(int) { g_interrupted = 1; }

// Reads a key for readline. An interrupt empties the line and ends it, as if Enter had been
// pressed.
int read_key(FILE* stream) {
  for (;;) {
    unsigned char key = 0;
    ssize_t n = ::read(::fileno(stream), &key, 1);
    if (n == 1) return key;
    if (n == 0 || errno != EINTR) return EOF;
    if (!g_interrupted) continue;
    rl_replace_line("", 0);
    return '\n';
  }
}

char* next_match(const char*, int state) {
  auto at = static_cast<std::size_t>(state);
  return at < g_matches.size() ? ::strdup(g_matches[at].c_str()) : nullptr;
}

// readline replaces its own idea of a word; what stands between that word's begin and ours stays.
char** find_matches(const char* text, int start, int end) {
  rl_attempted_completion_over = 1;
  rl_completion_append_character = '\0';
  std::string line(rl_line_buffer, static_cast<std::size_t>(end));
  Completion found = complete(*g_shell, line);
  auto begin = static_cast<std::size_t>(start);
  std::string kept = found.begin > begin ? line.substr(begin, found.begin - begin) : "";
  g_matches.clear();
  for (const std::string& candidate : found.candidates) g_matches.push_back(kept + candidate);
  return rl_completion_matches(text, next_match);
}

std::string match_color(const Prefs& prefs, const std::string& match) {
  if (ends_with(match, "=")) return prefs.text("color_keyword");
  bool path = match.find('/') != std::string::npos || starts_with(match, "@") || match == "*";
  return prefs.text(path ? "color_path" : "color_parameter");
}

// Values and paths first, keywords last, in columns.
void show_matches(char** matches, int count, int longest) {
  Output out(g_shell->prefs(), g_shell->setup().screen);
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back(trim(matches[i]));
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return !ends_with(name, "="); });
  auto cell = static_cast<std::size_t>(longest) + 2;
  std::size_t per_row = std::max<std::size_t>(1, static_cast<std::size_t>(out.width()) / cell);
  std::string text = "\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string padded = names[i] + std::string(cell - std::min(cell, names[i].size()), ' ');
    text += out.paint(padded, match_color(g_shell->prefs(), names[i]));
    if ((i + 1) % per_row == 0 || i + 1 == names.size()) text += "\n";
  }
  std::fputs(text.c_str(), rl_outstream);
  rl_on_new_line();
  rl_forced_update_display();
}

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
}

// Lines with secrets that an earlier version has kept; the next line typed writes the file anew.
void forget_secrets() {
  for (int at = history_length - 1; at >= 0; --at) {
    if (!sets_secret(history_get(history_base + at)->line)) continue;
    HIST_ENTRY* entry = remove_history(at);
    std::free(free_history_entry(entry));
  }
}

}  // namespace

Terminal::Terminal(Shell& shell) {
  g_shell = &shell;
  rl_readline_name = "targetcli";
  static char word_breaks[] = " \t\n";
  rl_completer_word_break_characters = word_breaks;
  rl_attempted_completion_function = find_matches;
  rl_completion_display_matches_hook = show_matches;
  rl_catch_signals = 0;
  rl_getc_function = read_key;
  catch_interrupts();
  using_history();
  if (shell.prefs().directory().empty()) return;
  history_file_ = shell.prefs().directory() + "/history.txt";
  read_history(history_file_.c_str());
  forget_secrets();
}

Terminal::~Terminal() { g_shell = nullptr; }

std::optional<std::string> Terminal::read_line(const std::string& prompt) {
  g_interrupted = 0;
  char* text = readline(prompt.c_str());
  if (!text) return std::nullopt;
  std::string line = g_interrupted ? "" : text;
  std::free(text);
  if (trim(line).empty() || sets_secret(line)) return line;
  add_history(line.c_str());
  if (!history_file_.empty()) {
    // Names of hosts and users are nobody else's business either.
    ::mkdir(g_shell->prefs().directory().c_str(), 0700);
    mode_t old = ::umask(0177);
    write_history(history_file_.c_str());
    ::umask(old);
  }
  return line;
}

int run_interactive(Shell& shell) {
  Streams streams{std::cout, std::cerr};
  shell.resume();
  show_banner(shell, streams);
  Terminal terminal(shell);
  for (;;) {
    auto line = terminal.read_line(shell.prompt());
    if (!line) std::cout << "exit\n" << std::flush;
    Outcome outcome = shell.run(line ? trim(*line) : "exit");
    show(outcome, streams);
    if (outcome.exit) break;
  }
  return finish(shell, streams);
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace lunar::cli
