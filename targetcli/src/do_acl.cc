// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of ACLs, their tags and their mapped LUNs.
#include <cstdint>

#include "advice.h"
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "lun_source.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

std::string in_configfs(const Call& call, const std::string& path) {
  return call.root().fs().root() + "/" + path;
}

void copy_group(const Group& from, const Group& to) {
  for (const GroupEntry& entry : must(from.entries()))
    if (entry.writable) must(to.set(entry.name, must(from.get(entry.name))));
}

// Takes another ACL's LUNs, credentials and settings: what joining a tag means.
void adopt(const NodeAcl& acl, const NodeAcl& model) {
  for (const MappedLun& mapped : must(acl.mapped_luns())) must(mapped.remove());
  for (const MappedLun& mapped : must(model.mapped_luns()))
    must(acl.create_mapped_lun(mapped.index(), must(mapped.tpg_lun()),
                               must(mapped.write_protect())));
  copy_group(model.auth(), acl.auth());
  copy_group(model.attributes(), acl.attributes());
}

bool contains(const std::vector<NodeAcl>& acls, const std::string& wwn) {
  for (const NodeAcl& acl : acls)
    if (acl.wwn() == wwn) return true;
  return false;
}

std::int64_t wanted_index(const Call& call, const char* refusal) {
  auto number = to_number(call.text("mapped_lun"));
  if (!number) throw CommandError(refusal);
  return *number;
}

int in_range(std::int64_t index) {
  if (index < 0 || index > kMaxMappedLun)
    throw CommandError("Mapped LUN must be 0 to " + std::to_string(kMaxMappedLun));
  return static_cast<int>(index);
}

bool wants_protection(const Call& call) {
  std::string text = call.text("write_protect");
  if (text == "1" || text == "0") return text == "1";
  return text.empty() ? false : call.flag("write_protect", false);
}

void require_free(const Call& call, int index) {
  for (const NodeAcl& acl : call.node->acls())
    if (must(acl.find_mapped_lun(index)))
      throw CommandError("This MappedLUN already exists in configFS");
}

bool is_mapped(const NodeAcl& acl, int tpg_lun) {
  for (const MappedLun& mapped : must(acl.mapped_luns()))
    if (mapped.tpg_lun().value_or(-1) == tpg_lun) return true;
  return false;
}

std::vector<std::string> map_all_luns(const Call& call, const NodeAcl& acl) {
  std::vector<std::string> said;
  for (const Lun& lun : must(call.node->tpg().luns())) {
    must(acl.create_mapped_lun(lun.index(), lun.index()));
    said.push_back("Created mapped LUN " + std::to_string(lun.index()) + ".");
  }
  return said;
}

}  // namespace

void do_create_acl(Call& call) {
  bool map = call.flag("add_mapped_luns", call.shell.prefs().flag("auto_add_mapped_luns"));
  NodeAcl acl = must(call.node->tpg().create_acl(call.text("wwn")));
  Undo undo;
  undo.add([&acl] { acl.remove().ignore(); });
  std::vector<std::string> said;
  if (map) said = map_all_luns(call, acl);
  undo.keep();
  call.out.info("Created Node ACL for " + acl.wwn());
  for (const std::string& line : said) call.out.info(line);
  if (std::string flaw = name_flaw(acl.wwn()); !flaw.empty()) call.note(flaw);
  call.shell.created(call, call.node->path() + "/" + acl.wwn());
}

void do_delete_acl(Call& call) {
  std::string typed = call.text("wwn");
  std::string wwn = must(normalize_wwn(typed)).name;
  auto acl = must(call.node->tpg().find_acl(wwn));
  if (!acl)
    throw CommandError("No such NodeACL in configfs: " +
                       in_configfs(call, call.node->tpg().path() + "/acls/" + wwn));
  must(acl->remove());
  call.out.info("Deleted Node ACL " + typed + ".");
}

void do_tag(Call& call) {
  std::string name = call.text("wwn_or_tag");
  std::string tag = call.text("new_tag");
  if (name == tag) return;
  if (tag.find('.') != std::string::npos) throw CommandError("'.' not permitted in tag names.");
  if (tag.empty() || tag.find('/') != std::string::npos)
    throw CommandError("A tag name needs at least one character and no '/'.");
  auto sources = find_acls(call.node->tpg(), name);
  if (sources.empty()) throw CommandError("wwn_or_tag " + name + " not found.");
  const NodeAcl* model = nullptr;
  auto members = find_acls(call.node->tpg(), tag);
  for (const NodeAcl& member : members)
    if (!model && !contains(sources, member.wwn())) model = &member;
  for (const NodeAcl& acl : sources) {
    if (model) adopt(acl, *model);
    must(acl.set_tag(tag));
  }
}

void do_untag(Call& call) {
  std::string name = call.text("wwn_or_tag");
  auto acls = find_acls(call.node->tpg(), name);
  for (const NodeAcl& acl : acls) must(acl.set_tag(""));
}

void do_create_mapped_lun(Call& call) {
  std::int64_t wanted = wanted_index(call, "mapped_lun must be an integer");
  bool protect = wants_protection(call);
  Undo undo;
  LunSource source(call, undo);
  Lun lun = source.lun(call.text("tpg_lun_or_backstore"));
  if (is_mapped(call.node->acls().front(), lun.index()))
    call.out.warning("Warning: TPG LUN " + std::to_string(lun.index()) +
                     " already mapped to this NodeACL");
  int index = in_range(wanted);
  require_free(call, index);
  for (const NodeAcl& acl : call.node->acls()) {
    MappedLun mapped = must(acl.create_mapped_lun(index, lun.index(), protect));
    undo.add([mapped] { mapped.remove().ignore(); });
  }
  undo.keep();
  for (const std::string& line : source.said()) call.out.info(line);
  call.out.info("Created Mapped LUN " + std::to_string(index) + ".");
  call.shell.created(call, call.node->path() + "/mapped_lun" + std::to_string(index));
}

void do_delete_mapped_lun(Call& call) {
  int index = in_range(wanted_index(call, "The mapped_lun parameter must be an integer value"));
  bool found = false;
  for (const NodeAcl& acl : call.node->acls()) {
    auto mapped = must(acl.find_mapped_lun(index));
    if (!mapped) continue;
    must(mapped->remove());
    found = true;
  }
  if (!found)
    throw CommandError(
        "No such MappedLUN in configfs: " +
        in_configfs(call, call.node->acls().front().path() + "/lun_" + std::to_string(index)));
  call.out.info("Deleted Mapped LUN " + std::to_string(index) + ".");
}

}  // namespace lunar::cli
