// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/schema.h"

#include <cstdlib>

#include "lunar/text.h"
#include "schema_data.h"
#include "string_util.h"

namespace lunar {
namespace {

constexpr std::string_view kNumber = "{number}";
constexpr std::string_view kText = "{text}";

template <typename T>
const T* by_name(const std::vector<T>& items, std::string_view name) {
  for (const T& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

bool number_fits(std::string_view text, int64_t max) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const Result<int64_t> number = parse_number(text);
  return number && (max < 0 || *number <= max);
}

// The kind of node that `name` is in a directory, by what mkdir could have made there.
const std::string* child_kind(const DirSpec& dir, std::string_view name) {
  for (const BornSpec& born : dir.born) {
    if (born.name == name) return &born.kind;
  }
  for (const ChildSpec& child : dir.children) {
    if (pattern_matches(child, name)) return &child.kind;
  }
  return nullptr;
}

}  // namespace

bool pattern_matches(const ChildSpec& child, std::string_view name) {
  std::string_view pattern = child.pattern;
  if (pattern.ends_with(kNumber)) {
    pattern.remove_suffix(kNumber.size());
    return name.starts_with(pattern) && number_fits(name.substr(pattern.size()), child.max);
  }
  if (pattern.ends_with(kText)) {
    pattern.remove_suffix(kText.size());
    return name.starts_with(pattern) && name.size() > pattern.size();
  }
  return name == pattern;
}

const AttributeSpec* DirSpec::attribute(std::string_view attribute_name) const {
  return by_name(attributes, attribute_name);
}

const DirSpec* DirSpec::dir(std::string_view dir_name) const { return by_name(dirs, dir_name); }

const Schema& Schema::builtin() {
  static const Result<Schema> schema = parse(schema_data());
  // Built in and tested: a failure here is a broken build, and nothing could work without it.
  if (!schema) std::abort();
  return *schema;
}

std::optional<SchemaMatch> Schema::find(std::string_view path) const {
  SchemaMatch match{&root(), &root().dir, nullptr};
  if (path.empty()) return match;
  for (std::string_view part : split(path, '/')) {
    if (match.attribute != nullptr) return std::nullopt;
    if (const DirSpec* dir = match.dir->dir(part)) {
      match.dir = dir;
    } else if (const AttributeSpec* attribute = match.dir->attribute(part)) {
      match.attribute = attribute;
    } else if (const std::string* kind = child_kind(*match.dir, part)) {
      match.node = node(*kind);
      match.dir = &match.node->dir;
    } else {
      return std::nullopt;
    }
  }
  return match;
}

const AttributeSpec* Schema::attribute(std::string_view path) const {
  const std::optional<SchemaMatch> match = find(path);
  return match ? match->attribute : nullptr;
}

const AttributeSpec* Schema::attribute(std::string_view kind, std::string_view dir,
                                       std::string_view name) const {
  const NodeSpec* found = node(kind);
  if (found == nullptr) return nullptr;
  if (dir.empty()) return found->dir.attribute(name);
  const DirSpec* sub = found->dir.dir(dir);
  return sub == nullptr ? nullptr : sub->attribute(name);
}

const NodeSpec* Schema::node(std::string_view kind) const {
  const auto found = nodes_.find(kind);
  return found == nodes_.end() ? nullptr : &found->second;
}

const NodeSpec& Schema::root() const { return *node("root"); }

std::vector<const NodeSpec*> Schema::nodes() const {
  std::vector<const NodeSpec*> out;
  for (const auto& [kind, spec] : nodes_) out.push_back(&spec);
  return out;
}

}  // namespace lunar
