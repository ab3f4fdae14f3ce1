// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"

#include <algorithm>

#include "prefs.h"
#include "value.h"

namespace lunar::cli {
namespace {

constexpr const char* kReset = "\033[0m";

std::size_t level_rank(std::string_view level) {
  const auto& levels = type_values(UiType::kLogLevel);
  auto at = std::find(levels.begin(), levels.end(), level);
  return static_cast<std::size_t>(at - levels.begin());
}

std::string capitalized(std::string_view word) {
  std::string out(word);
  if (!out.empty()) out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

}  // namespace

std::string color_code(std::string_view name) {
  const auto& colors = type_values(UiType::kColorDefault);
  auto at = std::find(colors.begin(), colors.end(), name);
  if (at == colors.end() || *at == "none") return "";
  return "\033[" + std::to_string(30 + (at - colors.begin())) + "m";
}

bool Output::colored() const { return screen_.tty && prefs_.flag("color_mode"); }

int Output::width() const {
  if (!screen_.tty || screen_.width <= 0) return Screen::kMaxWidth;
  return std::min(screen_.width, Screen::kMaxWidth);
}

std::string Output::paint(std::string_view text, std::string_view color, bool bold,
                          bool underline) const {
  if (!colored()) return std::string(text);
  std::string code = color_code(color.empty() ? prefs_.text("color_default") : color);
  if (bold) code = "\033[1m" + code;
  if (underline) code = "\033[4m" + code;
  if (code.empty()) return std::string(text);
  return code + std::string(text) + kReset;
}

void Output::display(std::string_view text) {
  out_ += paint(text, "");
  out_ += '\n';
}

void Output::info(std::string_view text) { log("info", "green", text, false); }
void Output::warning(std::string_view text) { log("warning", "yellow", text, false); }
void Output::error(std::string_view text) { log("error", "red", text, true); }

void Output::note(std::string_view text) { err_ += "(" + std::string(text) + ")\n"; }

void Output::log(std::string_view level, std::string_view color, std::string_view text,
                 bool to_err) {
  if (level_rank(prefs_.text("loglevel_console")) < level_rank(level)) return;
  std::string& to = to_err ? err_ : out_;
  if (prefs_.flag("color_mode"))
    to += paint(text, color);
  else
    to += capitalized(level) + ": " + std::string(text);
  to += '\n';
}

}  // namespace lunar::cli
