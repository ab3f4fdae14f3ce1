// SPDX-License-Identifier: GPL-2.0-or-later
#include "advice.h"

#include <algorithm>

#include "command.h"
#include "text.h"

namespace lunar::cli {
namespace {

// Changes between two words (optimal string alignment): rows[i][j] for the first i and j letters.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        rows[i][j] = i + j;
        continue;
      }
      std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + other});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.size()][b.size()];
}

std::vector<std::string> command_names(Kind kind) {
  std::vector<std::string> out;
  for (const Command* command : commands_of(kind)) out.emplace_back(command->name);
  return out;
}

// A tree that cannot be read gives no advice, and takes no error's place.
bool is_child(const Tree& tree, const NodePtr& node, const std::string& name) {
  try {
    return tree.child(node, name) != nullptr;
  } catch (const CommandError&) {
    return false;
  }
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  std::size_t best = std::clamp<std::size_t>(word.size() / 3, 1, 3) + 1;
  std::string found;
  for (const std::string& name : names) {
    std::size_t longer = std::max(name.size(), word.size());
    if (longer - std::min(name.size(), word.size()) >= best) continue;
    std::size_t changes = distance(lower(word), lower(name));
    if (changes >= best) continue;
    best = changes;
    found = name;
  }
  return found;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  std::string name = nearest(word, names);
  return name.empty() ? "" : "did you mean " + name + "?";
}

std::string command_advice(const Tree& tree, const NodePtr& node, const std::string& name) {
  if (is_child(tree, node, name)) return "a path needs a slash: " + name + "/";
  if (find_command(Kind::kRoot, name)) return "it is a command of the root: / " + name;
  return did_you_mean(name, command_names(node->kind));
}

std::string name_flaw(const std::string& wwn) {
  constexpr std::size_t kMonthAt = 9;  // iqn.YYYY-MM.
  if (!starts_with(wwn, "iqn.") || wwn.size() < kMonthAt + 2) return "";
  std::string month = wwn.substr(kMonthAt, 2);
  if (month >= "01" && month <= "12") return "";
  return wwn.substr(0, kMonthAt + 2) + " names no month from 01 to 12: initiators may refuse it";
}

bool sets_secret(std::string_view line) {
  for (auto at = line.find('='); at != std::string_view::npos; at = line.find('=', at + 1)) {
    std::string before = trim(line.substr(0, at));
    std::string name = before.substr(before.find_last_of(" \t=") + 1);
    if (!nearest(name, {"password", "mutual_password"}).empty()) return true;
  }
  return false;
}

}  // namespace lunar::cli
