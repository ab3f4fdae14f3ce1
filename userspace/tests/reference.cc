// SPDX-License-Identifier: GPL-2.0-or-later
#include "testing.h"

namespace lunar {
namespace {

// The member of a list whose `key` is `value`.
const Json& where(const Json& list, const char* key, const Json& value) {
  for (const Json& item : list) {
    if (item[key] == value) return item;
  }
  static const Json nothing;
  return nothing;
}

void make_objects(Machine& machine, const Json& saved) {
  FileioParams file;
  file.name = "disk1";
  file.dev = "/srv/disk1.img";
  file.size = 104857600;
  file.wwn = where(saved["storage_objects"], "name", "disk1")["wwn"];
  const Result<StorageObject> disk = machine.root.create_fileio(file);
  ASSERT_OK(disk);
  const Result<StorageObject> ram = machine.root.create_ramdisk(
      {"ram1", 67108864, false, where(saved["storage_objects"], "name", "ram1")["wwn"]});
  ASSERT_OK(ram);
  ASSERT_OK(disk->attributes().set("emulate_model_alias", "1"));
  ASSERT_OK(ram->attributes().set("emulate_model_alias", "1"));
}

void make_acl(const Tpg& tpg, const Json& saved) {
  const Json& mapped = saved["node_acls"][0]["mapped_luns"];
  const Result<NodeAcl> acl = tpg.create_acl(kClient);
  ASSERT_OK(acl);
  for (int index : {1, 0}) {
    ASSERT_OK(acl->create_mapped_lun(index, index, false, where(mapped, "index", index)["alias"]));
  }
  ASSERT_OK(acl->auth().set("userid", "user1"));
  ASSERT_OK(acl->auth().set("password", "secret-password1"));
  ASSERT_OK(acl->auth().set("mutual_userid", "muser1"));
  ASSERT_OK(acl->auth().set("mutual_password", "secret-password2"));
}

}  // namespace

void build_reference(Machine& machine, const Json& saved) {
  make_objects(machine, saved);
  const Json& from = saved["targets"][0]["tpgs"][0];
  const Result<Target> target = machine.root.create_target(kIqn);
  ASSERT_OK(target);
  const Result<Tpg> tpg = target->create_tpg();
  ASSERT_OK(tpg);
  ASSERT_OK(tpg->set_enabled(true));
  ASSERT_OK(tpg->create_portal("0.0.0.0", 3260));
  const Result<std::vector<StorageObject>> objects = machine.root.storage_objects();
  ASSERT_OK(objects);
  ASSERT_EQ(objects->size(), 2u);
  ASSERT_OK(tpg->create_lun((*objects)[1], 0, where(from["luns"], "index", 0)["alias"]));
  ASSERT_OK(tpg->create_lun((*objects)[0], 1, where(from["luns"], "index", 1)["alias"]));
  make_acl(*tpg, from);
}

}  // namespace lunar
