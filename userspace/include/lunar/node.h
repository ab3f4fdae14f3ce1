// SPDX-License-Identifier: GPL-2.0-or-later
// Node and Group: what all objects of the model have in common.
//
// Objects of the model are handles: a path and the identity it stands for, cheap to copy, with
// nothing cached. Every call reads or writes the tree at that moment; an object that somebody else
// removed meanwhile answers with an error. Handles must not outlive the Root that made them.
#ifndef LUNAR_NODE_H_
#define LUNAR_NODE_H_

#include <string>
#include <string_view>
#include <vector>

#include "lunar/fs.h"
#include "lunar/host.h"
#include "lunar/result.h"
#include "lunar/schema.h"

namespace lunar {

// What every handle works with; owned by Root.
struct Context {
  Fs* fs = nullptr;
  Host* host = nullptr;
  const Schema* schema = nullptr;
  std::string fabric = "iscsi";  // directory of the fabric: "iscsi", or lunar.ko's other name

  // The tree's path as the schema knows it: with "iscsi" for the fabric's directory.
  std::string schema_path(const std::string& path) const;
};

// One attribute of a group, as it is in the live tree now.
struct GroupEntry {
  std::string name;  // the shell's name: "mutual_userid", not "userid_mutual"
  bool readable = false;
  bool writable = false;
  const AttributeSpec* spec = nullptr;  // null when the schema does not know it: a free string
};

// A set of attributes that one shell group shows: the files of attrib/, param/, auth/, an ALUA
// group's or discovery_auth/.
//
// Names differ from the files' where rtslib's do: auth and discovery_auth have `mutual_userid` and
// `mutual_password` for userid_mutual and password_mutual; discovery_auth has `enable` for
// enforce_discovery_auth (reads "True"/"False", takes true/false/1/0 in any case).
class Group {
 public:
  enum class Kind { kAttribute, kParameter, kAuth, kDiscoveryAuth, kAlua };

  Group(const Context* context, Kind kind, std::string dir);

  Kind kind() const { return kind_; }

  // "attribute", "parameter", "auth", "discovery_auth", "alua".
  const char* name() const;

  // The attributes present in the tree, sorted by name. kAuth, kDiscoveryAuth and kAlua list the
  // shell's names only (no authenticate_target), kAlua with its read-only ones.
  // A group whose directory is missing is empty.
  Result<std::vector<GroupEntry>> entries() const;
  Result<GroupEntry> entry(std::string_view name) const;

  // The value without surrounding white space; credentials that are "NULL" read as "". kAlua gives
  // rtslib's numbers for alua_access_status and alua_access_type, and members as the file has them.
  // Texts: `Cannot find attribute: X`, `Cannot find RFC-3720 parameter: X`.
  Result<std::string> get(std::string_view name) const;

  // Writes a value. Its type is checked against the schema first, its range by the kernel, whose
  // refusal is explained from the schema. Credentials: at most 255 bytes, "" unsets.
  // Texts: `Cannot find attribute: X`, `Cannot find parameter: X`, `Cannot set attribute X`,
  // `Cannot set parameter X`, `'NULL' is not a permitted value`,
  // `Value longer than maximum length of 255`.
  Status set(std::string_view name, std::string_view value) const;

  // set() without the type check: what a saved file says goes to the kernel as it is.
  Status set_raw(std::string_view name, std::string_view value) const;

 private:
  std::string file(std::string_view name) const;
  const AttributeSpec* spec(std::string_view name) const;
  Status write_file(std::string_view name, std::string_view value) const;

  const Context* context_;
  Kind kind_;
  std::string dir_;
};

// Base of all handles.
class Node {
 public:
  Node(const Context* context, std::string path) : context_(context), path_(std::move(path)) {}

  // Relative to the tree's root: "iscsi/iqn.x:y/tpgt_1".
  const std::string& path() const { return path_; }
  const Context& context() const { return *context_; }
  bool exists() const;

  // attrib/ and param/ of this node; empty groups where it has none.
  Group attributes() const { return Group(context_, Group::Kind::kAttribute, path_ + "/attrib"); }
  Group parameters() const { return Group(context_, Group::Kind::kParameter, path_ + "/param"); }

  // A file of this node ("info", "wwn/vendor_id"), without surrounding white space.
  Result<std::string> read(const std::string& name) const;
  // Writes exactly `value`; a refusal is explained from the schema.
  Status write(const std::string& name, std::string_view value) const;

  // mkdir with rtslib's texts: `This TYPE already exists in configFS`,
  // `Could not create TYPE in configFS`.
  Status create_directory(const char* type) const;

  // `No such TYPE in configfs: PATH` unless the node is there.
  Status require(const char* type) const;

 protected:
  Fs& fs() const { return *context_->fs; }
  Host& host() const { return *context_->host; }

  const Context* context_;
  std::string path_;
};

// CHAP credentials of a TPG, an ACL or of discovery; "" is unset.
struct ChapCredentials {
  std::string userid;
  std::string password;
  std::string mutual_userid;
  std::string mutual_password;
};

}  // namespace lunar

#endif  // LUNAR_NODE_H_
