// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of /backstores: storage objects and their ALUA groups.
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "paths.h"
#include "shell.h"
#include "text.h"
#include "value.h"

namespace lunar::cli {
namespace {

std::string object_path(const Call& call, const std::string& name) {
  return call.node->path() + "/" + name;
}

void set_model_alias(const Call& call, const StorageObject& object) {
  if (call.shell.prefs().flag("export_backstore_name_as_model"))
    must(object.attributes().set("emulate_model_alias", "1"));
}

uint64_t wanted_size(const Call& call) { return must(parse_size(call.text("size"))); }

// What every create has in common after the object stands: the model's name, the message, @last.
void announce(Call& call, const StorageObject& object, const std::string& message) {
  Undo undo;
  undo.add([&object] { object.remove().ignore(); });
  set_model_alias(call, object);
  undo.keep();
  call.out.info(message);
  call.shell.created(call, object_path(call, object.name()));
}

void note_fileio(const Call& call, const FileioPlan& plan, const std::string& dev, bool sparse) {
  std::string size = std::to_string(plan.size);
  switch (plan.backing) {
    case FileioBacking::kBlockDevice:
      if (plan.size_ignored) call.out.info("Block device, size parameter ignored");
      call.out.info("Note: block backstore preferred for best results");
      break;
    case FileioBacking::kExistingFile:
      if (plan.size_ignored)
        call.out.info(dev + " exists, using its size (" + size + " bytes) instead");
      break;
    case FileioBacking::kNewFile:
      if (!sparse) call.out.info("Writing " + size + " bytes");
      break;
  }
}

// The shell's path of a portal group: "/iscsi/iqn.x:y/tpg1".
std::string tpg_shell_path(const Lun& lun) {
  std::string path = "/" + lun.tpg_path();
  auto at = path.rfind("/tpgt_");
  return at == std::string::npos ? path : path.replace(at, 6, "/tpg");
}

// The paths of the LUNs that export an object and of the mapped LUNs that show them.
std::vector<std::string> users_of(const StorageObject& object) {
  std::vector<std::string> paths;
  for (const Lun& lun : must(object.attached_luns())) {
    std::string tpg = tpg_shell_path(lun);
    paths.push_back(tpg + "/luns/lun" + std::to_string(lun.index()));
    for (const MappedLun& mapped : must(lun.mapped_luns()))
      paths.push_back(tpg + "/acls/" + mapped.initiator() + "/mapped_lun" +
                      std::to_string(mapped.index()));
  }
  return paths;
}

}  // namespace

void do_create_block(Call& call) {
  BlockParams params;
  params.name = call.text("name");
  params.dev = configured_path(call.text("dev"));
  if (call.arg("readonly")) params.readonly = call.flag("readonly", false);
  if (!params.readonly && !call.root().host().exists(params.dev))
    throw CommandError("Could not open " + call.text("dev"), "there is no such file");
  params.wwn = call.text("wwn");
  if (!call.flag("exclusive", true))
    throw CommandError("Not creating " + params.name +
                       "! exclusive=false is not supported: the device is always opened for the "
                       "target alone.");
  StorageObject object = must(call.root().create_block(params));
  announce(call, object,
           "Created block storage object " + params.name + " using " + call.text("dev") + ".");
}

void do_create_fileio(Call& call) {
  FileioParams params;
  params.name = call.text("name");
  params.dev = configured_path(call.text("file_or_dev"));
  if (call.arg("size")) params.size = wanted_size(call);
  params.write_back = call.flag("write_back", true);
  params.sparse = call.flag("sparse", true);
  params.wwn = call.text("wwn");
  params.create_file = true;
  FileioPlan plan = must(call.root().plan_fileio(params.dev, params.size));
  note_fileio(call, plan, params.dev, params.sparse);
  if (plan.backing == FileioBacking::kExistingFile) params.size = plan.size;
  StorageObject object = must(call.root().create_fileio(params));
  Undo undo;
  if (plan.backing == FileioBacking::kNewFile)
    undo.add([&] { call.root().host().remove_file(params.dev).ignore(); });
  announce(call, object,
           "Created fileio " + params.name + " with size " + std::to_string(must(object.size())));
  undo.keep();
}

void do_create_ramdisk(Call& call) {
  RamdiskParams params;
  params.name = call.text("name");
  params.size = wanted_size(call);
  params.nullio = call.flag("nullio", false);
  params.wwn = call.text("wwn");
  StorageObject object = must(call.root().create_ramdisk(params));
  announce(call, object,
           "Created ramdisk " + params.name + " with size " + call.text("size") + ".");
}

void do_create_pscsi(Call& call) {
  PscsiParams params{call.text("name"), expand_home(call.text("dev"))};
  if (call.root().host().block_device(params.dev))
    call.out.info("Note: block backstore recommended for SCSI block devices");
  StorageObject object = must(call.root().create_pscsi(params));
  call.out.info("Created pscsi storage object " + params.name + " using " + params.dev);
  call.shell.created(call, object_path(call, object.name()));
}

void do_delete_object(Call& call) {
  std::string name = call.text("name");
  NodePtr node = call.tree.child(call.node, name);
  if (!node) throw CommandError("No storage object named " + name + ".");
  bool save = call.flag("save", false);
  if (save) call.shell.require_saveable();
  const auto& object = node->as<StorageObject>();
  std::vector<std::string> users = call.advised() ? users_of(object) : std::vector<std::string>();
  must(object.remove());
  if (save) call.shell.save(call.out, "", false, object.shell_path());
  call.out.info("Deleted storage object " + name + ".");
  for (const std::string& path : users) call.note(path + " went with it");
}

void do_object_version(Call& call) {
  const auto& object = call.node->as<StorageObject>();
  call.out.display("Backstore plugin " + object.plugin() + " " + must(object.version()));
}

void do_object_saveconfig(Call& call) {
  const auto& object = call.node->as<StorageObject>();
  auto given = call.arg("savefile");
  std::string file = given ? expand_home(*given) : call.shell.setup().paths.save_file;
  call.shell.save(call.out, file, false, object.shell_path());
  call.out.info("Storage Object '" + object.plugin() + ":" + object.name() + "' config saved to " +
                file + ".");
}

void do_create_alua(Call& call) {
  auto tag = to_number(to_integer(call.text("tag")));
  if (!tag || *tag < 1 || *tag > 65535)
    throw CommandError("The TPG Tag must be between 1 and 65535");
  const auto& object = call.node->parent->as<StorageObject>();
  AluaGroup group = must(object.create_alua_group(call.text("name"), static_cast<int>(*tag)));
  call.out.info("Created ALUA TPG " + group.name() + ".");
  call.shell.created(call, object_path(call, group.name()));
}

void do_delete_alua(Call& call) {
  NodePtr node = call.tree.child(call.node, call.text("name"));
  if (!node) throw CommandError("Invalid ALUA group name");
  must(node->as<AluaGroup>().remove());
}

}  // namespace lunar::cli
