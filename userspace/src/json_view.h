// SPDX-License-Identifier: GPL-2.0-or-later
// Looking into JSON that somebody else wrote: every access says "not there" instead of throwing.
#ifndef LUNAR_SRC_JSON_VIEW_H_
#define LUNAR_SRC_JSON_VIEW_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "lunar/saveconfig.h"

namespace lunar {

// The member, or null (also when `object` is no object).
const Json& member(const Json& object, const char* key);

// The member as a list; an empty one when it is missing or no list.
const Json& list_member(const Json& object, const char* key);

// The member as an object; an empty one when it is missing or none.
const Json& object_member(const Json& object, const char* key);

// A member that is a string.
std::optional<std::string> string_member(const Json& object, const char* key);

// A member that is a whole number, or a string of one.
std::optional<int64_t> integer_member(const Json& object, const char* key);

// A number as an int; -1 for one that does not fit, which is refused wherever numbers are expected.
int to_int(int64_t number);

// A member as a truth value, as Python sees it; `otherwise` when it is missing.
bool truth_member(const Json& object, const char* key, bool otherwise);

// Python's idea of truth: not null, false, 0, "" or empty.
bool truth(const Json& value);

// A value as it is written into a file of the tree: strings as they are, numbers in decimal.
std::string plain(const Json& value);

}  // namespace lunar

#endif  // LUNAR_SRC_JSON_VIEW_H_
