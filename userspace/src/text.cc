// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/text.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstdio>
#include <limits>

#include "lunar/host.h"
#include "string_util.h"

namespace lunar {
namespace {

constexpr std::string_view kSizeUnits = "kmgt";
constexpr const char* kNameForms =
    "as iqn.2003-01.org.example:disk, naa.5001405123456789 or eui.0014051234567890";

bool all_of_set(std::string_view text, std::string_view set) {
  return text.find_first_not_of(set) == std::string_view::npos;
}

bool is_hex(std::string_view text, size_t length) {
  return text.size() == length && all_of_set(text, "0123456789abcdefABCDEF");
}

bool is_digits(std::string_view text, size_t length) {
  return text.size() == length && all_of_set(text, "0123456789");
}

// iqn.YYYY-MM.DOMAIN.REST: month's first digit 0 or 1, at least one dot after it, no space, no
// underscore.
bool is_iqn(std::string_view name) {
  if (!name.starts_with("iqn.") || name.find_first_of(" _/") != std::string_view::npos)
    return false;
  name.remove_prefix(4);
  if (name.size() < 9 || !is_digits(name.substr(0, 4), 4) || name[4] != '-') return false;
  if ((name[5] != '0' && name[5] != '1') || !is_digits(name.substr(6, 1), 1)) return false;
  return name[7] == '.' && name.substr(8).find('.') != std::string_view::npos;
}

bool is_naa(std::string_view name) {
  return name.starts_with("naa.") && is_hex(name.substr(4), 16) &&
         (name[4] == '1' || name[4] == '2' || name[4] == '5');
}

bool is_eui(std::string_view name) {
  return name.starts_with("eui.") && is_hex(name.substr(4), 16);
}

bool is_uuid(std::string_view name) {
  const std::vector<std::string_view> parts = split(name, '-');
  constexpr size_t lengths[] = {8, 4, 4, 4, 12};
  if (parts.size() != 5) return false;
  for (size_t i = 0; i < 5; ++i) {
    if (!is_hex(parts[i], lengths[i])) return false;
  }
  return true;
}

struct WwnRule {
  WwnType type;
  const char* name;
  bool (*valid)(std::string_view);
};
constexpr WwnRule kWwnRules[] = {
    {WwnType::kIqn, "iqn", is_iqn},
    {WwnType::kNaa, "naa", is_naa},
    {WwnType::kEui, "eui", is_eui},
    {WwnType::kUnitSerial, "unit_serial", is_uuid},
};

const WwnRule& rule(WwnType type) {
  for (const WwnRule& candidate : kWwnRules) {
    if (candidate.type == type) return candidate;
  }
  return kWwnRules[0];
}

std::string cleansed(WwnType type, std::string_view name) {
  std::string text = lower(strip(name));
  if (type != WwnType::kNaa && type != WwnType::kEui) return text;
  if (text.starts_with("0x")) text.erase(0, 2);
  std::erase(text, '-');
  std::erase(text, ':');
  if (text.starts_with("naa.") || text.starts_with("eui.") || text.starts_with("ib.")) return text;
  return std::string(wwn_type_name(type)) + "." + text;
}

std::string without(std::string text, char c) {
  std::erase(text, c);
  return text;
}

// What of a host name may stand in an iSCSI name; a host without one calls itself "(none)".
std::string host_label(const std::string& name) {
  std::string label;
  for (char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') label += c;
  }
  return label.empty() ? "localhost" : label;
}

Error bad_size(std::string_view text, std::string advice) {
  Error error = make_error("Cannot interpret size, wrong format: " + std::string(text));
  error.advice = std::move(advice);
  return error;
}

// The factor that a unit stands for; 0 for something that is no unit.
uint64_t unit_factor(std::string_view unit) {
  std::string text = lower(unit);
  if (text.ends_with('b')) text.pop_back();
  if (text.size() == 2 && text[1] == 'i') text.pop_back();
  if (text.empty()) return 1;
  const size_t at = text.size() == 1 ? kSizeUnits.find(text[0]) : std::string_view::npos;
  return at == std::string_view::npos ? 0 : uint64_t{1} << (10 * (at + 1));
}

}  // namespace

std::optional<int> number_after(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 0) return std::nullopt;
  return number;
}

Result<uint64_t> parse_size(std::string_view text) {
  const std::string_view given = text;
  text = strip(text);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return bad_size(given, "the number is too large");
  const uint64_t factor = unit_factor(strip(text.substr(static_cast<size_t>(end - text.data()))));
  if (error != std::errc() || factor == 0) {
    return bad_size(given, "a number of bytes, or with k, m, g or t: 512, 64M, 10GiB");
  }
  if (number > std::numeric_limits<uint64_t>::max() / factor) {
    return bad_size(given, "the number is too large");
  }
  return number * factor;
}

std::string format_size(uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  double value = static_cast<double>(bytes);
  constexpr std::string_view units = "KMGTPE";
  size_t unit = 0;
  for (value /= 1024; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof(text), "%3.1f%ciB", value, units[unit]);
  return text;
}

Result<int64_t> parse_number(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
      text.starts_with("+-")) {
    return make_error("'" + std::string(text) + "' is not a number");
  }
  return number;
}

const std::vector<WwnType>& iscsi_wwn_types() {
  static const std::vector<WwnType> types = {WwnType::kIqn, WwnType::kNaa, WwnType::kEui};
  return types;
}

Result<Wwn> normalize_wwn(std::string_view name, const std::vector<WwnType>& types) {
  std::vector<std::string> names;
  for (WwnType type : types) {
    std::string clean = cleansed(type, name);
    if (rule(type).valid(clean)) return Wwn{std::move(clean), type};
    names.emplace_back(wwn_type_name(type));
  }
  Error error = make_error("WWN not valid as: " + join(names, ", "));
  error.advice = kNameForms;
  return error;
}

std::string generate_wwn(WwnType type, Host& host) {
  const std::string uuid = host.uuid();
  const std::string hex = without(uuid, '-');
  switch (type) {
    case WwnType::kIqn: {
      const std::string name(split(host.hostname(), '.').front());
      return lower("iqn.2003-01.org.linux-iscsi." + host_label(name) + "." +
                   without(host.machine(), '_')) +
             ":sn." + uuid.substr(24);
    }
    case WwnType::kNaa:
      return "naa.5001405" + hex.substr(hex.size() - 9);
    case WwnType::kEui:
      return "eui.001405" + hex.substr(hex.size() - 10);
    case WwnType::kUnitSerial:
      break;
  }
  return uuid;
}

const char* wwn_type_name(WwnType type) { return rule(type).name; }

std::string bracket_address(std::string_view address) {
  const bool bare_v6 = address.find(':') != std::string_view::npos && !address.starts_with('[');
  return bare_v6 ? "[" + std::string(address) + "]" : std::string(address);
}

bool is_ip_address(std::string_view address) {
  std::string text(address);
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string::npos) return false;
  }
  unsigned char binary[sizeof(in6_addr)];
  if (inet_pton(AF_INET, text.c_str(), binary) == 1) return true;
  const size_t scope = text.find('%');
  if (scope != std::string::npos && scope + 1 < text.size()) text.resize(scope);
  return inet_pton(AF_INET6, text.c_str(), binary) == 1;
}

}  // namespace lunar
