// SPDX-License-Identifier: GPL-2.0-or-later
// Shell: the core of targetcli, a function of (state, line) to (output, status).
//
// It reads and writes the target's tree through the library, and files only through the
// preferences, the lock and the library's ConfigFile. It never touches the terminal or the standard
// streams: the front ends in run.cc do.
#ifndef LUNAR_TARGETCLI_SHELL_H_
#define LUNAR_TARGETCLI_SHELL_H_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"
#include "lunar/lunar.h"
#include "output.h"
#include "prefs.h"
#include "tree.h"

namespace lunar::cli {

/** What differs between a real host, a test and a tree below --root. */
struct Environment {
  ConfigPaths paths;
  std::string lock_file = "/var/run/targetcli.lock"; /**< "": no lock */
  std::chrono::milliseconds lock_timeout = std::chrono::seconds(30);
  std::string version = "0"; /**< of targetcli-fb: what scripts compare */
  std::string release;       /**< of Lunar */
  bool privileged = true;    /**< root, or a tree of one's own */
  bool has_ipv6 = true;
  Screen screen;
  bool one_shot = false; /**< a command from the command line: errors are plain text */
  bool person = false;   /**< at the prompt of a terminal: the path history is kept */
  bool advice = false;   /**< errors go to a terminal: they say what would help */
};

struct Outcome {
  std::string out;
  std::string err;
  int status = 0; /**< 0 or 1 */
  bool exit = false;
};

class Shell {
 public:
  Shell(Root& root, Prefs& prefs, Environment setup);

  /** Runs one line. A comment or a blank line succeeds and says nothing. */
  Outcome run(std::string_view line);

  /** What the shell does at its end: saves when it should. Status 1 when it could not. */
  Outcome finish();

  /** "PATH> ", shortened by the preference prompt_length. */
  std::string prompt() const;

  /** Goes to the last path of the previous session, if it still exists. */
  void resume();

  /* For handlers and completers: */
  Prefs& prefs() { return prefs_; }
  const Environment& setup() const { return setup_; }
  const Tree& tree() const { return tree_; }
  NodePtr current() const;
  /** A path, a bookmark (@name), or nothing for `from` itself. Throws CommandError. */
  NodePtr resolve(const NodePtr& from, std::string_view path) const;
  /** `cd`: goes there and notes it in the path history. */
  void go_to(const NodePtr& node);
  /** Goes there without a note: `cd <`, `cd >`. */
  void jump_to(const NodePtr& node) { path_ = node->path(); }
  /** Every create ends here: sets @last and follows auto_cd_after_create. */
  void created(Call& call, const std::string& path);
  void request_exit() { exit_ = true; }
  ConfigFile config_file() { return ConfigFile(tree_.root(), setup_.paths); }
  /** Saves the configuration as `saveconfig` does. */
  void save(Output& out, const std::string& file, bool overwrite_partial,
            const std::string& storage_object = "");
  /** Throws CommandError when the default file was restored only in part. */
  void require_saveable();
  /** The address a default portal gets: ::0, or 0.0.0.0 where the kernel has no IPv6. */
  std::string any_address() const { return setup_.has_ipv6 ? "::0" : "0.0.0.0"; }

 private:
  void execute(const CommandLine& line, Output& out);
  void run_on(const NodePtr& node, const std::string& name, const CommandLine& line, Output& out);
  void go_or_run(const std::string& path, Output& out);
  bool takes_lock(const Call& call) const;
  bool would_lose_configuration() const;
  int max_backups() const;

  Prefs& prefs_;
  Environment setup_;
  Tree tree_;
  std::string path_ = "/";
  bool exit_ = false;
  bool changed_ = false; /**< a writing command succeeded in this session */
};

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_SHELL_H_
