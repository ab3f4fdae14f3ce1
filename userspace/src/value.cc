// SPDX-License-Identifier: GPL-2.0-or-later
// Which values an attribute takes: checks, and the words that say so.
#include <algorithm>
#include <charconv>

#include "lunar/schema.h"
#include "lunar/text.h"
#include "string_util.h"

namespace lunar {
namespace {

bool contains(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_number(std::string_view text) { return parse_number(text).ok(); }

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool fits_list(const AttributeSpec& spec, std::string_view value) {
  for (std::string_view part : split(value, ',')) {
    if (!contains(spec.values, part)) return false;
  }
  return true;
}

bool fits_int(const AttributeSpec& spec, std::string_view value) {
  if (contains(spec.values, value)) return true;
  const Result<int64_t> number = parse_number(value);
  return number && *number >= spec.min && *number <= spec.max;
}

bool fits_index(const AttributeSpec& spec, std::string_view value) {
  const Result<int64_t> number = parse_number(value);
  return number && *number >= 0 && *number < static_cast<int64_t>(spec.values.size());
}

bool fits_string(const AttributeSpec& spec, std::string_view value) {
  if (spec.max_length != 0 && value.size() > spec.max_length) return false;
  return value.find('\n') == std::string_view::npos;
}

bool fits(const AttributeSpec& spec, std::string_view value) {
  switch (spec.type) {
    case ValueType::kBool:
      return value == "0" || value == "1";
    case ValueType::kInt:
      return fits_int(spec, value);
    case ValueType::kEnum:
      return contains(spec.values, value);
    case ValueType::kList:
      return fits_list(spec, value);
    case ValueType::kYesNo:
      return value == "Yes" || value == "No";
    case ValueType::kIndex:
      return fits_index(spec, value);
    case ValueType::kString:
      return fits_string(spec, value);
    case ValueType::kText:
      return true;
  }
  return true;
}

std::string allowed_index(const AttributeSpec& spec) {
  std::string out;
  for (size_t i = 0; i < spec.values.size(); ++i) {
    out += (i == 0 ? "" : ", ") + std::to_string(i) + " (" + spec.values[i] + ")";
  }
  return out;
}

std::string allowed_int(const AttributeSpec& spec) {
  const std::string range = std::to_string(spec.min) + " to " + std::to_string(spec.max);
  return spec.values.empty() ? range : join(spec.values, ", ") + ", " + range;
}

Error refusal(const AttributeSpec& spec, std::string_view value) {
  const std::string shown = spec.secret ? "this value" : "'" + std::string(value) + "'";
  return make_error(shown + " is not allowed for " + spec.name, 0, "allowed: " + spec.allowed());
}

}  // namespace

bool AttributeSpec::present(const KernelVersion& kernel) const {
  return (!since || kernel >= *since) && (!until || kernel <= *until);
}

bool AttributeSpec::numeric() const {
  switch (type) {
    case ValueType::kBool:
    case ValueType::kInt:
    case ValueType::kIndex:
      return true;
    case ValueType::kEnum:
      return std::all_of(values.begin(), values.end(), is_number);
    default:
      return false;
  }
}

std::string AttributeSpec::allowed() const {
  switch (type) {
    case ValueType::kBool:
      return "0, 1";
    case ValueType::kInt:
      return allowed_int(*this);
    case ValueType::kEnum:
      return join(values, ", ");
    case ValueType::kList:
      return "one or more of " + join(values, ", ") + ", with commas between";
    case ValueType::kYesNo:
      return "Yes, No";
    case ValueType::kIndex:
      return allowed_index(*this);
    case ValueType::kString:
      return max_length == 0 ? "any line of text"
                             : "a line of text up to " + std::to_string(max_length) + " bytes";
    case ValueType::kText:
      return "any text";
  }
  return {};
}

std::vector<std::string> AttributeSpec::candidates() const {
  std::vector<std::string> out;
  switch (type) {
    case ValueType::kBool:
      return {"0", "1"};
    case ValueType::kYesNo:
      return {"Yes", "No"};
    case ValueType::kEnum:
      return values;
    case ValueType::kList:
      out = values;
      if (values.size() > 1) out.push_back(join(values, ","));
      return out;
    case ValueType::kIndex:
      for (size_t i = 0; i < values.size(); ++i) out.push_back(std::to_string(i));
      return out;
    case ValueType::kInt:
      if (max - min < 8) {
        for (int64_t i = min; i <= max; ++i) out.push_back(std::to_string(i));
      }
      return out;
    default:
      return out;
  }
}

Status AttributeSpec::validate(std::string_view value) const {
  if (!fits(*this, value)) return refusal(*this, value);
  return {};
}

// A number of any size is one: which are too large, the kernel says.
Status AttributeSpec::validate_type(std::string_view value) const {
  if (!numeric() || is_integer(value)) return {};
  return refusal(*this, value);
}

}  // namespace lunar
