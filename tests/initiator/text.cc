// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include <algorithm>

#include "check.h"

namespace initiator {

std::string join_keys(const Keys& keys) {
  std::string out;
  for (const auto& [name, value] : keys) {
    out.append(name).append("=").append(value).push_back('\0');
  }
  return out;
}

Keys split_keys(std::string_view text) {
  Keys out;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    check(end != std::string_view::npos, "text without a final NUL from the target");
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    check(equals != std::string_view::npos, "text without '=': '" + std::string(pair) + "'");
    out.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::optional<std::string> find_key(const Keys& keys, std::string_view name) {
  for (const auto& [key, value] : keys) {
    if (key == name) return value;
  }
  return std::nullopt;
}

void set_key(Keys& keys, const std::string& name, const std::string& value) {
  for (auto& [key, old] : keys) {
    if (key != name) continue;
    old = value;
    return;
  }
  keys.emplace_back(name, value);
}

void drop_key(Keys& keys, std::string_view name) {
  keys.erase(std::remove_if(keys.begin(), keys.end(),
                            [name](const auto& pair) { return pair.first == name; }),
             keys.end());
}

}  // namespace initiator
