// SPDX-License-Identifier: GPL-2.0-or-later
// The types a parameter's or a group's value may have in the shell, with their exact error texts.
// Not to be mixed up with the schema's types: these are the few that users of targetcli know; the
// schema says what the kernel allows.
#ifndef LUNAR_TARGETCLI_VALUE_H_
#define LUNAR_TARGETCLI_VALUE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lunar::cli {

enum class UiType { kString, kNumber, kBool, kYesNo, kLogLevel, kColor, kColorDefault };

/** The word for the type in listings of `set GROUP`. */
const char* type_word(UiType type);

/** The values a type has, for completion; empty when there are too many. */
const std::vector<std::string>& type_values(UiType type);

/** The value in its standard form, or the sentence that says what is wrong with it. */
struct Checked {
  std::string value;
  std::string error; /**< "" when the value is good */
};
Checked check_value(UiType type, std::string_view text);

/** A whole number of any size without sign "+" and leading zeros; throws CommandError as where a
    number is read without a type: `invalid literal for int() with base 10: 'x'`. */
std::string to_integer(std::string_view text);

/** "true" or "false" in any case; nothing else is a boolean. */
std::optional<bool> to_bool(std::string_view text);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_VALUE_H_
