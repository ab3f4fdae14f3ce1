// SPDX-License-Identifier: GPL-2.0-or-later
// Root: the whole tree; the one object a program makes first.
//
// Reading changes nothing and loads nothing: where a directory is missing (no module, no fabric)
// the answer is empty. Writing calls load what they need (target_core_mod, the fabric's module)
// first. Works against stock LIO and against lunar.ko, which has the same tree.
#ifndef LUNAR_ROOT_H_
#define LUNAR_ROOT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/backstore.h"
#include "lunar/node.h"
#include "lunar/result.h"
#include "lunar/target.h"

namespace lunar {

struct RootOptions {
  std::string fabric = "iscsi";                    // the fabric's directory
  std::string fabric_module = "iscsi_target_mod";  // a modprobe alias leads it to lunar.ko
  std::string dbroot;  // wanted dbroot, set before the first storage object; "": left alone
};

// The iSCSI fabric: /iscsi in the shell.
class Fabric : public Node {
 public:
  explicit Fabric(const Context* context);

  const std::string& name() const { return context_->fabric; }

  // lio_version or version; nullopt when neither is there (the module is not loaded).
  Result<std::optional<std::string>> version() const;

  Result<std::vector<Target>> targets() const;
  Result<std::optional<Target>> find_target(std::string_view wwn) const;

  Group discovery_auth() const {
    return Group(context_, Group::Kind::kDiscoveryAuth, path_ + "/discovery_auth");
  }
  Result<ChapCredentials> discovery_credentials() const;
  Result<bool> discovery_enabled() const;
  // Unsets all four credentials and the switch.
  Status clear_discovery_auth() const;

  Result<std::string> cpus_allowed_list() const;
  Status set_cpus_allowed_list(std::string_view list) const;
};

class Root {
 public:
  Root(Fs& fs, Host& host, RootOptions options = {}, const Schema& schema = Schema::builtin());
  ~Root();
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  const Context& context() const { return context_; }
  const RootOptions& options() const { return options_; }
  Fs& fs() const { return *context_.fs; }
  Host& host() const { return *context_.host; }

  // Mounts configfs and loads target_core_mod where they are missing; sets dbroot if asked to.
  // Texts: `Cannot set dbroot to D. Please check if this directory exists.`; that devices are
  // registered already is no error: dbroot then stays as it is.
  Status ensure_core();
  // The fabric's directory; loads its module when mkdir alone does not do.
  Status ensure_fabric();

  Fabric fabric() const { return Fabric(&context_); }

  // All storage objects, in the order of the directory; of one plugin, sorted by name.
  Result<std::vector<StorageObject>> storage_objects() const;
  Result<std::vector<StorageObject>> storage_objects(std::string_view plugin) const;
  Result<std::optional<StorageObject>> find_storage_object(std::string_view plugin,
                                                           std::string_view name) const;

  // All or nothing. Texts: `A storage object's name cannot contain  /, newline or spaces/tabs`
  // (sic), `Storage object PLUGIN/NAME exists`, `Device D is not a TYPE_DISK block device`,
  // `Cannot configure StorageObject because device D is already in use`.
  Result<StorageObject> create_block(const BlockParams& params);
  // Texts: `Path not to a file or block device`, `Path is to a file, size needed`,
  // `Device is not a TYPE_DISK block device`, `Device D is already in use`; a comma in the path is
  // refused (the kernel splits there).
  Result<StorageObject> create_fileio(const FileioParams& params);
  Result<StorageObject> create_ramdisk(const RamdiskParams& params);
  // Texts: `Cannot find SCSI device by path, and dev parameter not in H:C:T:L format: D`,
  // `Cannot configure StorageObject because device D (SCSI H:C:T:L) is already in use`.
  Result<StorageObject> create_pscsi(const PscsiParams& params);
  Result<StorageObject> create_user(const UserParams& params);

  // What create_fileio would find at `dev`. Texts: `Path F exists but is not a file`,
  // `Attempting to create file for new fileio backstore, need a size`,
  // `storage object for F already exists: NAME`.
  Result<FileioPlan> plan_fileio(const std::string& dev, std::optional<uint64_t> size) const;

  // A storage object with default settings from a file or device path, named after it
  // ("/dev/sdb" -> "dev-sdb"). Text: `Can't create storageobject from path: P`.
  Result<StorageObject> create_from_path(const std::string& path);

  // wwn not given: one is generated. Texts: `WWN not valid as: iqn, naa, eui`,
  // `This Target already exists in configFS`. "naa.6..." becomes "naa.5...".
  Result<Target> create_target(std::optional<std::string> wwn = {});

  // The sessions of all ACLs.
  struct SessionRef {
    Session session;
    NodeAcl acl;
  };
  Result<std::vector<SessionRef>> sessions() const;

  // Removes every target, resets discovery authentication, removes every storage object and every
  // left-over HBA directory. Stops at the first failure.
  Status clear();

  // While a Batch lives, the table of HBA directories is read once and kept in step, so that making
  // N storage objects is linear in N. Not nested.
  class Batch {
   public:
    explicit Batch(Root& root);
    ~Batch();
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

   private:
    Root& root_;
  };

 private:
  struct HbaTable;
  class Maker;

  Result<HbaTable*> hba_table();

  Context context_;
  RootOptions options_;
  std::unique_ptr<HbaTable> table_;
  bool batch_ = false;
};

}  // namespace lunar

#endif  // LUNAR_ROOT_H_
