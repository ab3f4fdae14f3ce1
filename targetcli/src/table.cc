// SPDX-License-Identifier: GPL-2.0-or-later
// The command table: every command of the shell, where it runs, its parameters with their defaults
// and completers, what it may change, and what `help` says about it.
#include "command.h"
#include "groups.h"
#include "handlers.h"

namespace lunar::cli {
namespace {

constexpr unsigned bits(Kind kind) { return static_cast<unsigned>(kind); }

constexpr unsigned kTypes = Kind::kBlockType | Kind::kFileioType | Kind::kRamdiskType |
                            Kind::kPscsiType | Kind::kOtherType;
constexpr unsigned kWithInfo = Kind::kStorageObject | Kind::kAluaGroup | Kind::kFabric |
                               Kind::kTarget | Kind::kTpg | Kind::kAcl | Kind::kMappedLun |
                               Kind::kLun | Kind::kPortal;

constexpr bool kRequired = true;

#define SIZE_SYNTAX                                                                            \
  "\n\nSIZE\n====\nA number of bytes, or a number with k, m, g or t (and, if you like, i and b)\n" \
  "behind it, in any case: 512, 64M, 10GiB. The base is 1024."

}  // namespace

const std::vector<Command>& command_table() {
  static const std::vector<Command> kTable = {
      {"bookmarks", kAnyKind, Access::kRead,
       {{"action", kRequired, nullptr, complete_bookmark_action},
        {"bookmark", false, nullptr, complete_bookmark}},
       nullptr, nullptr, nullptr, do_bookmarks,
       "Remembers nodes under names.\n\n"
       "add NAME   remembers this node\n"
       "del NAME   forgets the name\n"
       "go NAME    goes to the node\n"
       "show       lists all names\n\n"
       "@NAME stands for the path wherever a path may stand. @last is the node\n"
       "that was created last."},
      {"cd", kAnyKind, Access::kRead,
       {{"path", false, nullptr, complete_cd_path}},
       nullptr, nullptr, nullptr, do_cd,
       "Goes to a node: an absolute or relative path, or a bookmark. Without a\n"
       "path, to the root. cd < goes back in the history of paths, cd > forth."},
      {"clearconfig", bits(Kind::kRoot), Access::kWrite,
       {{"confirm", false, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_clearconfig,
       "Removes all targets and storage objects from the running configuration.\n"
       "Needs confirm=True. Files and devices behind storage objects stay as\n"
       "they are; ramdisks lose their contents."},
      {"create", bits(Kind::kBlockType), Access::kWrite,
       {{"name", kRequired},
        {"dev", kRequired, nullptr, complete_device},
        {"readonly", false, nullptr, complete_bool},
        {"wwn"},
        {"exclusive", false, "True", complete_bool}},
       nullptr, nullptr, nullptr, do_create_block,
       "Creates a storage object on the block device dev. Without readonly it is\n"
       "read-only when the device is. wwn is the unit serial; without it, a\n"
       "random one is made."},
      {"create", bits(Kind::kFileioType), Access::kWrite,
       {{"name", kRequired},
        {"file_or_dev", kRequired, nullptr, complete_file_or_device},
        {"size"},
        {"write_back", false, "True", complete_bool},
        {"sparse", false, "True", complete_bool},
        {"wwn"}},
       nullptr, nullptr, nullptr, do_create_fileio,
       "Creates a storage object on a file or a block device. A file that is not\n"
       "there is made with the size given: with holes, or with sparse=false\n"
       "written with zeros. An existing file or device keeps its own size.\n"
       "write_back=false makes every write go to the medium before it is\n"
       "acknowledged." SIZE_SYNTAX},
      {"create", bits(Kind::kRamdiskType), Access::kWrite,
       {{"name", kRequired},
        {"size", kRequired},
        {"nullio", false, "False", complete_bool},
        {"wwn"}},
       nullptr, nullptr, nullptr, do_create_ramdisk,
       "Creates a storage object in memory. With nullio=true it has no memory:\n"
       "writes vanish and reads are zeros, for measuring." SIZE_SYNTAX},
      {"create", bits(Kind::kPscsiType), Access::kWrite,
       {{"name", kRequired}, {"dev", kRequired, nullptr, complete_file_or_device}},
       nullptr, nullptr, nullptr, do_create_pscsi,
       "Passes a SCSI device through, named by its path or as HOST:CHANNEL:TARGET:LUN.\n"
       "For disks, block is the better choice."},
      {"create", bits(Kind::kAluaGroups), Access::kWrite,
       {{"name", kRequired}, {"tag", kRequired}},
       nullptr, nullptr, nullptr, do_create_alua,
       "Creates an ALUA target port group of this storage object. tag is a number\n"
       "from 1 to 65535."},
      {"create", bits(Kind::kFabric), Access::kWrite,
       {{"wwn"}},
       nullptr, nullptr, nullptr, do_create_target,
       "Creates a target with one portal group. Without wwn a name is made up.\n"
       "The portal group is enabled if auto_enable_tpgt says so, and gets a portal\n"
       "on all addresses if auto_add_default_portal says so."},
      {"create", bits(Kind::kTarget), Access::kWrite,
       {{"tag"}},
       nullptr, nullptr, nullptr, do_create_tpg,
       "Creates a portal group: tag is N or tpgN; without it, the lowest free\n"
       "number from 1 is taken."},
      {"create", bits(Kind::kAcls), Access::kWrite,
       {{"wwn", kRequired}, {"add_mapped_luns", false, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_create_acl,
       "Lets the initiator of this name in. add_mapped_luns says whether it sees\n"
       "the LUNs that exist; without it, auto_add_mapped_luns does."},
      {"create", bits(Kind::kAcl), Access::kWrite,
       {{"mapped_lun", kRequired},
        {"tpg_lun_or_backstore", kRequired, nullptr, complete_lun_or_object},
        {"write_protect", false, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_create_mapped_lun,
       "Shows the initiator a LUN under the number mapped_lun. The LUN is named by\n"
       "its number (N or lunN) or by the path of a storage object, for which a LUN\n"
       "is created unless there is one, or by a file or device, for which both are\n"
       "created."},
      {"create", bits(Kind::kLuns), Access::kWrite,
       {{"storage_object", kRequired, nullptr, complete_storage_object},
        {"lun"},
        {"add_mapped_luns", false, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_create_lun,
       "Exports a storage object as a LUN. storage_object is its path, or that of a\n"
       "file or device, for which a storage object is created first. lun is N or\n"
       "lunN; without it, the lowest free number is taken. add_mapped_luns says\n"
       "whether existing ACLs see it; without it, auto_add_mapped_luns does."},
      {"create", bits(Kind::kPortals), Access::kWrite,
       {{"ip_address", false, nullptr, complete_local_address}, {"ip_port"}},
       nullptr, nullptr, nullptr, do_create_portal,
       "Listens on an address and port. Without an address, on all of them\n"
       "(::0, or 0.0.0.0 where the kernel has no IPv6). The port is 3260 unless\n"
       "given."},
      {"delete", kTypes, Access::kWrite,
       {{"name", kRequired, nullptr, complete_child}, {"save", false, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_delete_object,
       "Deletes a storage object and every LUN that exports it. The file or device\n"
       "behind it stays as it is. save=true takes it out of the saved configuration\n"
       "too."},
      {"delete", bits(Kind::kAluaGroups), Access::kWrite,
       {{"name", kRequired, nullptr, complete_child}},
       nullptr, nullptr, nullptr, do_delete_alua,
       "Deletes an ALUA target port group; its LUNs go back to the default one."},
      {"delete", bits(Kind::kFabric), Access::kWrite,
       {{"wwn", kRequired, nullptr, complete_child}},
       nullptr, nullptr, nullptr, do_delete_target,
       "Deletes a target with everything below it."},
      {"delete", bits(Kind::kTarget), Access::kWrite,
       {{"tag", kRequired, nullptr, complete_child_number}},
       nullptr, nullptr, nullptr, do_delete_tpg,
       "Deletes a portal group (N or tpgN) with everything below it."},
      {"delete", bits(Kind::kAcls), Access::kWrite,
       {{"wwn", kRequired, nullptr, complete_acl_wwn}},
       nullptr, nullptr, nullptr, do_delete_acl,
       "Deletes the ACL of an initiator."},
      {"delete", bits(Kind::kAcl), Access::kWrite,
       {{"mapped_lun", kRequired, nullptr, complete_child_number}},
       nullptr, nullptr, nullptr, do_delete_mapped_lun,
       "Takes a mapped LUN away from the initiator. mapped_lun is its number."},
      {"delete", bits(Kind::kLuns), Access::kWrite,
       {{"lun", kRequired, nullptr, complete_child_number}},
       nullptr, nullptr, nullptr, do_delete_lun,
       "Deletes a LUN (N or lunN) and the mapped LUNs that show it. The storage\n"
       "object stays."},
      {"delete", bits(Kind::kPortals), Access::kWrite,
       {{"ip_address", kRequired, nullptr, complete_portal_address},
        {"ip_port", kRequired, nullptr, complete_portal_port}},
       nullptr, nullptr, nullptr, do_delete_portal,
       "Stops listening on an address and port."},
      {"disable", bits(Kind::kTpg), Access::kWrite, {}, nullptr, nullptr, nullptr, do_disable,
       "Disables the portal group: sessions end and no one can log in."},
      {"enable", bits(Kind::kTpg), Access::kWrite, {}, nullptr, nullptr, nullptr, do_enable,
       "Enables the portal group."},
      {"enable_iser", bits(Kind::kPortal), Access::kWrite,
       {{"boolean", kRequired, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_enable_iser,
       "Turns iSCSI over RDMA on or off for this portal, where the kernel has it."},
      {"enable_offload", bits(Kind::kPortal), Access::kWrite,
       {{"boolean", kRequired, nullptr, complete_bool}},
       nullptr, nullptr, nullptr, do_enable_offload,
       "Turns hardware offload on or off for this portal, where the kernel has it."},
      {"exit", kAnyKind, Access::kRead, {}, nullptr, nullptr, nullptr, do_exit, "Ends the shell."},
      {"get", kAnyKind, Access::kRead,
       {{"group", false, nullptr, complete_group}},
       "parameter", nullptr, complete_get, do_get,
       "Shows settings: of which groups there are, of a whole group, or single ones.\n\n"
       "Example: get global auto_save_on_exit prompt_length"},
      {"help", kAnyKind, Access::kRead,
       {{"topic", false, nullptr, complete_topic}},
       nullptr, nullptr, nullptr, do_help,
       "Shows what a command does, or which commands this node has."},
      {"info", kWithInfo, Access::kRead, {}, nullptr, nullptr, nullptr, do_info,
       "Shows what this node is made of."},
      {"ls", kAnyKind, Access::kRead,
       {{"path", false, nullptr, complete_node_path}, {"depth", false, nullptr, complete_depth}},
       nullptr, nullptr, nullptr, do_ls,
       "Shows the tree from a node downwards. depth is the number of levels below\n"
       "it, 0 for all; without it, tree_max_depth counts."},
      {"pwd", kAnyKind, Access::kRead, {}, nullptr, nullptr, nullptr, do_pwd,
       "Shows the path of this node."},
      {"refresh", kAnyKind, Access::kRead, {}, nullptr, nullptr, nullptr, do_refresh,
       "Does nothing: every command looks at the tree as it is at that moment. It is\n"
       "here for scripts that call it."},
      {"restoreconfig", bits(Kind::kRoot), Access::kWrite,
       {{"savefile", false, "/etc/target/saveconfig.json", complete_file},
        {"clear_existing", false, "False", complete_bool},
        {"target"},
        {"storage_object"}},
       nullptr, nullptr, nullptr, do_restoreconfig,
       "Brings a saved configuration back. What exists already is in the way unless\n"
       "clear_existing=true removes it first. target or storage_object restores that\n"
       "one only. When a part could not be restored, the rest is, each problem is\n"
       "named, and the command fails."},
      {"saveconfig", bits(Kind::kRoot), Access::kWrite,
       {{"savefile", false, "/etc/target/saveconfig.json", complete_file},
        {"overwrite_partial", false, "False", complete_bool}},
       nullptr, nullptr, nullptr, do_saveconfig,
       "Saves the configuration for the next boot. A file that was restored only in\n"
       "part is not overwritten, because it holds what is missing now, unless\n"
       "overwrite_partial=true."},
      {"saveconfig", bits(Kind::kStorageObject), Access::kWrite,
       {{"savefile", false, nullptr, complete_file}},
       nullptr, nullptr, nullptr, do_object_saveconfig,
       "Saves this storage object and the first target that uses it into the file,\n"
       "leaving the rest of the file as it is."},
      {"sessions", bits(Kind::kRoot), Access::kRead,
       {{"action", false, "list", complete_session_action}, {"sid"}},
       nullptr, nullptr, nullptr, do_sessions,
       "Shows who is logged in: list for one line each, detail for LUNs and\n"
       "connections too. sid picks one session."},
      {"set", kAnyKind, Access::kWriteGroup,
       {{"group", false, nullptr, complete_group}},
       nullptr, "parameter", complete_set, do_set,
       "Changes settings of a group, several at once if you like. Without settings\n"
       "it shows which there are, without a group which groups there are.\n\n"
       "Example: set global auto_save_on_exit=false"},
      {"status", kAnyKind, Access::kRead, {}, nullptr, nullptr, nullptr, do_status,
       "Shows what ls shows in brackets for this node."},
      {"tag", bits(Kind::kAcls), Access::kWrite,
       {{"wwn_or_tag", kRequired, nullptr, complete_acl_name},
        {"new_tag", kRequired, nullptr, complete_acl_name}},
       nullptr, nullptr, nullptr, do_tag,
       "Gives an ACL, or all ACLs of a tag, a tag. ACLs with one tag are one node and\n"
       "are set together; who joins a tag takes its settings over."},
      {"untag", bits(Kind::kAcls), Access::kWrite,
       {{"wwn_or_tag", kRequired, nullptr, complete_acl_name}},
       nullptr, nullptr, nullptr, do_untag,
       "Takes the tag away; the ACLs keep their settings."},
      {"version", bits(Kind::kRoot), Access::kRead, {}, nullptr, nullptr, nullptr, do_version,
       "Shows the version of targetcli."},
      {"version", bits(Kind::kStorageObject), Access::kRead, {}, nullptr, nullptr, nullptr,
       do_object_version, "Shows the version of the kernel's backstore."},
      {"version", bits(Kind::kFabric), Access::kRead, {}, nullptr, nullptr, nullptr,
       do_fabric_version, "Shows the version of the kernel's fabric module."},
  };
  return kTable;
}

}  // namespace lunar::cli
