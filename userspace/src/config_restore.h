// SPDX-License-Identifier: GPL-2.0-or-later
// What the two halves of a restore share: the report being written, and the storage objects by
// name.
#ifndef LUNAR_SRC_CONFIG_RESTORE_H_
#define LUNAR_SRC_CONFIG_RESTORE_H_

#include <functional>
#include <map>
#include <string>

#include "lunar/saveconfig.h"

namespace lunar {

class Restorer {
 public:
  Restorer(Root& root, const RestoreOptions& options) : root_(root), options_(options) {}

  // Storage objects, fabric settings, targets, in this order.
  RestoreReport run(const Json& config);

 private:
  using Fail = std::function<void(const std::string&)>;

  void fail(const std::string& text);
  void conflict(const std::string& text);
  void not_ours(const std::string& text);

  // config_restore.cc
  Status index_objects();
  void storage_objects(const Json& list);
  void storage_object(const Json& from, const std::string& name);
  Result<StorageObject> create(const Json& from, Plugin plugin, const std::string& name);
  void alua_group(const StorageObject& object, const Json& from);
  void fabric(const Json& from, size_t index);
  void set_all(const Group& group, const Json& values, const Fail& failed);

  // config_restore_target.cc
  void targets(const Json& list);
  void target(const Json& from, const std::string& wwn);
  void tpg(const Target& target, const Json& from);
  void lun(const Tpg& tpg, const Json& from);
  void portal(const Tpg& tpg, const Json& from);
  void acl(const Tpg& tpg, const Json& from);
  void mapped_lun(const NodeAcl& acl, const Json& from);

  bool all() const { return options_.target.empty() && options_.storage_object.empty(); }

  Root& root_;
  const RestoreOptions& options_;
  RestoreReport report_;
  std::map<std::string, StorageObject> objects_;  // by "plugin/name", the shell's plugin names
};

}  // namespace lunar

#endif  // LUNAR_SRC_CONFIG_RESTORE_H_
