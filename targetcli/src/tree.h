// SPDX-License-Identifier: GPL-2.0-or-later
// The shell's tree: what stands at which path, with which children and which text in brackets.
//
// Nothing is cached: a node is a path and a handle of the library, made when somebody walks to it.
// So nothing goes stale when configfs changes elsewhere, and a command costs what it looks at.
#ifndef LUNAR_TARGETCLI_TREE_H_
#define LUNAR_TARGETCLI_TREE_H_

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "error.h"
#include "lunar/lunar.h"
#include "printer.h"

namespace lunar::cli {

/** Kinds of node; bits, so that a command's row can name several. */
enum class Kind : unsigned {
  kRoot = 1u << 0,
  kBackstores = 1u << 1,
  kBlockType = 1u << 2,
  kFileioType = 1u << 3,
  kRamdiskType = 1u << 4,
  kPscsiType = 1u << 5,
  kOtherType = 1u << 6, /**< user:HANDLER and types this shell does not know */
  kStorageObject = 1u << 7,
  kAluaGroups = 1u << 8,
  kAluaGroup = 1u << 9,
  kFabric = 1u << 10,      /**< iscsi */
  kOtherFabric = 1u << 11, /**< fabrics that are listed only */
  kOtherTarget = 1u << 12,
  kTarget = 1u << 13,
  kTpg = 1u << 14,
  kAcls = 1u << 15,
  kAcl = 1u << 16, /**< one ACL, or all ACLs with one tag */
  kMappedLun = 1u << 17,
  kLuns = 1u << 18,
  kLun = 1u << 19,
  kPortals = 1u << 20,
  kPortal = 1u << 21,
};

constexpr unsigned operator|(Kind a, Kind b) {
  return static_cast<unsigned>(a) | static_cast<unsigned>(b);
}
constexpr unsigned operator|(unsigned a, Kind b) { return a | static_cast<unsigned>(b); }
constexpr unsigned kAnyKind = ~0u;

struct UiNode;
using NodePtr = std::shared_ptr<const UiNode>;

struct UiNode {
  using Object = std::variant<std::monostate, StorageObject, AluaGroup, Target, Tpg,
                              std::vector<NodeAcl>, MappedLun, Lun, Portal>;
  Kind kind;
  std::string name;
  NodePtr parent; /**< null at the root */
  Object object;

  std::string path() const;
  int level() const; /**< number of names in the path */

  /** The handle that goes with the kind; asking for another one is a bug. */
  template <typename T>
  const T& as() const {
    return std::get<T>(object);
  }
  /** The nearest node upwards, itself included, of this kind. */
  const UiNode& above(Kind wanted) const;
  const Tpg& tpg() const { return above(Kind::kTpg).as<Tpg>(); }
  const std::vector<NodeAcl>& acls() const { return above(Kind::kAcl).as<std::vector<NodeAcl>>(); }
};

class Tree {
 public:
  explicit Tree(Root& root);

  Root& root() const { return root_; }
  NodePtr top() const { return top_; }

  /** Sorted as listings are. Throws CommandError when the tree cannot be read. */
  std::vector<NodePtr> children(const NodePtr& node) const;
  /** Null when there is none of that name. */
  NodePtr child(const NodePtr& node, std::string_view name) const;
  /** Never throws: what cannot be read says so in the brackets. */
  Summary summary(const NodePtr& node) const;

  /**
   * Walks a path: absolute, or relative to `from`; "." and "..", repeated and trailing slashes are
   * understood. Throws CommandError `No such path P` with the first part that is missing.
   */
  NodePtr walk(NodePtr from, std::string_view path) const;

  /** The storage object at a path of this tree, absolute or relative to `from`; null if none. */
  NodePtr find_storage_object(const NodePtr& from, const std::string& path) const;

  /** Other fabrics that are always listed. */
  static const std::vector<std::string>& other_fabrics();

 private:
  CommandError no_such_path(const NodePtr& from, const std::string& name) const;

  Root& root_;
  NodePtr top_;
};

/** All ACLs of a TPG that have this name or this tag. */
std::vector<NodeAcl> find_acls(const Tpg& tpg, std::string_view name_or_tag);

/** An attribute that is a number; `fallback` when it is not there. */
long number_of(const Group& group, std::string_view name, long fallback);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_TREE_H_
