// SPDX-License-Identifier: GPL-2.0-or-later
#include "value.h"

#include <algorithm>
#include <array>

#include "error.h"
#include "text.h"

namespace lunar::cli {
namespace {

const std::vector<std::string> kColors = {"black", "red",     "green", "yellow",
                                          "blue",  "magenta", "cyan",  "white"};

std::vector<std::string> colors_and(const char* last) {
  std::vector<std::string> out = kColors;
  out.emplace_back(last);
  return out;
}

struct TypeRow {
  const char* word;
  std::vector<std::string> values;
  const char* stop; /**< what ends the sentence about a wrong value */
};

const TypeRow& row(UiType type) {
  static const std::array<TypeRow, 7> kRows = {{
      {"string", {}, ""},
      {"number", {}, "."},
      {"bool", {"true", "false"}, "."},
      {"yesno", {"Yes", "No"}, "."},
      {"loglevel", {"critical", "error", "warning", "info", "verbose", "debug"}, ""},
      {"color", colors_and("default"), ""},
      {"colordefault", colors_and("none"), ""},
  }};
  return kRows[static_cast<std::size_t>(type)];
}

Checked wrong(std::string_view text, const std::string& expected) {
  return {"", "Syntax error, '" + std::string(text) + "' is not " + expected};
}

}  // namespace

const char* type_word(UiType type) { return row(type).word; }

const std::vector<std::string>& type_values(UiType type) { return row(type).values; }

std::optional<bool> to_bool(std::string_view text) {
  std::string word = lower(text);
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

namespace {

// The kernel says what is too large.
std::optional<std::string> plain_integer(std::string_view text) {
  bool minus = starts_with(text, "-");
  if (minus || starts_with(text, "+")) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
  return (minus && text != "0" ? "-" : "") + std::string(text);
}

}  // namespace

std::string to_integer(std::string_view text) {
  auto number = plain_integer(text);
  if (!number)
    throw CommandError("invalid literal for int() with base 10: '" + std::string(text) + "'",
                       "a whole number is wanted");
  return *number;
}

Checked check_value(UiType type, std::string_view text) {
  if (type == UiType::kString) return {std::string(text), ""};
  if (type == UiType::kNumber) {
    auto number = plain_integer(text);
    return number ? Checked{*number, ""} : wrong(text, "a NUMBER.");
  }
  std::string word = type == UiType::kBool ? lower(text) : std::string(text);
  const auto& values = type_values(type);
  if (std::find(values.begin(), values.end(), word) != values.end()) return {word, ""};
  return wrong(text, join(values, "|") + row(type).stop);
}

}  // namespace lunar::cli
