// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <algorithm>
#include <set>

#include "advice.h"
#include "error.h"
#include "shell.h"
#include "text.h"
#include "value.h"

namespace lunar::cli {
namespace {

std::string quoted(const std::set<std::string>& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back("'" + name + "'");
  return join(parts, ", ");
}

bool has_param(const Command& command, std::string_view name) {
  return std::any_of(command.params.begin(), command.params.end(),
                     [name](const ParamSpec& spec) { return spec.name == name; });
}

bool is_keyword(const CommandLine& line, std::string_view name) {
  return std::any_of(line.keywords.begin(), line.keywords.end(),
                     [name](const auto& pair) { return pair.first == name; });
}

// The right name of a parameter that is none, and all there are.
std::string usage(const Command& command, const CommandLine& line) {
  std::vector<std::string> names;
  for (const ParamSpec& spec : command.params) names.emplace_back(spec.name);
  std::string text;
  for (const auto& [name, value] : line.keywords) {
    if (command.free_keywords || has_param(command, name)) continue;
    std::string known = did_you_mean(name, names);
    text += (known.empty() ? "there is no parameter " + name : known) + "; ";
  }
  return text + "syntax: " + trim(command.syntax());
}

void check_missing(const Command& command, const CommandLine& line) {
  std::set<std::string> missing;
  for (std::size_t i = line.positional.size(); i < command.params.size(); ++i) {
    const ParamSpec& spec = command.params[i];
    if (spec.required && !is_keyword(line, spec.name)) missing.insert(spec.name);
  }
  if (missing.size() == 1)
    throw CommandError("Missing required parameter " + *missing.begin(), usage(command, line));
  if (!missing.empty())
    throw CommandError("Missing required parameters " + quoted(missing), usage(command, line));
}

void check_unexpected(const Command& command, const CommandLine& line) {
  if (command.free_keywords) return;
  std::set<std::string> unexpected;
  for (const auto& [name, value] : line.keywords)
    if (!has_param(command, name)) unexpected.insert(name);
  if (unexpected.size() == 1)
    throw CommandError("Unexpected keyword parameter '" + *unexpected.begin() + "'.",
                       usage(command, line));
  if (!unexpected.empty())
    throw CommandError("Unexpected keyword parameters " + quoted(unexpected) + ".",
                       usage(command, line));
}

void check_duplicates(const Command& command, const CommandLine& line) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < std::min(line.positional.size(), command.params.size()); ++i)
    seen.insert(command.params[i].name);
  for (const auto& [name, value] : line.keywords)
    if (!seen.insert(name).second) throw CommandError("Duplicate parameter " + name + ".");
}

void check_count(const Command& command, const CommandLine& line) {
  if (command.free_words) return;
  std::size_t given = line.positional.size();
  for (const auto& [name, value] : line.keywords) given += has_param(command, name) ? 1 : 0;
  std::size_t most = command.params.size();
  if (given <= most) return;
  bool fixed = std::all_of(command.params.begin(), command.params.end(),
                           [](const ParamSpec& spec) { return spec.required; });
  throw CommandError("Got " + std::to_string(given) + " positionnal parameters, expected " +
                         (fixed ? "exactly " : "at most ") + std::to_string(most) + ".",
                     usage(command, line));
}

}  // namespace

std::optional<std::string> Call::arg(std::string_view name) const {
  auto at = args.find(name);
  if (at == args.end() || at->second.empty()) return std::nullopt;
  return at->second;
}

bool Call::flag(std::string_view name, bool fallback) const {
  auto given = args.find(name);
  if (given == args.end()) return fallback;
  Checked checked = check_value(UiType::kBool, given->second);
  if (!checked.error.empty()) throw CommandError(checked.error);
  return checked.value == "true";
}

bool Call::advised() const { return shell.setup().advice; }

void Call::note(std::string_view text) const {
  if (advised()) out.note(text);
}

std::string Command::syntax() const {
  std::string text = std::string(name) + " ";
  for (const ParamSpec& spec : params)
    text += spec.required ? std::string(spec.name) + " " : "[" + std::string(spec.name) + "] ";
  if (free_words) text += "[" + std::string(free_words) + "...] ";
  if (free_keywords) text += "[" + std::string(free_keywords) + "=value...] ";
  return text;
}

const Command* find_command(Kind kind, std::string_view name) {
  for (const Command& command : command_table())
    if (command.name == name && (command.kinds & static_cast<unsigned>(kind))) return &command;
  return nullptr;
}

std::vector<const Command*> commands_of(Kind kind) {
  std::vector<const Command*> out;
  for (const Command& command : command_table())
    if (command.kinds & static_cast<unsigned>(kind)) out.push_back(&command);
  return out;
}

void bind(const CommandLine& line, Call& call) {
  const Command& command = call.command;
  check_missing(command, line);
  check_unexpected(command, line);
  check_duplicates(command, line);
  check_count(command, line);
  call.args = bind_loosely(command, line);
  for (std::size_t i = command.params.size(); i < line.positional.size(); ++i)
    call.words.push_back(line.positional[i]);
  for (const auto& pair : line.keywords)
    if (!has_param(command, pair.first)) call.assignments.push_back(pair);
}

Arguments bind_loosely(const Command& command, const CommandLine& line) {
  Arguments args;
  for (std::size_t i = 0; i < std::min(line.positional.size(), command.params.size()); ++i)
    args[command.params[i].name] = line.positional[i];
  for (const auto& [name, value] : line.keywords)
    if (has_param(command, name)) args[name] = value;
  return args;
}

}  // namespace lunar::cli
