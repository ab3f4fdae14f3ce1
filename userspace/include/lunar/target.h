// SPDX-License-Identifier: GPL-2.0-or-later
// Targets, portal groups, LUNs, ACLs, mapped LUNs, portals and sessions below the fabric.
//
// create_* makes an object or nothing: when a later step fails, what was made is taken back and the
// error of that step is returned. remove() takes an object's dependents first, in the order that
// the kernel needs.
#ifndef LUNAR_TARGET_H_
#define LUNAR_TARGET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/backstore.h"
#include "lunar/node.h"
#include "lunar/result.h"

namespace lunar {

constexpr int kMaxTpgLun = 65535;
constexpr int kMaxMappedLun = 65535;
constexpr int kDefaultPort = 3260;

class MappedLun;

class Lun : public Node {
 public:
  Lun(const Context* context, std::string tpg_path, int index);

  int index() const { return index_; }
  const std::string& tpg_path() const { return tpg_path_; }

  // The name of the link to the storage object.
  // Text: `Broken LUN in configFS, no storage object`.
  Result<std::string> alias() const;
  Result<StorageObject> storage_object() const;

  // The ALUA group's name; nullopt where the backstore has none.
  Result<std::optional<std::string>> alua_group() const;
  Status set_alua_group(std::string_view name) const;

  // Of all ACLs, those that show this LUN.
  Result<std::vector<MappedLun>> mapped_luns() const;

  Status remove() const;  // mapped LUNs that use it first

 private:
  std::string tpg_path_;
  int index_;
};

class MappedLun : public Node {
 public:
  MappedLun(const Context* context, std::string acl_path, int index);

  int index() const { return index_; }
  std::string initiator() const;  // the name of its ACL
  Result<std::string> alias() const;
  // Number of the TPG's LUN it maps. Text: `Broken MappedLUN, no TPG LUN found`.
  Result<int> tpg_lun() const;
  // That LUN itself.
  Result<Lun> lun() const;
  Result<bool> write_protect() const;
  Status set_write_protect(bool on) const;
  Status remove() const;

 private:
  int index_;
};

struct Connection {
  int cid = 0;
  std::string state;      // "LOGGED_IN"
  std::string address;    // "127.0.0.1"
  std::string transport;  // "TCP"
};

// A session as an ACL's file `info` tells it.
struct Session {
  int64_t id = 0;
  std::string alias;  // "(none)" when the initiator sent none
  std::string type;   // "Normal", "Discovery"
  std::string state;  // "LOGGED_IN"
  std::string initiator;
  std::vector<Connection> connections;
};

// Parses `info`; nullopt when it says that there is no session. Lines that it does not know are
// passed over; an Error (`parse`) for text that names a session and is not understood.
Result<std::optional<Session>> parse_session_info(std::string_view info);

class NodeAcl : public Node {
 public:
  NodeAcl(const Context* context, std::string tpg_path, std::string wwn);

  const std::string& wwn() const { return wwn_; }
  const std::string& tpg_path() const { return tpg_path_; }

  Group auth() const { return Group(context_, Group::Kind::kAuth, path_ + "/auth"); }
  Result<ChapCredentials> credentials() const;
  // True when mutual credentials are set (the kernel's authenticate_target).
  Result<bool> authenticate_target() const;

  Result<std::string> tag() const;             // "" when unset
  Status set_tag(std::string_view tag) const;  // "" unsets

  Result<std::vector<MappedLun>> mapped_luns() const;  // in the order of the directory
  Result<std::optional<MappedLun>> find_mapped_lun(int index) const;

  // Texts: `Mapped LUN must be 0 to N`, `LUN N does not exist in this TPG`,
  // `This MappedLUN already exists in configFS`. An empty alias has one generated.
  Result<MappedLun> create_mapped_lun(int index, int tpg_lun, bool write_protect = false,
                                      const std::string& alias = {}) const;

  // The lowest number without a mapped LUN.
  Result<int> free_mapped_lun() const;

  Result<std::optional<Session>> session() const;

  Status remove() const;  // mapped LUNs first

 private:
  std::string tpg_path_;
  std::string wwn_;
};

class Portal : public Node {
 public:
  Portal(const Context* context, std::string tpg_path, std::string address, int port);

  const std::string& address() const { return address_; }  // v6 with its brackets
  int port() const { return port_; }

  Result<bool> iser() const;          // false where the kernel has no such file
  Result<bool> offload() const;       // cxgbit
  Status set_iser(bool on) const;     // Text: `Cannot change iser`
  Status set_offload(bool on) const;  // Text: `Cannot change offload`

  Status remove() const;

 private:
  std::string address_;
  int port_;
};

class Tpg : public Node {
 public:
  Tpg(const Context* context, std::string target_path, int tag);

  int tag() const { return tag_; }

  Result<bool> enabled() const;
  // Text: `Cannot change enable state`.
  Status set_enabled(bool on) const;

  Group auth() const { return Group(context_, Group::Kind::kAuth, path_ + "/auth"); }
  Result<ChapCredentials> credentials() const;
  Result<bool> authenticate_target() const;

  Result<std::vector<Lun>> luns() const;  // in the order of the directory
  Result<std::optional<Lun>> find_lun(int index) const;
  // index not given: the lowest free one. An empty alias has one generated.
  // Texts: `LUN must be 0 to N`, `This LUN already exists in configFS`, `All LUNs 0-N in use`,
  // `storage_object does not exist in configFS`, `Invalid alias: A`.
  Result<Lun> create_lun(const StorageObject& object, std::optional<int> index = {},
                         const std::string& alias = {}) const;

  Result<std::vector<NodeAcl>> acls() const;
  Result<std::optional<NodeAcl>> find_acl(std::string_view wwn) const;
  // Text: `WWN not valid as: iqn, naa, eui`, `This NodeACL already exists in configFS`.
  Result<NodeAcl> create_acl(std::string_view wwn) const;

  Result<std::vector<Portal>> portals() const;
  Result<std::optional<Portal>> find_portal(std::string_view address, int port) const;
  // IPv6 addresses with or without brackets. Texts:
  // `This NetworkPortal already exists in configFS`, `Could not create NetworkPortal in configFS`.
  Result<Portal> create_portal(std::string_view address, int port) const;

  // Names of initiators with sessions that no ACL covers (demo mode).
  Result<std::vector<std::string>> dynamic_sessions() const;

  // Disables, then removes ACLs, LUNs, portals and itself.
  Status remove() const;

 private:
  int tag_;
};

class Target : public Node {
 public:
  Target(const Context* context, std::string wwn);

  const std::string& wwn() const { return wwn_; }

  Result<std::vector<Tpg>> tpgs() const;
  Result<std::optional<Tpg>> find_tpg(int tag) const;
  // tag not given: the lowest free one from 1. Texts: `This TPG already exists in configFS`,
  // `The TPG Tag must be >=0`.
  Result<Tpg> create_tpg(std::optional<int> tag = {}) const;

  Status remove() const;  // TPGs first

 private:
  std::string wwn_;
};

}  // namespace lunar

#endif  // LUNAR_TARGET_H_
