// SPDX-License-Identifier: GPL-2.0-or-later
// From JSON into the tree: targets and what is below them. The order is rtslib's: attributes,
// parameters, LUNs, portals, ACLs, enable, and the group's own credentials last.
#include <cerrno>

#include "config_restore.h"
#include "json_view.h"
#include "string_util.h"

namespace lunar {
namespace {

constexpr const char* kChapKeys[] = {"chap_userid", "chap_password", "chap_mutual_userid",
                                     "chap_mutual_password"};

// Sets the credentials that are there and not empty; `failed` gets the key of each that could not
// be.
template <typename Failed>
void set_credentials(const Group& auth, const Json& from, const Failed& failed) {
  for (const char* key : kChapKeys) {
    const Json& value = member(from, key);
    if (truth(value) && !auth.set(std::string(key).substr(5), plain(value))) failed(key);
  }
}

// "/backstores/fileio/disk1" -> "fileio/disk1", in the shell's names; "" when it has another form.
std::string object_key(const Json& lun) {
  const std::string path = string_member(lun, "storage_object").value_or("");
  const std::vector<std::string_view> parts = split(path, '/');
  if (parts.size() != 4) return "";
  const std::optional<Plugin> plugin = plugin_from_name(parts[2]);
  const std::string name = plugin ? plugin_name(*plugin) : std::string(parts[2]);
  return name + "/" + std::string(parts[3]);
}

}  // namespace

void Restorer::targets(const Json& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    const std::optional<std::string> wwn = string_member(list[i], "wwn");
    if (!wwn) {
      fail("'wwn' not defined in target " + std::to_string(i));
    } else if (all() || *wwn == options_.target) {
      target(list[i], *wwn);
      if (!options_.target.empty()) return;
    }
  }
}

void Restorer::target(const Json& from, const std::string& wwn) {
  const std::optional<std::string> fabric = string_member(from, "fabric");
  if (!fabric) {
    fail("target " + wwn + " missing 'fabric' field");
    return;
  }
  if (*fabric != root_.fabric().name() && *fabric != "iscsi") {
    not_ours("Unknown fabric '" + *fabric + "'");
    return;
  }
  if (root_.fabric().find_target(wwn).value_or(std::nullopt)) {
    conflict("target with wwn " + wwn + " exist, not restoring");
    return;
  }
  const Result<Target> made = root_.create_target(wwn);
  if (!made) {
    fail("Could not create Target object: " + made.error().brief());
    return;
  }
  ++report_.targets;
  for (const Json& group : list_member(from, "tpgs")) tpg(*made, group);
  for (const auto& [name, value] : object_member(from, "parameters").items()) {
    if (made->parameters().get(name).value_or("") == plain(value)) continue;
    const Status done = made->parameters().set_raw(name, plain(value));
    if (!done) fail(done.error().brief());
  }
}

void Restorer::tpg(const Target& target, const Json& from) {
  const std::optional<int64_t> tag = integer_member(from, "tag");
  const std::optional<int> wanted = tag ? std::optional<int>(to_int(*tag)) : std::nullopt;
  const Result<Tpg> made = target.create_tpg(wanted);
  if (!made) {
    fail("Could not create TPG " + (tag ? std::to_string(*tag) : std::string()) + " of target " +
         target.wwn() + ": " + made.error().brief());
    return;
  }
  const Fail failed = [this](const std::string& text) { fail(text); };
  set_all(made->attributes(), object_member(from, "attributes"), failed);
  set_all(made->parameters(), object_member(from, "parameters"), failed);
  for (const Json& item : list_member(from, "luns")) lun(*made, item);
  for (const Json& item : list_member(from, "portals")) portal(*made, item);
  for (const Json& item : list_member(from, "node_acls")) acl(*made, item);
  const Status enabled = made->set_enabled(truth_member(from, "enable", true));
  if (!enabled) fail(enabled.error().brief());
  set_credentials(made->auth(), from, [&](const char* key) {
    fail("Could not set tpg " + std::to_string(made->tag()) + " attribute '" + key + "'");
  });
}

void Restorer::lun(const Tpg& tpg, const Json& from) {
  const std::optional<int64_t> index = integer_member(from, "index");
  if (!index) {
    fail("'index' missing from a LUN in TPG " + std::to_string(tpg.tag()));
    return;
  }
  const std::string number = std::to_string(*index);
  const std::string key = object_key(from);
  if (key.empty()) {
    fail("Malformed storage object field for LUN " + number);
    return;
  }
  const auto object = objects_.find(key);
  if (object == objects_.end()) {
    fail("Could not find matching StorageObject for LUN " + number);
    return;
  }
  const Result<Lun> made =
      tpg.create_lun(object->second, to_int(*index), string_member(from, "alias").value_or(""));
  if (!made) {
    fail("Creating TPG " + std::to_string(tpg.tag()) + " LUN index " + number + " failed");
    return;
  }
  const std::string group = string_member(from, "alua_tg_pt_gp_name").value_or("");
  if (group.empty() || group == "default_tg_pt_gp") return;
  if (!made->set_alua_group(group)) {
    fail("Could not set alua_tg_pt_gp_name '" + group + "' of LUN " + number);
  }
}

void Restorer::portal(const Tpg& tpg, const Json& from) {
  const std::optional<std::string> address = string_member(from, "ip_address");
  const std::optional<int64_t> port = integer_member(from, "port");
  if (!address || !port) {
    fail(std::string(address ? "'port'" : "'ip_address'") + " field missing from a portal in TPG " +
         std::to_string(tpg.tag()));
    return;
  }
  const Result<Portal> made = tpg.create_portal(*address, to_int(*port));
  Status done = made ? Status() : Status(made.error());
  if (made && truth_member(from, "iser", false)) done = made->set_iser(true);
  if (made && done && truth_member(from, "offload", false)) done = made->set_offload(true);
  if (done) return;
  fail("Creating NetworkPortal object " + *address + ":" + std::to_string(*port) +
       " failed: " + done.error().brief());
}

void Restorer::acl(const Tpg& tpg, const Json& from) {
  const std::optional<std::string> wwn = string_member(from, "node_wwn");
  if (!wwn) {
    fail("'node_wwn' missing in node_acl");
    return;
  }
  const Result<NodeAcl> made = tpg.create_acl(*wwn);
  if (!made) {
    fail("Error when creating NodeACL for " + *wwn + ": " + made.error().brief());
    return;
  }
  set_all(made->attributes(), object_member(from, "attributes"),
          [this](const std::string& text) { fail(text); });
  for (const Json& item : list_member(from, "mapped_luns")) mapped_lun(*made, item);
  const auto failed = [&](const char* key) {
    fail("Could not set nodeacl " + *wwn + " attribute '" + key + "'");
  };
  const std::string tag = string_member(from, "tag").value_or("");
  if (!tag.empty() && !made->set_tag(tag)) failed("tag");
  set_credentials(made->auth(), from, failed);
}

void Restorer::mapped_lun(const NodeAcl& acl, const Json& from) {
  const std::optional<int64_t> lun = integer_member(from, "tpg_lun");
  const std::optional<int64_t> index = integer_member(from, "index");
  if (!lun || !index) {
    fail(std::string(lun ? "'index'" : "'tpg_lun'") + " not in a mapped_lun");
    return;
  }
  if (!Lun(&acl.context(), acl.tpg_path(), to_int(*lun)).exists()) {
    fail("Could not find matching TPG LUN " + std::to_string(*lun) + " for MappedLUN " +
         std::to_string(*index));
    return;
  }
  const Result<MappedLun> made = acl.create_mapped_lun(to_int(*index), to_int(*lun),
                                                       truth_member(from, "write_protect", false),
                                                       string_member(from, "alias").value_or(""));
  if (!made) fail("Creating MappedLUN object " + std::to_string(*index) + " failed");
}

}  // namespace lunar
