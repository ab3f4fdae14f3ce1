// SPDX-License-Identifier: GPL-2.0-or-later
// Commands that every node has.
#include <algorithm>

#include "advice.h"
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "printer.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

constexpr int kNoLimit = -1;

void print_tree(const Call& call, TreePrinter& printer, const NodePtr& node, int depth,
                bool root_call) {
  printer.line(node->name, call.tree.summary(node), node->level(), root_call);
  bool hidden = root_call && !call.shell.prefs().flag("tree_show_root");
  if (depth == 0) return;
  int below = depth == kNoLimit || hidden ? depth : depth - 1;
  auto children = call.tree.children(node);
  for (const NodePtr& child : children) {
    if (!hidden) printer.push(child != children.back());
    print_tree(call, printer, child, below, false);
    if (!hidden) printer.pop();
  }
}

int wanted_depth(const Call& call) {
  std::string text = call.arg("depth").value_or(call.shell.prefs().text("tree_max_depth"));
  auto number = to_number(text);
  if (!number) throw CommandError("The tree depth must be a number.");
  if (*number < 0) return 0;
  return *number > 0 && *number < 1000 ? static_cast<int>(*number) : kNoLimit;
}

// Steps through the history until a path still exists; null at its end.
NodePtr step_history(Call& call, int step) {
  const auto& history = call.shell.prefs().history();
  auto index = static_cast<std::ptrdiff_t>(call.shell.prefs().history_index());
  for (index += step; index >= 0 && index < static_cast<std::ptrdiff_t>(history.size());
       index += step) {
    auto at = static_cast<std::size_t>(index);
    try {
      NodePtr node = call.tree.walk(call.tree.top(), history[at]);
      call.shell.prefs().set_history(history, at, call.shell.setup().person);
      return node;
    } catch (const CommandError&) {
      continue;
    }
  }
  return nullptr;
}

void go_through_history(Call& call, int step, const char* at_end) {
  NodePtr node = step_history(call, step);
  if (!node) return call.out.info(at_end);
  call.out.info("Taking you back to " + node->path() + ".");
  call.shell.jump_to(node);
}

constexpr const char* kHelpIntro = R"(
GENERALITIES
============
Objects of the target stand in a tree: storage objects under /backstores,
targets with their portal groups, LUNs, ACLs and portals under /iscsi.
Commands create, delete, show and configure them. Which commands there are
depends on the node: this page ends with those of the current one.

COMMAND SYNTAX
==============
[PATH] COMMAND [VALUE...] [NAME=VALUE...]

PATH says on which node the command runs; without it, on the current one,
which the prompt shows. A path is absolute, or relative with a slash in it
(luns/), or a bookmark (@name). PATH alone goes there. * runs the command
on each child of the current node. See `help COMMAND` for each command.


AVAILABLE COMMANDS
==================
The following commands are available in the
current path:

)";

std::string list_commands(Kind kind) {
  std::string text = kHelpIntro;
  for (const Command* command : commands_of(kind)) text += "  - " + command->syntax() + "\n";
  return text;
}

// The one default that depends on the host is the file's name.
std::string default_values(const Command& command, const std::string& save_file) {
  std::string text;
  for (const ParamSpec& spec : command.params) {
    if (!spec.fallback) continue;
    bool file = std::string_view(spec.name) == "savefile";
    text += std::string(spec.name) + "=" + (file ? save_file : spec.fallback) + " ";
  }
  return text;
}

std::string describe(const Command& command, const std::string& save_file) {
  std::string text = "\nSYNTAX\n======\n" + command.syntax() + "\n\n";
  std::string defaults = default_values(command, save_file);
  if (!defaults.empty()) text += "\nDEFAULT VALUES\n==============\n" + defaults + "\n\n";
  return text + "\nDESCRIPTION\n===========\n" + command.help + "\n";
}

std::string help_advice(const Call& call, const std::string& topic) {
  std::string advice = command_advice(call.tree, call.node, topic);
  bool at_root = find_command(Kind::kRoot, topic) != nullptr;
  return at_root ? "it is a command of the root: / help " + topic : advice;
}

void show_bookmarks(Call& call) {
  std::string text = "\nBOOKMARKS\n=========\n\n";
  const auto& bookmarks = call.shell.prefs().bookmarks();
  for (const std::string& name : call.shell.prefs().bookmark_names())
    text += name + "\n" + std::string(name.size(), '-') + "\n" + bookmarks.at(name) + "\n\n";
  text += bookmarks.empty() ? "No bookmarks yet." : "";
  if (!bookmarks.empty()) text.pop_back();
  call.out.raw(text);
}

void keep(const std::string& error) {
  if (!error.empty()) throw CommandError(error);
}

void add_bookmark(Call& call, const std::string& name) {
  Prefs& prefs = call.shell.prefs();
  if (prefs.bookmarks().count(name)) throw CommandError("Bookmark " + name + " already exists.");
  keep(prefs.set_bookmark(name, call.node->path()));
  call.out.info("Bookmarked " + call.node->path() + " as " + name + ".");
}

void delete_bookmark(Call& call, const std::string& name) {
  Prefs& prefs = call.shell.prefs();
  if (!prefs.bookmarks().count(name)) throw CommandError("No such bookmark " + name + ".");
  keep(prefs.delete_bookmark(name));
  call.out.info("Deleted bookmark " + name + ".");
}

void go_to_bookmark(Call& call, const std::string& name) {
  if (!call.shell.prefs().bookmarks().count(name))
    throw CommandError("No such bookmark " + name + ".");
  call.shell.go_to(call.shell.resolve(call.node, "@" + name));
}

}  // namespace

void do_ls(Call& call) {
  NodePtr node = call.shell.resolve(call.node, call.text("path"));
  int depth = wanted_depth(call);
  TreePrinter printer(call.out, call.shell.prefs());
  print_tree(call, printer, node, depth, true);
}

void do_cd(Call& call) {
  std::string path = call.text("path");
  if (path == "<") return go_through_history(call, -1, "Reached begining of path history.");
  if (path == ">") return go_through_history(call, 1, "Reached the end of path history.");
  call.shell.go_to(path.empty() ? call.tree.top() : call.shell.resolve(call.node, path));
}

void do_pwd(Call& call) { call.out.display(call.node->path()); }

void do_help(Call& call) {
  auto topic = call.arg("topic");
  if (!topic) return call.out.raw(list_commands(call.node->kind));
  const Command* command = find_command(call.node->kind, *topic);
  if (!command)
    throw CommandError("Cannot find help topic " + *topic + ".", help_advice(call, *topic));
  call.out.raw(describe(*command, call.shell.setup().paths.save_file));
}

void do_exit(Call& call) { call.shell.request_exit(); }

void do_refresh(Call&) {}

void do_status(Call& call) {
  Summary summary = call.tree.summary(call.node);
  bool shown = call.shell.setup().screen.tty;
  call.out.info("Status for " + call.node->path() + ": " +
                (shown ? bracket_text(summary) : summary.text));
}

void do_bookmarks(Call& call) {
  std::string action = call.text("action");
  std::string name = call.text("bookmark");
  if (action == "show") return show_bookmarks(call);
  if (name.empty()) action.clear();
  if (action == "add") return add_bookmark(call, name);
  if (action == "del") return delete_bookmark(call, name);
  if (action == "go") return go_to_bookmark(call, name);
  throw CommandError("Syntax error, see 'help bookmarks'.");
}

}  // namespace lunar::cli
