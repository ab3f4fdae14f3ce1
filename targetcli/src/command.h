// SPDX-License-Identifier: GPL-2.0-or-later
// Commands: what the table's rows are made of, how parameters are bound to them, and what a handler
// gets to work with. The table itself is in table.cc; it is the only list of commands there is
// (running, help and completion all read it).
#ifndef LUNAR_TARGETCLI_COMMAND_H_
#define LUNAR_TARGETCLI_COMMAND_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lexer.h"
#include "output.h"
#include "tree.h"

namespace lunar::cli {

class Shell;
struct Command;

using Arguments = std::map<std::string, std::string, std::less<>>;

/** What a handler gets: where it runs, what was typed, where to write. */
struct Call {
  Shell& shell;
  const Tree& tree;
  NodePtr node;
  Output& out;
  const Command& command;
  Arguments args;                                               /**< by parameter name */
  std::vector<std::string> words;                               /**< free positional ones */
  std::vector<std::pair<std::string, std::string>> assignments; /**< free keywords, as typed */

  Root& root() const { return tree.root(); }
  /** The text given, or nothing; an empty value counts as not given. */
  std::optional<std::string> arg(std::string_view name) const;
  std::string text(std::string_view name) const { return arg(name).value_or(""); }
  /** A true|false parameter. Throws CommandError `Syntax error, 'X' is not true|false.` */
  bool flag(std::string_view name, bool fallback) const;
  /** Whether somebody is there to read notes: errors go to a terminal. */
  bool advised() const;
  /** Something beside the result that a person should know, in brackets; scripts don't get it. */
  void note(std::string_view text) const;
};

/** What a completer gets: the unfinished call and the text to complete. */
struct Query {
  Shell& shell;
  const Tree& tree;
  NodePtr node;
  const Arguments& args;                 /**< parameters typed so far */
  const std::vector<std::string>& taken; /**< free ones typed so far, names only */
  std::string text;
};

/** Candidates need not start with the text: the caller filters. May throw CommandError. */
using Completer = std::vector<std::string> (*)(const Query&);
using Handler = void (*)(Call&);

struct ParamSpec {
  const char* name;
  bool required = false;
  const char* fallback = nullptr; /**< what `help` shows under DEFAULT VALUES */
  Completer complete = nullptr;
};

/** Whether a command changes the target's configuration, and so is root's and takes the lock. */
enum class Access {
  kRead,
  kWrite,
  kWriteGroup, /**< `set`: unless it only shows or sets preferences */
};

struct Command {
  const char* name;
  unsigned kinds; /**< the kinds of node it runs on, as bits */
  Access access;
  std::vector<ParamSpec> params;
  const char* free_words = nullptr;    /**< name of further positional parameters, if taken */
  const char* free_keywords = nullptr; /**< name of further name=value parameters, if taken */
  Completer complete_free = nullptr;
  Handler run;
  const char* help;

  /** "create name size [wwn] ", with the blank at the end. */
  std::string syntax() const;
};

/** All commands, sorted by name. */
const std::vector<Command>& command_table();

/** Null when a kind of node has no such command. */
const Command* find_command(Kind kind, std::string_view name);
std::vector<const Command*> commands_of(Kind kind);

/** Puts what was typed into the call. Throws CommandError with the grammar's exact sentences. */
void bind(const CommandLine& line, Call& call);

/** The lenient form for completion: what can be bound is, the rest is left out. */
Arguments bind_loosely(const Command& command, const CommandLine& line);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_COMMAND_H_
