// SPDX-License-Identifier: GPL-2.0-or-later
#include "printer.h"

#include <array>

#include "output.h"
#include "prefs.h"
#include "text.h"

namespace lunar::cli {
namespace {

const char* level_color(int level) {
  constexpr std::array<const char*, 3> kColors = {"", "blue", "magenta"};
  return kColors[static_cast<std::size_t>(level % 3)];
}

const char* health_color(const Summary& summary) {
  if (!summary.healthy) return "";
  return *summary.healthy ? "green" : "red";
}

// Columns, not bytes: names may hold UTF-8.
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (char c : text)
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++count;
  return count;
}

}  // namespace

std::string bracket_text(const Summary& summary) {
  if (!summary.text.empty()) return summary.text;
  if (!summary.healthy) return "...";
  return *summary.healthy ? "OK" : "ERROR";
}

std::string TreePrinter::margin_text() const {
  std::string text;
  for (std::size_t i = 0; i + 1 < margin_.size(); ++i) text += margin_[i] ? "| " : "  ";
  return text + (prefs_.flag("tree_round_nodes") ? "o- " : "+- ");
}

std::string TreePrinter::status(const Summary& summary, const char* color, std::size_t used) const {
  std::string text = bracket_text(summary);
  std::size_t width = static_cast<std::size_t>(output_.width());
  used += columns(text) + 4;  // the blanks round the dots, and the brackets
  std::string dots(used < width ? width - used : 0, '.');
  bool bad = summary.healthy && !*summary.healthy;
  std::string inside = summary.healthy ? output_.paint(text, health_color(summary), bad) : text;
  return " " + output_.paint(dots, color) + output_.paint(" [", "", true) + inside +
         output_.paint("]", "", true);
}

void TreePrinter::line(const std::string& name, const Summary& summary, int level, bool root_call) {
  if (root_call && !prefs_.flag("tree_show_root")) return;
  const char* color = level_color(level);
  std::string margin = margin_text();
  std::string text = margin + output_.paint(name, color, true, root_call);
  if (prefs_.flag("tree_status_mode"))
    text += status(summary, color, margin.size() + columns(name));
  output_.raw(text + "\n");
}

std::string group_block(const std::string& group, const std::vector<BlockEntry>& entries) {
  std::string heading = upper(group) + " CONFIG GROUP";
  std::string text = heading + "\n" + std::string(heading.size(), '=') + "\n";
  for (const auto& [head, description] : entries)
    text += head + "\n" + std::string(head.size(), '-') + "\n" + description + "\n\n";
  return text;
}

}  // namespace lunar::cli
