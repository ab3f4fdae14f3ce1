// SPDX-License-Identifier: GPL-2.0-or-later
// Layouts that scripts parse: the tree of `ls` and the blocks of `get GROUP`, `set GROUP`.
#ifndef LUNAR_TARGETCLI_PRINTER_H_
#define LUNAR_TARGETCLI_PRINTER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lunar::cli {

class Output;
class Prefs;

/** What stands in the brackets, and whether it is good (green), bad (red) or neither. */
struct Summary {
  std::string text;
  std::optional<bool> healthy;
};

/** The text in the brackets: an empty summary shows its health, or dots. */
std::string bracket_text(const Summary& summary);

/** Prints a tree line by line as it is walked; holds only the margin. */
class TreePrinter {
 public:
  TreePrinter(Output& output, const Prefs& prefs) : output_(output), prefs_(prefs) {}

  /** One node's line. `level` is the number of names in its path; root_call marks the first line.
   */
  void line(const std::string& name, const Summary& summary, int level, bool root_call);
  /** Around the children of the last line: whether the child is followed by a sibling. */
  void push(bool has_next) { margin_.push_back(has_next); }
  void pop() { margin_.pop_back(); }

 private:
  std::string margin_text() const;
  std::string status(const Summary& summary, const char* color, std::size_t used) const;

  Output& output_;
  const Prefs& prefs_;
  std::vector<bool> margin_{false};
};

/** One entry of a group's listing: "name=value", then what it means. */
using BlockEntry = std::pair<std::string, std::string>;

/** Heading, underline, and per entry: line, underline, description, blank line. */
std::string group_block(const std::string& group, const std::vector<BlockEntry>& entries);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_PRINTER_H_
