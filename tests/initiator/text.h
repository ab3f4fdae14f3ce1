// SPDX-License-Identifier: GPL-2.0-or-later
// Key=value text of Login and Text PDUs (RFC 7143 section 6.1). Order and duplicates are kept.
#ifndef LUNAR_TESTS_INITIATOR_TEXT_H_
#define LUNAR_TESTS_INITIATOR_TEXT_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initiator {

using Keys = std::vector<std::pair<std::string, std::string>>;

// "K=V\0K=V\0"
std::string join_keys(const Keys& keys);
// Throws Failure when a pair lacks '=' or the last one its NUL.
Keys split_keys(std::string_view text);
std::optional<std::string> find_key(const Keys& keys, std::string_view name);
// Replaces the value, or adds the pair.
void set_key(Keys& keys, const std::string& name, const std::string& value);
void drop_key(Keys& keys, std::string_view name);

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_TEXT_H_
