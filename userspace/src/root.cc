// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/root.h"

#include <algorithm>
#include <cerrno>

#include "credentials.h"
#include "hba_table.h"
#include "listing.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kCoreModule = "target_core_mod";
constexpr const char* kDiscoveryDir = "discovery_auth";
constexpr const char* kVersionFiles[] = {"lio_version", "version"};

std::string shell_plugin(const std::string& prefix) {
  const std::optional<Plugin> plugin = plugin_from_name(prefix);
  return plugin ? plugin_name(*plugin) : prefix;
}

}  // namespace

Fabric::Fabric(const Context* context) : Node(context, context->fabric) {}

Result<std::optional<std::string>> Fabric::version() const {
  for (const char* file : kVersionFiles) {
    Result<std::string> text = read(file);
    if (!text && text.error().err != ENOENT) return text.error();
    if (text) return std::optional<std::string>(*std::move(text));
  }
  return std::optional<std::string>();
}

Result<std::vector<Target>> Fabric::targets() const {
  LUNAR_TRY_ASSIGN(names, list_directories(fs(), path_));
  std::vector<Target> out;
  for (const std::string& name : names) {
    if (name != kDiscoveryDir) out.emplace_back(context_, name);
  }
  return out;
}

Result<std::optional<Target>> Fabric::find_target(std::string_view wwn) const {
  const Result<Wwn> name = normalize_wwn(wwn);
  Target target(context_, name ? name->name : std::string(wwn));
  const bool plain =
      !wwn.empty() && wwn != kDiscoveryDir && wwn.find('/') == std::string_view::npos;
  if (!plain || !target.exists()) return std::optional<Target>();
  return std::optional<Target>(std::move(target));
}

Result<ChapCredentials> Fabric::discovery_credentials() const {
  return read_credentials(discovery_auth());
}

Result<bool> Fabric::discovery_enabled() const {
  const Result<std::string> text = read("discovery_auth/enforce_discovery_auth");
  if (!text && text.error().err == ENOENT) return false;
  if (!text) return text.error();
  return *text != "0";
}

Status Fabric::clear_discovery_auth() const {
  const Group group = discovery_auth();
  for (const char* name : {"mutual_password", "mutual_userid", "password", "userid"}) {
    LUNAR_TRY(group.set(name, ""));
  }
  return group.set("enable", "0");
}

Result<std::string> Fabric::cpus_allowed_list() const { return read("cpus_allowed_list"); }

Status Fabric::set_cpus_allowed_list(std::string_view list) const {
  return write("cpus_allowed_list", list);
}

Root::Root(Fs& fs, Host& host, RootOptions options, const Schema& schema)
    : context_{&fs, &host, &schema, options.fabric}, options_(std::move(options)) {}

Root::~Root() = default;

Status Root::ensure_core() {
  if (!fs().exists("core")) {
    LUNAR_TRY(host().mount_configfs());
    if (!fs().exists("core")) LUNAR_TRY(host().load_module(kCoreModule));
    if (!fs().exists("core")) {
      return make_error("No target engine at " + fs().root(), ENOENT,
                        std::string("is the module ") + kCoreModule + " there?");
    }
  }
  if (options_.dbroot.empty()) return {};
  const Result<std::string> now = fs().read("dbroot");
  if (!now || strip(*now) == options_.dbroot) return {};
  const Status set = fs().write("dbroot", options_.dbroot + "\n");
  if (set || host().is_directory(options_.dbroot)) return {};
  return make_error("Cannot set dbroot to " + options_.dbroot +
                    ". Please check if this directory exists.");
}

Status Root::ensure_fabric() {
  if (fabric().exists()) return {};
  LUNAR_TRY(ensure_core());
  const Status made = fs().mkdir(context_.fabric);
  if (made || made.error().err == EEXIST) return {};
  LUNAR_TRY(host().load_module(options_.fabric_module));
  const Status again = fs().mkdir(context_.fabric);
  if (again || again.error().err == EEXIST) return {};
  return make_error("Could not create FabricModule " + context_.fabric + " in configFS",
                    again.error().err, "is the module " + options_.fabric_module + " loaded?");
}

Result<std::vector<StorageObject>> Root::storage_objects() const {
  LUNAR_TRY_ASSIGN(entries, scan_core(fs()));
  std::vector<StorageObject> out;
  for (const HbaEntry& entry : entries) {
    if (entry.name.empty()) continue;
    out.emplace_back(&context_, "core/" + entry.hba + "/" + entry.name, shell_plugin(entry.prefix),
                     entry.name);
  }
  return out;
}

Result<std::vector<StorageObject>> Root::storage_objects(std::string_view plugin) const {
  const std::string wanted = shell_plugin(std::string(plugin));
  LUNAR_TRY_ASSIGN(all, storage_objects());
  std::erase_if(all, [&](const StorageObject& object) { return object.plugin() != wanted; });
  std::sort(all.begin(), all.end(),
            [](const StorageObject& a, const StorageObject& b) { return a.name() < b.name(); });
  return all;
}

Result<std::optional<StorageObject>> Root::find_storage_object(std::string_view plugin,
                                                               std::string_view name) const {
  const std::string wanted = shell_plugin(std::string(plugin));
  LUNAR_TRY_ASSIGN(all, storage_objects());
  for (StorageObject& object : all) {
    if (object.plugin() == wanted && object.name() == name) {
      return std::optional<StorageObject>(std::move(object));
    }
  }
  return std::optional<StorageObject>();
}

Result<Target> Root::create_target(std::optional<std::string> wwn) {
  std::string name = wwn ? *wwn : generate_wwn(WwnType::kIqn, host());
  if (name.starts_with("naa.6")) name[4] = '5';
  LUNAR_TRY_ASSIGN(normal, normalize_wwn(name));
  LUNAR_TRY(ensure_fabric());
  Target target(&context_, normal.name);
  LUNAR_TRY(target.create_directory("Target"));
  return target;
}

Result<std::vector<Root::SessionRef>> Root::sessions() const {
  std::vector<SessionRef> out;
  LUNAR_TRY_ASSIGN(targets, fabric().targets());
  for (const Target& target : targets) {
    LUNAR_TRY_ASSIGN(tpgs, target.tpgs());
    for (const Tpg& tpg : tpgs) {
      LUNAR_TRY_ASSIGN(acls, tpg.acls());
      for (const NodeAcl& acl : acls) {
        LUNAR_TRY_ASSIGN(session, acl.session());
        if (session) out.push_back({*std::move(session), acl});
      }
    }
  }
  return out;
}

Status Root::clear() {
  LUNAR_TRY_ASSIGN(targets, fabric().targets());
  for (const Target& target : targets) LUNAR_TRY(target.remove());
  if (fabric().exists()) LUNAR_TRY(fabric().clear_discovery_auth());
  LUNAR_TRY_ASSIGN(objects, storage_objects());
  for (const StorageObject& object : objects) LUNAR_TRY(object.remove());
  LUNAR_TRY_ASSIGN(left, scan_core(fs()));
  for (const HbaEntry& entry : left) LUNAR_TRY(fs().rmdir("core/" + entry.hba));
  return {};
}

// What an earlier call left in the table may be gone from the tree by now.
Root::Batch::Batch(Root& root) : root_(root) {
  root_.batch_ = true;
  root_.table_.reset();
}

Root::Batch::~Batch() {
  root_.batch_ = false;
  root_.table_.reset();
}

Result<Root::HbaTable*> Root::hba_table() {
  if (!batch_ || !table_) {
    LUNAR_TRY_ASSIGN(table, HbaTable::read(fs()));
    table_ = std::make_unique<HbaTable>(std::move(table));
  }
  return table_.get();
}

}  // namespace lunar
