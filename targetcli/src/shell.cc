// SPDX-License-Identifier: GPL-2.0-or-later
#include "shell.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "advice.h"
#include "error.h"
#include "lock.h"
#include "paths.h"
#include "text.h"

namespace lunar::cli {
namespace {

bool holds_objects(const Json& config) {
  for (const char* key : {"storage_objects", "targets"})
    if (config.is_object() && config.contains(key) && !config[key].empty()) return true;
  return false;
}

}  // namespace

Shell::Shell(Root& root, Prefs& prefs, Environment setup)
    : prefs_(prefs), setup_(std::move(setup)), tree_(root) {}

NodePtr Shell::current() const {
  NodePtr node = tree_.top();
  for (const std::string& name : split(path_, '/')) {
    if (name.empty()) continue;
    NodePtr next = tree_.child(node, name);
    if (!next) break;
    node = next;
  }
  return node;
}

NodePtr Shell::resolve(const NodePtr& from, std::string_view path) const {
  if (!starts_with(path, "@")) return tree_.walk(from, path);
  std::string name(path.substr(1));
  auto bookmark = prefs_.bookmarks().find(name);
  if (bookmark == prefs_.bookmarks().end()) throw CommandError("No such bookmark " + name);
  return tree_.walk(from, bookmark->second);
}

void Shell::go_to(const NodePtr& node) {
  std::vector<std::string> history = prefs_.history();
  std::size_t index = prefs_.history_index();
  if (history.empty()) history.push_back(path_);
  path_ = node->path();
  if (path_ == history[index]) return;
  history.resize(index + 1);
  history.push_back(path_);
  prefs_.set_history(std::move(history), index + 1, setup_.person);
}

void Shell::created(Call& call, const std::string& path) {
  // The bookmark is a convenience: not being able to keep it takes nothing from what was created.
  prefs_.set_bookmark("last", path);
  if (!prefs_.flag("auto_cd_after_create")) return;
  call.out.info("Entering new node " + path);
  go_to(tree_.walk(tree_.top(), path));
}

void Shell::resume() {
  if (prefs_.history().empty()) return;
  path_ = prefs_.history()[prefs_.history_index()];
  path_ = current()->path();
}

std::string Shell::prompt() const {
  int limit = prefs_.number("prompt_length");
  if (limit <= 3 || path_.size() <= static_cast<std::size_t>(limit)) return path_ + "> ";
  std::size_t half = static_cast<std::size_t>(limit - 3) / 2;
  return path_.substr(0, half) + "..." + path_.substr(path_.size() - half) + "> ";
}

Outcome Shell::run(std::string_view line) {
  Output out(prefs_, setup_.screen);
  Outcome outcome;
  CommandLine parsed = parse_line(line);
  std::string error = parsed.error;
  if (error.empty()) {
    try {
      execute(parsed, out);
    } catch (const CommandError& failure) {
      error = failure.what();
      if (setup_.advice && !failure.advice().empty())
        error += (error.find('\n') == std::string::npos ? " (" : "\n(") + failure.advice() + ")";
    }
  }
  outcome.out = out.take_out();
  if (!error.empty()) {
    outcome.status = 1;
    if (!setup_.one_shot) out.error(error);
  }
  outcome.err = out.take_err();
  if (setup_.one_shot && !error.empty()) outcome.err += error + "\n";
  outcome.exit = exit_;
  return outcome;
}

void Shell::execute(const CommandLine& line, Output& out) {
  if (line.path.empty() && line.command.empty()) return;
  bool all = ends_with(line.path, "*");
  if (!all && line.command.empty()) return go_or_run(line.path, out);
  std::string path = all ? line.path.substr(0, line.path.size() - 1) : line.path;
  NodePtr node = resolve(current(), path);
  std::string command = line.command.empty() ? "ls" : line.command;
  if (!all) return run_on(node, command, line, out);
  for (const NodePtr& child : tree_.children(node)) {
    out.display("[" + child->path() + "]");
    run_on(child, command, line, out);
  }
}

// Guides write "/saveconfig": where no node has that name, it is the command of the node before it.
void Shell::go_or_run(const std::string& path, Output& out) {
  NodePtr parent;
  std::string name;
  try {
    return go_to(resolve(current(), path));
  } catch (const CommandError&) {
    auto slash = path.rfind('/');
    if (slash == std::string::npos) throw;
    name = path.substr(slash + 1);
    parent = resolve(current(), path.substr(0, slash + 1));
    if (!find_command(parent->kind, name)) throw;
  }
  run_on(parent, name, CommandLine{}, out);
}

bool Shell::takes_lock(const Call& call) const {
  if (call.command.access != Access::kWriteGroup) return call.command.access == Access::kWrite;
  return !call.assignments.empty() && call.arg("group") != "global";
}

void Shell::run_on(const NodePtr& node, const std::string& name, const CommandLine& line,
                   Output& out) {
  const Command* command = find_command(node->kind, name);
  if (!command) throw CommandError("Command not found " + name, command_advice(tree_, node, name));
  Call call{*this, tree_, node, out, *command, {}, {}, {}};
  bind(line, call);
  if (!takes_lock(call)) return command->run(call);
  if (!setup_.privileged)
    throw CommandError("This privileged command is disabled: you are not root.");
  CommandLock lock(setup_.lock_file, setup_.lock_timeout);
  command->run(call);
  changed_ = true;
}

int Shell::max_backups() const {
  int most = prefs_.number("max_backup_files");
  const std::string& file = setup_.paths.save_file;
  std::string conf = file.substr(0, file.rfind('/') + 1) + "targetcli.conf";
  for (const std::string& line : split(tree_.root().host().read_file(conf).value_or(""), '\n')) {
    auto parts = split(line, '=');
    if (parts.size() != 2 || trim(parts[0]) != "max_backup_files") continue;
    auto number = to_number(trim(parts[1]));
    if (number) most = std::max(most, static_cast<int>(*number));
  }
  return most;
}

void Shell::save(Output& out, const std::string& file, bool overwrite_partial,
                 const std::string& storage_object) {
  std::string path = file.empty() ? setup_.paths.save_file : expand_home(file);
  if (!directory_in_reach(path))
    throw CommandError("Cannot create directory [" + path.substr(0, path.rfind('/')) +
                       "] No such file or directory.");
  SaveOptions options;
  options.overwrite_partial = overwrite_partial;
  options.max_backups = max_backups();
  options.storage_object = storage_object;
  SaveReport report = must(config_file().save(path, options));
  if (report.backup_made)
    out.info("Last " + std::to_string(options.max_backups) + " configs saved in " +
             report.backup_dir + ".");
  if (!report.backup_error.empty())
    out.warning("Could not create backup file: " + report.backup_error);
  if (storage_object.empty()) out.info("Configuration saved to " + path);
}

void Shell::require_saveable() {
  if (!config_file().partial_restore(setup_.paths.save_file).empty())
    throw CommandError(setup_.paths.save_file + " was restored only in part; nothing was changed.");
}

// An untouched, empty tree in front of a file with contents: the boot restore has not run, or
// somebody cleared everything elsewhere. Saving it unasked would destroy the file.
bool Shell::would_lose_configuration() const {
  if (changed_) return false;
  Root& root = tree_.root();
  auto objects = root.storage_objects();
  auto targets = root.fabric().targets();
  if (!objects || !targets || !objects->empty() || !targets->empty()) return false;
  auto text = root.host().read_file(setup_.paths.save_file);
  if (!text) return false;
  auto config = parse_config(*text, setup_.paths.save_file);
  return !config || holds_objects(*config);
}

Outcome Shell::finish() {
  Outcome outcome;
  if (!prefs_.flag("auto_save_on_exit") || !setup_.privileged) return outcome;
  Output out(prefs_, setup_.screen);
  try {
    out.info("Global pref auto_save_on_exit=true");
    if (would_lose_configuration()) {
      out.warning(
          "Configuration not saved: nothing is configured now and nothing was changed here, but " +
          setup_.paths.save_file + " holds a configuration (restoreconfig brings it back).");
    } else {
      CommandLock lock(setup_.lock_file, setup_.lock_timeout);
      save(out, "", false);
    }
  } catch (const CommandError& failure) {
    out.error(std::string("Configuration not saved: ") + failure.what());
    outcome.status = 1;
  }
  outcome.out = out.take_out();
  outcome.err = out.take_err();
  return outcome;
}

}  // namespace lunar::cli
