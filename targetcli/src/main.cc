// SPDX-License-Identifier: GPL-2.0-or-later
// targetcli: options, then one of the three front ends.
#include <unistd.h>

#include <boost/program_options.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "error.h"
#include "lunar/lunar.h"
#include "paths.h"
#include "run.h"
#include "shell.h"
#include "terminal.h"
#include "text.h"
#include "tree_host.h"

#ifndef LUNAR_VERSION
#define LUNAR_VERSION "0"
#endif

namespace lunar::cli {
namespace {

namespace po = boost::program_options;

// The targetcli-fb whose commands, output and files these are. It is the last word of --version
// because tools take that word and want 2.1 at least.
constexpr const char* kShellVersion = "3.0.1";
constexpr int kUsageStatus = 255;
constexpr int kDefaultLockSeconds = 30;

po::options_description known_options() {
  po::options_description options("Options (before the command)");
  auto add = options.add_options();
  add("help,h", "Print this information");
  add("version,v", "Print version");
  add("disable-daemon", "Turn-off the global auto use daemon flag");
  add("strict", "With commands on standard input: stop at the first one that fails, exit 1");
  add("lock-timeout", po::value<int>()->default_value(kDefaultLockSeconds)->value_name("SECONDS"),
      "How long a changing command waits for another shell");
  add("save-file", po::value<std::string>()->value_name("FILE"),
      "Where the configuration is saved by default");
  add("fabric", po::value<std::string>()->default_value("iscsi")->value_name("NAME"),
      "The fabric's directory in configfs");
  add("root", po::value<std::string>()->default_value("")->value_name("DIR"),
      "Use the tree, files and lock below DIR instead of /");
  return options;
}

int usage(const std::string& program) {
  std::cerr << "Usage: " << program << " [--version|--help|CMD|--disable-daemon]\n"
            << "  CMD\t\t\tRun targetcli shell command and exit\n"
            << "  <nothing>\t\tEnter configuration shell\n"
            << known_options();
  return kUsageStatus;
}

int version(const std::string& program) {
  std::cerr << program << " version " << kShellVersion << "\n";
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "(Lunar " << LUNAR_VERSION << ")\n";
  return 0;
}

// Only words in front of the command are options: a command's own words may start with a dash.
std::size_t count_option_words(const std::vector<std::string>& words,
                               const po::options_description& options) {
  std::size_t at = 0;
  while (at < words.size() && starts_with(words[at], "-") && words[at].size() > 1) {
    std::string name = words[at].substr(words[at].find_first_not_of('-'));
    const po::option_description* known = options.find_nothrow(name, false);
    bool separate_value = known && known->semantic()->min_tokens() > 0;
    at += separate_value ? 2 : 1;
  }
  return std::min(at, words.size());
}

struct CommandArguments {
  po::variables_map options;
  std::string line;
};

CommandArguments parse_arguments(std::vector<std::string> words) {
  po::options_description known = known_options();
  auto split_at = static_cast<std::ptrdiff_t>(count_option_words(words, known));
  std::vector<std::string> front(words.begin(), words.begin() + split_at);
  words.erase(words.begin(), words.begin() + split_at);
  CommandArguments out;
  auto style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::store(po::command_line_parser(front).options(known).style(style).run(), out.options);
  po::notify(out.options);
  out.line = join(words, " ");
  return out;
}

Environment make_setup(const po::variables_map& options) {
  std::string root = options["root"].as<std::string>();
  Environment setup;
  setup.paths.save_file =
      options.count("save-file") ? options["save-file"].as<std::string>() : default_save_file(root);
  setup.paths.state_dir = root + "/run/lunar";
  setup.lock_file = root + "/var/run/targetcli.lock";
  setup.lock_timeout = std::chrono::seconds(options["lock-timeout"].as<int>());
  setup.version = kShellVersion;
  setup.release = LUNAR_VERSION;
  setup.privileged = ::geteuid() == 0 || !root.empty();
  setup.has_ipv6 = kernel_has_ipv6(root);
  setup.screen.tty = ::isatty(STDOUT_FILENO) != 0;
  setup.screen.width = terminal_width();
  return setup;
}

int run_shell(const CommandArguments& arguments) {
  std::string below = arguments.options["root"].as<std::string>();
  PosixFs fs(below + PosixFs::kDefaultRoot);
  std::unique_ptr<Host> host = make_host(!below.empty());
  Environment setup = make_setup(arguments.options);
  RootOptions options;
  options.fabric = arguments.options["fabric"].as<std::string>();
  std::string save_dir = setup.paths.save_file.substr(0, setup.paths.save_file.rfind('/'));
  if (below.empty() && host->is_directory(save_dir)) options.dbroot = save_dir;
  Root root(fs, *host, options);
  Prefs prefs(below.empty() ? prefs_directory() : below + "/root/.targetcli");
  std::string damaged = prefs.load();
  if (!damaged.empty()) std::cerr << damaged << "\n";
  std::string line = arguments.line;
  if (arguments.options.count("disable-daemon")) line = "set global auto_use_daemon=false";
  setup.one_shot = !line.empty();
  bool person = !setup.one_shot && setup.screen.tty && ::isatty(STDIN_FILENO);
  setup.person = person;
  setup.advice = person || ::isatty(STDERR_FILENO) != 0;
  Shell shell(root, prefs, setup);
  Streams streams{std::cout, std::cerr};
  if (setup.one_shot) return run_one_shot(shell, line, streams);
  if (person) return run_interactive(shell);
  return run_script(shell, std::cin, arguments.options.count("strict") > 0, streams);
}

int run(const std::string& program, const std::vector<std::string>& words) {
  CommandArguments arguments = parse_arguments(words);
  std::string first = split(arguments.line, ' ').front();
  if (arguments.options.count("help") || first == "help") return usage(program);
  if (arguments.options.count("version") || first == "version") return version(program);
  if (first == "disable-daemon") arguments.line = "set global auto_use_daemon=false";
  return run_shell(arguments);
}

}  // namespace
}  // namespace lunar::cli

int main(int argc, char** argv) {
  std::string program = argc > 0 ? argv[0] : "targetcli";
  try {
    return lunar::cli::run(program, {argv + 1, argv + argc});
  } catch (const boost::program_options::error& error) {
    std::cerr << error.what() << " (see " << program << " --help)\n";
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << "\n";
  }
  return 1;
}
