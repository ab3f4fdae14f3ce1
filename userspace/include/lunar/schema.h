// SPDX-License-Identifier: GPL-2.0-or-later
// Schema: what the configfs tree can hold: every node, attribute, type, range, default and help.
//
// The text lives in configfs-schema/*.json (README.md there describes the format) and is built into
// the library. It is the one place where an attribute's name, type, range, default and help exist:
// value checks, error hints, completion, the in-memory tree of the tests and the generated
// reference all read it. An attribute that it does not know (a newer kernel's) is a free string and
// never an error.
//
// Immutable after loading; may be shared between threads.
#ifndef LUNAR_SCHEMA_H_
#define LUNAR_SCHEMA_H_

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/result.h"

namespace lunar {

// A kernel's version as far as the tree depends on it.
struct KernelVersion {
  int major = 0;
  int minor = 0;
  auto operator<=>(const KernelVersion&) const = default;
};

enum class ValueType {
  kBool,    // 0 or 1
  kInt,     // decimal, within min..max
  kEnum,    // one of `values`
  kList,    // comma-separated, each one of `values`
  kYesNo,   // Yes or No, in this case
  kIndex,   // written as the index into `values`, read as the text there
  kString,  // one line of at most max_length bytes
  kText,    // anything; several lines
};

// One file of the tree.
struct AttributeSpec {
  std::string name;
  ValueType type = ValueType::kString;
  int64_t min = 0;                  // kInt
  int64_t max = 0;                  // kInt
  std::vector<std::string> values;  // kEnum, kList, kIndex; kInt: allowed besides the range
  size_t max_length = 0;            // kString; 0: no limit known
  unsigned mode = 0644;             // permission bits
  // What a new node reads, without prefix and newline; not given where that depends on the device.
  std::optional<std::string> default_value;
  std::string prefix;                  // what the kernel puts before the value when it is read
  bool newline = true;                 // whether the kernel ends the value with a newline
  bool secret = false;                 // a password: never to be shown, logged or put in an error
  std::string doc;                     // one line
  std::optional<KernelVersion> since;  // the first kernel that has it
  std::optional<KernelVersion> until;  // the last kernel that has it

  bool readable() const { return (mode & 0400) != 0; }
  bool writable() const { return (mode & 0200) != 0; }
  bool present(const KernelVersion& kernel) const;

  // Whether every allowed value is a number (bool, int, index, and enums of numbers).
  bool numeric() const;

  // The values that would be allowed, for people: "0, 1", "512 to 16777215", "Yes, No",
  // "any text up to 255 bytes".
  std::string allowed() const;

  // The values worth offering at TAB; empty where there are too many.
  std::vector<std::string> candidates() const;

  // Whether `value` fits type and range. The error's text is `'VALUE' is not allowed for NAME`,
  // its hint `allowed: ...`.
  Status validate(std::string_view value) const;

  // Whether a number is one, whatever its size; other types always pass. The kernel has the last
  // word, so this is all that is asked before a write.
  Status validate_type(std::string_view value) const;
};

struct NodeSpec;

// What mkdir in a directory makes: names that fit `pattern` become nodes of kind `kind`.
// A pattern is literal text that may end with {number} or {text}.
struct ChildSpec {
  std::string pattern;
  std::string kind;
  int64_t max = -1;  // the largest {number}; -1: no limit
};

// A node that is there from the start, such as default_tg_pt_gp.
struct BornSpec {
  std::string name;
  std::string kind;
};

// A directory: what it holds from its birth and what can be made in it.
struct DirSpec {
  std::string name;  // empty for a node's own directory
  std::string doc;
  std::vector<AttributeSpec> attributes;
  std::vector<DirSpec> dirs;        // default groups, made with the node
  std::vector<ChildSpec> children;  // what mkdir can make here
  std::vector<BornSpec> born;       // nodes that come with it
  std::vector<std::string> links;   // kinds of node that a symlink made here may point to
  size_t max_links = 0;             // how many links it may hold; 0: as many as one likes
  bool links_same_tpg = false;      // the link must stay within its own target portal group

  const AttributeSpec* attribute(std::string_view name) const;
  const DirSpec* dir(std::string_view name) const;
};

// A kind of node: what one mkdir makes.
struct NodeSpec {
  std::string kind;     // "iscsi-tpg"
  std::string path;     // for people: "iscsi/<wwn>/tpgt_<tag>"
  std::string extends;  // the kind whose content it has taken over, if any
  DirSpec dir;
  std::vector<AttributeSpec> controls;  // what its file `control` understands
};

// Where a path leads: the kind of node it lies in, and the directory and file there.
struct SchemaMatch {
  const NodeSpec* node = nullptr;
  const DirSpec* dir = nullptr;
  const AttributeSpec* attribute = nullptr;  // null when the path names a directory
};

class Schema {
 public:
  // The one built into the library.
  static const Schema& builtin();

  // From JSON texts, keyed by file name; for tests.
  static Result<Schema> parse(const std::map<std::string, std::string>& files);

  // Looks a path up ("iscsi/iqn.x:y/tpgt_1/attrib/authentication"); nullopt when unknown.
  // The fabric's directory is called "iscsi" here, whatever its name in the live tree.
  std::optional<SchemaMatch> find(std::string_view path) const;

  // The attribute at a path, or null.
  const AttributeSpec* attribute(std::string_view path) const;

  // By kind and group directory: ("iscsi-tpg", "attrib", "authentication").
  const AttributeSpec* attribute(std::string_view kind, std::string_view dir,
                                 std::string_view name) const;

  const NodeSpec* node(std::string_view kind) const;
  const NodeSpec& root() const;
  std::vector<const NodeSpec*> nodes() const;

 private:
  std::map<std::string, NodeSpec, std::less<>> nodes_;
};

// True when `name` fits a pattern of ChildSpec.
bool pattern_matches(const ChildSpec& child, std::string_view name);

}  // namespace lunar

#endif  // LUNAR_SCHEMA_H_
