// SPDX-License-Identifier: GPL-2.0-or-later
#include "lexer.h"

#include "text.h"

namespace lunar::cli {
namespace {

bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_bookmark_char(char c) { return is_alnum(c) || is_one_of(c, ":_.-"); }
bool is_path_char(char c) { return is_alnum(c) || is_one_of(c, ":_.[]-"); }
bool is_path_or_slash(char c) { return is_path_char(c) || c == '/'; }
bool is_command_char(char c) { return is_alnum(c) || c == '_'; }
bool is_keyword_char(char c) { return is_alnum(c) || is_one_of(c, "_\\-"); }
bool is_blank(char c) { return is_one_of(c, " \t\r\n"); }

class Scanner {
 public:
  explicit Scanner(std::string_view line) : line_(line) {}

  CommandLine scan() {
    skip_blanks();
    if (peek() == '#') return out_;
    take_path();
    skip_blanks();
    take_command();
    take_parameters();
    if (out_.command.empty()) check_no_command();
    return out_;
  }

 private:
  using CharTest = bool (*)(char);

  char peek(std::size_t at) const { return at < line_.size() ? line_[at] : '\0'; }
  char peek() const { return peek(at_); }

  void skip_blanks() {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
  }

  std::size_t run_end(std::size_t from, CharTest test) const {
    while (from < line_.size() && test(line_[from])) ++from;
    return from;
  }

  std::string_view take(TokenKind kind, std::size_t end) {
    out_.tokens.push_back({kind, at_, end});
    auto text = line_.substr(at_, end - at_);
    at_ = end;
    return text;
  }

  void take_path() {
    std::size_t end = path_end();
    if (end > at_) out_.path = take(TokenKind::kPath, end);
  }

  std::size_t path_end() const {
    if (peek() == '@') {
      std::size_t end = run_end(at_ + 1, is_bookmark_char);
      return end == at_ + 1 ? at_ : end;
    }
    std::size_t slash = run_end(at_, is_path_char);
    if (peek(slash) == '/') {
      std::size_t end = run_end(slash, is_path_or_slash);
      bool all_children = peek(end - 1) == '/' && peek(end) == '*';
      return all_children ? end + 1 : end;
    }
    if (peek() == '.') return peek(at_ + 1) == '.' ? at_ + 2 : at_ + 1;
    return peek() == '*' ? at_ + 1 : at_;
  }

  void take_command() {
    std::size_t end = run_end(at_, is_command_char);
    if (end > at_) out_.command = take(TokenKind::kCommand, end);
  }

  void take_parameters() {
    for (;;) {
      skip_blanks();
      if (at_ == line_.size()) return;
      if (out_.command.empty() && peek() == '#') return;
      if (take_keyword()) continue;
      std::size_t end = run_end(at_, is_value_char);
      if (end == at_) return refuse();
      out_.positional.emplace_back(take(TokenKind::kPositional, end));
    }
  }

  // White space round '=' is allowed, so "size= wwn=x" gives size the value "wwn=x", as it always
  // did.
  bool take_keyword() {
    std::size_t key_end = run_end(at_, is_keyword_char);
    std::size_t equals = run_end(key_end, is_blank);
    if (key_end == at_ || peek(equals) != '=') return false;
    std::string key(line_.substr(at_, key_end - at_));
    std::size_t value = run_end(equals + 1, is_blank);
    std::size_t end = run_end(value, is_value_char);
    if (end == value) end = equals + 1;
    std::string text(end > value ? line_.substr(value, end - value) : std::string_view());
    take(TokenKind::kKeyword, end);
    out_.keywords.emplace_back(std::move(key), std::move(text));
    return true;
  }

  void refuse() {
    std::string bad(1, line_[at_]);
    bool printable = line_[at_] >= ' ' && line_[at_] <= '~';
    out_.error =
        "Syntax error at column " + std::to_string(at_ + 1) + ": " +
        (printable ? "the character " + bad : std::string("a byte that is not plain ASCII")) +
        " is not allowed. A value may hold letters, digits and "
        "?;&*$!#,=_\\+/.<>()~@:-%[] and no quotes or blanks.";
  }

  void check_no_command() {
    if (!out_.error.empty()) return;
    bool none = out_.positional.empty() && out_.keywords.empty();
    if (none) return;
    std::size_t first = out_.path.empty() ? 0 : 1;
    const Token& token = out_.tokens[first];
    out_.error = "Syntax error, no command before '" +
                 std::string(line_.substr(token.begin, token.end - token.begin)) + "'.";
  }

  std::string_view line_;
  std::size_t at_ = 0;
  CommandLine out_;
};

}  // namespace

bool is_value_char(char c) { return is_alnum(c) || is_one_of(c, "?;&*$!#,=_\\+/.<>()~@:-%[]"); }

CommandLine parse_line(std::string_view line) { return Scanner(line).scan(); }

}  // namespace lunar::cli
