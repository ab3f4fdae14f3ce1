// SPDX-License-Identifier: GPL-2.0-or-later
// The command line's grammar: [PATH] [COMMAND] [param ...], as users and scripts of targetcli know
// it. Pure: a line in, its parts with their places out. What the grammar cannot read is an error
// that names the character; nothing is cut off silently.
#ifndef LUNAR_TARGETCLI_LEXER_H_
#define LUNAR_TARGETCLI_LEXER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lunar::cli {

enum class TokenKind { kPath, kCommand, kPositional, kKeyword };

/** One token and where it stands in the line, for completion. */
struct Token {
  TokenKind kind;
  std::size_t begin;
  std::size_t end;
};

struct CommandLine {
  std::string path;    /**< "" when the line has none; may end in '*' */
  std::string command; /**< "" when the line has none */
  std::vector<std::string> positional;
  std::vector<std::pair<std::string, std::string>> keywords; /**< in the order typed */
  std::vector<Token> tokens;
  std::string error; /**< "" when the whole line was read */
};

/**
 * Reads one line. On an error everything before the bad place is filled in, so that completion
 * works on unfinished lines. A line whose first character is '#' is a comment: no tokens, no error.
 */
CommandLine parse_line(std::string_view line);

/** Characters that may stand in a value. */
bool is_value_char(char c);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_LEXER_H_
