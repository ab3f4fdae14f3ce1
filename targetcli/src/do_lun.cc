// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of a portal group's LUNs.
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "lun_source.h"
#include "shell.h"
#include "text.h"
#include "value.h"

namespace lunar::cli {
namespace {

std::optional<int> wanted_lun(const Call& call) {
  auto text = call.arg("lun");
  if (!text) return std::nullopt;
  std::string digits = starts_with(lower(*text), "lun") ? text->substr(3) : *text;
  auto number = to_number(to_integer(digits));
  bool allowed = number && *number >= 0 && *number <= kMaxTpgLun;
  if (!allowed) throw CommandError("LUN must be 0 to " + std::to_string(kMaxTpgLun));
  return static_cast<int>(*number);
}

// An initiator sees the new LUN under the number asked for when that is free with it, otherwise
// under its lowest free number. Without a number asked for it is the lowest free one.
int mapped_number(const NodeAcl& acl, std::optional<int> wanted) {
  if (wanted && !must(acl.find_mapped_lun(*wanted))) return *wanted;
  return must(acl.free_mapped_lun());
}

std::vector<std::string> map_into_acls(const Call& call, const Lun& lun, std::optional<int> wanted,
                                       Undo& undo) {
  std::vector<std::string> said;
  for (const NodeAcl& acl : must(call.node->tpg().acls())) {
    int number = mapped_number(acl, wanted);
    MappedLun mapped = must(acl.create_mapped_lun(number, lun.index()));
    undo.add([mapped] { mapped.remove().ignore(); });
    said.push_back("Created LUN " + std::to_string(lun.index()) + "->" + std::to_string(number) +
                   " mapping in node ACL " + acl.wwn());
  }
  return said;
}

}  // namespace

void do_create_lun(Call& call) {
  bool map = call.flag("add_mapped_luns", call.shell.prefs().flag("auto_add_mapped_luns"));
  std::optional<int> wanted = wanted_lun(call);
  const Tpg& tpg = call.node->tpg();
  Undo undo;
  LunSource source(call, undo);
  StorageObject object =
      source.object(call.text("storage_object"), "storage object or path not valid");
  if (lun_of(tpg, object))
    throw CommandError("lun for storage object " + object.plugin() + "/" + object.name() +
                       " already exists");
  Lun lun = must(tpg.create_lun(object, wanted));
  undo.add([lun] { lun.remove().ignore(); });
  std::vector<std::string> mapped;
  if (map) mapped = map_into_acls(call, lun, wanted, undo);
  undo.keep();
  for (const std::string& line : source.said()) call.out.info(line);
  call.out.info("Created LUN " + std::to_string(lun.index()) + ".");
  for (const std::string& line : mapped) call.out.info(line);
  call.shell.created(call, call.node->path() + "/lun" + std::to_string(lun.index()));
}

void do_delete_lun(Call& call) {
  auto number = lun_number(call.text("lun"));
  auto lun = number ? must(call.node->tpg().find_lun(*number)) : std::nullopt;
  if (!lun) throw CommandError("Invalid LUN");
  must(lun->remove());
  call.out.info("Deleted LUN " + std::to_string(*number) + ".");
}

}  // namespace lunar::cli
