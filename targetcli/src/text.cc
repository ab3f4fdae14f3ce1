// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace lunar::cli {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_digits(std::string_view text) {
  for (char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

std::optional<std::int64_t> to_number(std::string_view text) {
  bool plus = starts_with(text, "+");
  if (plus) text.remove_prefix(1);
  if (plus && starts_with(text, "-")) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    auto at = text.find(separator);
    out.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string> words(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string> out;
  for (;;) {
    auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return out;
    text.remove_prefix(first);
    auto end = text.find_first_of(kBlank);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end);
  }
}

namespace {

struct NaturalKey {
  std::string_view prefix;
  std::string_view digits;
};

NaturalKey natural_key(std::string_view name) {
  auto last = name.find_last_not_of("0123456789");
  auto at = last == std::string_view::npos ? 0 : last + 1;
  auto digits = name.substr(at);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return {name.substr(0, at), digits};
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  NaturalKey x = natural_key(a);
  NaturalKey y = natural_key(b);
  return std::tuple(x.prefix, x.digits.size(), x.digits, a) <
         std::tuple(y.prefix, y.digits.size(), y.digits, b);
}

}  // namespace lunar::cli
