// SPDX-License-Identifier: GPL-2.0-or-later
#include "complete.h"

#include <algorithm>

#include "command.h"
#include "error.h"
#include "handlers.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

using Names = std::vector<std::string>;

class LineCompleter {
 public:
  LineCompleter(Shell& shell, std::string_view line) : shell_(shell), text_(line) {}

  Completion run() {
    locate();
    switch (kind_) {
      case TokenKind::kCommand:
        complete_command();
        break;
      case TokenKind::kPath:
        complete_path();
        break;
      case TokenKind::kPositional:
      case TokenKind::kKeyword:
        complete_parameter();
        break;
    }
    finish();
    return std::move(out_);
  }

 private:
  // Behind a blank there is no token yet: a letter put there tells what kind it would be.
  void locate() {
    fresh_ = text_.empty() || text_.back() == ' ' || text_.back() == '\t';
    line_ = parse_line(fresh_ ? text_ + "x" : text_);
    std::size_t end = text_.size() + (fresh_ ? 1 : 0);
    if (line_.tokens.empty() || line_.tokens.back().end != end)
      throw CommandError("nothing to complete here");
    const Token& token = line_.tokens.back();
    kind_ = token.kind;
    out_.begin = std::min(token.begin, text_.size());
    word_ = text_.substr(out_.begin);
    target_ = shell_.resolve(shell_.current(), kind_ == TokenKind::kPath ? "" : line_.path);
  }

  void offer(const Names& names, std::string_view prefix) {
    for (const std::string& name : names)
      if (starts_with(name, prefix)) out_.candidates.push_back(name);
  }

  void complete_command() {
    for (const Command* command : commands_of(target_->kind)) offer({command->name}, word_);
    if (!line_.path.empty()) return;
    for (const NodePtr& child : shell_.tree().children(target_)) offer({child->name + "/"}, word_);
    if (!word_.empty()) return;
    offer({"/", "*"}, "");
    offer_bookmarks();
  }

  void offer_bookmarks() {
    for (const auto& [name, path] : shell_.prefs().bookmarks()) offer({"@" + name}, word_);
  }

  void complete_path() {
    if (starts_with(word_, "@")) return offer_bookmarks();
    if (word_ == "." || word_ == "..") return offer({word_ + "/"}, "");
    Arguments args;
    Names taken;
    Query query{shell_, shell_.tree(), target_, args, taken, word_};
    offer(complete_node_path(query), word_);
    std::string base = word_.substr(0, word_.rfind('/') + 1);
    if (base == word_ && out_.candidates.size() > 1) offer({base + "*"}, "");
  }

  void complete_parameter() {
    const Command* command = find_command(target_->kind, line_.command);
    if (!command) return;
    CommandLine typed = line_;
    if (kind_ == TokenKind::kKeyword) return complete_value(*command, typed);
    typed.positional.pop_back();
    Arguments args = bind_loosely(*command, typed);
    Names taken = taken_names(typed);
    Query query{shell_, shell_.tree(), target_, args, taken, word_};
    std::size_t index = typed.positional.size();
    if (index < command->params.size()) offer_positional(*command, index, query);
    for (const ParamSpec& spec : command->params)
      if (!args.count(spec.name)) offer({std::string(spec.name) + "="}, word_);
    bool params_done = index >= command->params.size();
    if (command->complete_free && params_done) offer(command->complete_free(query), word_);
  }

  // Once a parameter is given by name, the position of the next value is no longer certain.
  void offer_positional(const Command& command, std::size_t index, const Query& query) {
    const ParamSpec& spec = command.params[index];
    if (spec.complete && !query.args.count(spec.name)) offer(spec.complete(query), word_);
  }

  void complete_value(const Command& command, CommandLine typed) {
    auto [name, value] = typed.keywords.back();
    typed.keywords.pop_back();
    if (fresh_) value.clear();
    Arguments args = bind_loosely(command, typed);
    Names taken = taken_names(typed);
    out_.begin = text_.size() - value.size();
    Query query{shell_, shell_.tree(), target_, args, taken, value};
    for (const ParamSpec& spec : command.params)
      if (spec.name == name && spec.complete) return offer(spec.complete(query), value);
    if (!command.complete_free) return;
    query.text = name + "=" + value;
    for (const std::string& candidate : command.complete_free(query))
      offer({candidate.substr(candidate.find('=') + 1)}, value);
  }

  static Names taken_names(const CommandLine& typed) {
    Names out = typed.positional;
    for (const auto& [name, value] : typed.keywords) out.push_back(name);
    return out;
  }

  void finish() {
    auto& names = out_.candidates;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.size() != 1) return;
    char last = names.front().back();
    if (last == '/' ? is_leaf(names.front()) : last != '=') names.front() += ' ';
  }

  // Below a node without children nothing but its commands can follow.
  bool is_leaf(const std::string& path) {
    if (kind_ != TokenKind::kPath && kind_ != TokenKind::kCommand) return false;
    return shell_.tree().children(shell_.resolve(shell_.current(), path)).empty();
  }

  Shell& shell_;
  std::string text_;
  CommandLine line_;
  TokenKind kind_ = TokenKind::kCommand;
  bool fresh_ = false; /**< the cursor stands behind a blank */
  std::string word_;
  NodePtr target_;
  Completion out_;
};

}  // namespace

Completion complete(Shell& shell, std::string_view line) {
  try {
    return LineCompleter(shell, line).run();
  } catch (const CommandError&) {
    return {};
  }
}

}  // namespace lunar::cli
