// SPDX-License-Identifier: GPL-2.0-or-later
// Small text helpers shared by the shell's files; all pure, no locale.
#ifndef LUNAR_TARGETCLI_TEXT_H_
#define LUNAR_TARGETCLI_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lunar::cli {

/** ASCII letters and digits only, whatever the locale says. */
bool is_alnum(char c);
/** True when every character is a digit and there is at least one. */
bool is_digits(std::string_view text);
/** A decimal integer with an optional sign that fits 64 bits; nothing else. */
std::optional<std::int64_t> to_number(std::string_view text);

std::string trim(std::string_view text);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool starts_with(std::string_view text, std::string_view prefix);
bool ends_with(std::string_view text, std::string_view suffix);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);
/** Splits at runs of blanks; never returns empty words. */
std::vector<std::string> words(std::string_view text);
/** Order of names in listings: text before a trailing number, then the number. */
bool natural_less(std::string_view a, std::string_view b);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_TEXT_H_
