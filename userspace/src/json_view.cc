// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_view.h"

#include <algorithm>

#include "lunar/text.h"

namespace lunar {

const Json& member(const Json& object, const char* key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

const Json& list_member(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const Json& value = member(object, key);
  return value.is_array() ? value : empty;
}

const Json& object_member(const Json& object, const char* key) {
  static const Json empty = Json::object();
  const Json& value = member(object, key);
  return value.is_object() ? value : empty;
}

std::optional<std::string> string_member(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_string()) return std::nullopt;
  return value.get<std::string>();
}

std::optional<int64_t> integer_member(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (value.is_number_integer()) return value.get<int64_t>();
  const Result<int64_t> number = parse_number(value.is_string() ? value.get<std::string>() : "");
  if (!number) return std::nullopt;
  return *number;
}

int to_int(int64_t number) {
  return number < 0 || number > INT32_MAX ? -1 : static_cast<int>(number);
}

bool truth(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return !value.empty();
}

bool truth_member(const Json& object, const char* key, bool otherwise) {
  const bool there = object.is_object() && object.contains(key);
  return there ? truth(member(object, key)) : otherwise;
}

std::string plain(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lunar
