// SPDX-License-Identifier: GPL-2.0-or-later
// String helpers of the library's own sources. Pure.
#ifndef LUNAR_SRC_STRING_UTIL_H_
#define LUNAR_SRC_STRING_UTIL_H_

#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lunar {

inline bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// Without white space at both ends, as Python's strip().
inline std::string_view strip(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Parts between separators; an empty text has one empty part.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Words between white space.
inline std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.empty()) return parts;
    size_t end = 0;
    while (end < text.size() && !is_space(text[end])) ++end;
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

inline std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty() || &part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

// What follows the last slash.
inline std::string base_name(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// What precedes the last slash; empty without one.
inline std::string dir_name(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// The number after `prefix` when nothing else follows: ("lun_12", "lun_") -> 12.
std::optional<int> number_after(std::string_view name, std::string_view prefix);

}  // namespace lunar

#endif  // LUNAR_SRC_STRING_UTIL_H_
