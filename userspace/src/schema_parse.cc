// SPDX-License-Identifier: GPL-2.0-or-later
// The schema's JSON to its structures. The format is described in configfs-schema/README.md.
#include <nlohmann/json.hpp>
#include <utility>

#include "lunar/schema.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

using nlohmann::json;

constexpr std::pair<const char*, ValueType> kTypes[] = {
    {"bool", ValueType::kBool},     {"int", ValueType::kInt},     {"enum", ValueType::kEnum},
    {"list", ValueType::kList},     {"yesno", ValueType::kYesNo}, {"index", ValueType::kIndex},
    {"string", ValueType::kString}, {"text", ValueType::kText},
};

// Thrown and caught in this file only: a JSON text that is no schema.
struct BadSchema {
  std::string what;
};

ValueType parse_type(const std::string& name) {
  for (const auto& [text, type] : kTypes) {
    if (name == text) return type;
  }
  throw BadSchema{"unknown type '" + name + "'"};
}

KernelVersion parse_kernel(const std::string& text) {
  const std::vector<std::string_view> parts = split(text, '.');
  const Result<int64_t> major = parse_number(parts[0]);
  const Result<int64_t> minor = parse_number(parts.size() == 2 ? parts[1] : "");
  if (!major || !minor) throw BadSchema{"'" + text + "' is no kernel version"};
  return {static_cast<int>(*major), static_cast<int>(*minor)};
}

// Later texts of the same attribute change what they name and leave the rest.
void parse_attribute(const json& from, AttributeSpec& spec) {
  spec.name = from.at("name").get<std::string>();
  if (from.contains("type")) spec.type = parse_type(from["type"].get<std::string>());
  spec.min = from.value("min", spec.min);
  spec.max = from.value("max", spec.max);
  spec.values = from.value("values", spec.values);
  spec.max_length = from.value("max_length", spec.max_length);
  if (from.contains("mode")) {
    spec.mode = static_cast<unsigned>(std::stoul(from["mode"].get<std::string>(), nullptr, 8));
  }
  if (from.contains("default")) spec.default_value = from["default"].get<std::string>();
  spec.prefix = from.value("prefix", spec.prefix);
  spec.newline = from.value("newline", spec.newline);
  spec.secret = from.value("secret", spec.secret);
  if (from.contains("since")) spec.since = parse_kernel(from["since"].get<std::string>());
  if (from.contains("until")) spec.until = parse_kernel(from["until"].get<std::string>());
  spec.doc = from.value("doc", spec.doc);
}

template <typename T>
T& named(std::vector<T>& items, const std::string& name) {
  for (T& item : items) {
    if (item.name == name) return item;
  }
  items.emplace_back();
  items.back().name = name;
  return items.back();
}

void parse_attributes(const json& from, std::vector<AttributeSpec>& into) {
  for (const json& attribute : from) {
    parse_attribute(attribute, named(into, attribute.at("name").get<std::string>()));
  }
}

void parse_dir(const json& from, DirSpec& dir) {
  dir.doc = from.value("doc", dir.doc);
  parse_attributes(from.value("attributes", json::array()), dir.attributes);
  for (const json& sub : from.value("dirs", json::array())) {
    parse_dir(sub, named(dir.dirs, sub.at("name").get<std::string>()));
  }
  for (const json& child : from.value("children", json::array())) {
    dir.children.push_back({child.at("pattern").get<std::string>(),
                            child.at("kind").get<std::string>(), child.value("max", int64_t{-1})});
  }
  for (const json& born : from.value("born", json::array())) {
    dir.born.push_back({born.at("name").get<std::string>(), born.at("kind").get<std::string>()});
  }
  dir.links = from.value("links", dir.links);
  dir.max_links = from.value("max_links", dir.max_links);
  dir.links_same_tpg = from.value("links_same_tpg", dir.links_same_tpg);
}

class Parser {
 public:
  explicit Parser(const std::map<std::string, std::string>& files) : files_(files) {}

  std::map<std::string, NodeSpec, std::less<>> parse() {
    for (const auto& [name, text] : files_) resolve(name, 0);
    check_references();
    return std::move(nodes_);
  }

 private:
  const NodeSpec& resolve(const std::string& file, int depth) {
    const std::string kind = file.substr(0, file.size() - std::string(".json").size());
    if (const auto found = nodes_.find(kind); found != nodes_.end()) return found->second;
    const auto text = files_.find(file);
    if (text == files_.end() || depth > 8) throw BadSchema{"no such kind '" + kind + "'"};
    const json from = json::parse(text->second);
    if (from.at("kind").get<std::string>() != kind) throw BadSchema{file + " is another kind"};
    NodeSpec node;
    const std::string extends = from.value("extends", std::string());
    if (!extends.empty()) node = resolve(extends + ".json", depth + 1);
    node.kind = kind;
    node.extends = extends;
    node.path = from.at("path").get<std::string>();
    parse_dir(from, node.dir);
    parse_attributes(from.value("controls", json::array()), node.controls);
    return nodes_.emplace(kind, std::move(node)).first->second;
  }

  void check_references() const {
    if (!nodes_.contains("root")) throw BadSchema{"no kind 'root'"};
    for (const auto& [kind, node] : nodes_) check_dir(node.dir);
  }

  void check_dir(const DirSpec& dir) const {
    for (const ChildSpec& child : dir.children) check_kind(child.kind);
    for (const BornSpec& born : dir.born) check_kind(born.kind);
    for (const std::string& link : dir.links) check_kind(link);
    for (const DirSpec& sub : dir.dirs) check_dir(sub);
  }

  void check_kind(const std::string& kind) const {
    if (!nodes_.contains(kind)) throw BadSchema{"no such kind '" + kind + "'"};
  }

  const std::map<std::string, std::string>& files_;
  std::map<std::string, NodeSpec, std::less<>> nodes_;
};

}  // namespace

Result<Schema> Schema::parse(const std::map<std::string, std::string>& files) {
  try {
    Schema schema;
    schema.nodes_ = Parser(files).parse();
    return schema;
  } catch (const BadSchema& bad) {
    return make_error("cannot read the schema: " + bad.what);
  } catch (const std::exception& bad) {
    return make_error(std::string("cannot read the schema: ") + bad.what());
  }
}

}  // namespace lunar
