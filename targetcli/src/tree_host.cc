// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree_host.h"

namespace lunar::cli {
namespace {

class ConfinedHost final : public SystemHost {
 public:
  Status load_module(const std::string& name) override {
    return make_error("Module " + name + " is not loaded for a tree below --root");
  }
  Status mount_configfs() override {
    return make_error("configfs is not mounted for a tree below --root");
  }
};

}  // namespace

std::unique_ptr<Host> make_host(bool confined) {
  if (confined) return std::make_unique<ConfinedHost>();
  return std::make_unique<SystemHost>();
}

}  // namespace lunar::cli
