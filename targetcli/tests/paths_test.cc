// SPDX-License-Identifier: GPL-2.0-or-later
#include "paths.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fixture.h"

namespace lunar::cli {
namespace {

struct Host {
  TempDir dir;
  std::string debian = dir.path() + "/etc/rtslib-fb-target";
  std::string upstream = dir.path() + "/etc/target";

  void save(const std::string& where) {
    std::filesystem::create_directories(where);
    std::ofstream(where + "/saveconfig.json") << "{}";
  }
  std::string chosen() { return default_save_file(dir.path()); }
};

TEST(DefaultSaveFile, IsUpstreamsOnANewHost) {
  Host host;
  EXPECT_EQ(host.chosen(), host.upstream + "/saveconfig.json");
}

TEST(DefaultSaveFile, StaysBesideWhatDebiansShellKeeps) {
  Host host;
  std::filesystem::create_directories(host.debian);
  EXPECT_EQ(host.chosen(), host.debian + "/saveconfig.json");
  host.save(host.upstream);
  EXPECT_EQ(host.chosen(), host.upstream + "/saveconfig.json");
  host.save(host.debian);
  EXPECT_EQ(host.chosen(), host.debian + "/saveconfig.json");
}

}  // namespace
}  // namespace lunar::cli
