// SPDX-License-Identifier: GPL-2.0-or-later
// The handlers and completers that the command table names. A handler throws CommandError and then
// has left nothing half made; what it prints, it prints after the work is done.
#ifndef LUNAR_TARGETCLI_HANDLERS_H_
#define LUNAR_TARGETCLI_HANDLERS_H_

#include <string>
#include <vector>

namespace lunar::cli {

struct Call;
struct Query;

/* generic.cc: every node */
void do_ls(Call& call);
void do_cd(Call& call);
void do_pwd(Call& call);
void do_help(Call& call);
void do_exit(Call& call);
void do_refresh(Call& call);
void do_status(Call& call);
void do_bookmarks(Call& call);

/* do_root.cc */
void do_saveconfig(Call& call);
void do_restoreconfig(Call& call);
void do_clearconfig(Call& call);
void do_version(Call& call);
void do_sessions(Call& call);

/* do_backstore.cc */
void do_create_block(Call& call);
void do_create_fileio(Call& call);
void do_create_ramdisk(Call& call);
void do_create_pscsi(Call& call);
void do_delete_object(Call& call);
void do_object_version(Call& call);
void do_object_saveconfig(Call& call);
void do_create_alua(Call& call);
void do_delete_alua(Call& call);

/* do_target.cc: fabric, target, TPG */
void do_create_target(Call& call);
void do_delete_target(Call& call);
void do_fabric_version(Call& call);
void do_create_tpg(Call& call);
void do_delete_tpg(Call& call);
void do_enable(Call& call);
void do_disable(Call& call);

/* do_acl.cc: ACLs and mapped LUNs */
void do_create_acl(Call& call);
void do_delete_acl(Call& call);
void do_tag(Call& call);
void do_untag(Call& call);
void do_create_mapped_lun(Call& call);
void do_delete_mapped_lun(Call& call);

/* do_lun.cc: LUNs */
void do_create_lun(Call& call);
void do_delete_lun(Call& call);

/* do_portal.cc */
void do_create_portal(Call& call);
void do_delete_portal(Call& call);
void do_enable_iser(Call& call);
void do_enable_offload(Call& call);

/* info.cc */
void do_info(Call& call);

/* completers.cc: candidates for one parameter each */
std::vector<std::string> complete_node_path(const Query& query);
std::vector<std::string> complete_cd_path(const Query& query);
std::vector<std::string> complete_depth(const Query& query);
std::vector<std::string> complete_topic(const Query& query);
std::vector<std::string> complete_bookmark_action(const Query& query);
std::vector<std::string> complete_bookmark(const Query& query);
std::vector<std::string> complete_child(const Query& query);
std::vector<std::string> complete_child_number(const Query& query);
std::vector<std::string> complete_acl_wwn(const Query& query);
std::vector<std::string> complete_acl_name(const Query& query);
std::vector<std::string> complete_bool(const Query& query);
std::vector<std::string> complete_file(const Query& query);
std::vector<std::string> complete_save_file(const Query& query);
std::vector<std::string> complete_device(const Query& query);
std::vector<std::string> complete_file_or_device(const Query& query);
std::vector<std::string> complete_storage_object(const Query& query);
std::vector<std::string> complete_lun_or_object(const Query& query);
std::vector<std::string> complete_local_address(const Query& query);
std::vector<std::string> complete_portal_address(const Query& query);
std::vector<std::string> complete_portal_port(const Query& query);
std::vector<std::string> complete_session_action(const Query& query);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_HANDLERS_H_
