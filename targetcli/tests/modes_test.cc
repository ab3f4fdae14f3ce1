// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself: options, exit codes, streams. Runs it on a plain directory below --root.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "fixture.h"

namespace lunar::cli {
namespace {

struct Ran {
  std::string out;
  std::string err;
  int status;
};

class ModesTest : public testing::Test {
 protected:
  ModesTest() {
    std::filesystem::create_directories(tree() + "/core");
    std::filesystem::create_directories(dir_.path() + "/var/run");
    std::filesystem::create_directories(dir_.path() + "/etc/target");
    std::filesystem::create_directories(dir_.path() + "/root");
  }

  std::string tree() const { return dir_.path() + "/sys/kernel/config/target"; }

  Ran shell(const std::string& command) {
    std::string err_file = dir_.path() + "/stderr";
    std::string full = command + " 2>" + err_file;
    FILE* pipe = ::popen(full.c_str(), "r");
    Ran ran{};
    std::array<char, 4096> buffer{};
    while (std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
      ran.out.append(buffer.data(), n);
    ran.status = WEXITSTATUS(::pclose(pipe));
    ran.err = read_text(err_file);
    return ran;
  }

  Ran run(const std::string& arguments, const std::string& input = "") {
    return shell("printf '%b' '" + input + "' | " TARGETCLI_PROGRAM " --root " + dir_.path() + " " +
                 arguments);
  }

  TempDir dir_;
};

TEST_F(ModesTest, PrintsUsageOnStandardError) {
  for (const char* word : {"--help", "-h", "help", "help ls"}) {
    Ran ran = run(word);
    EXPECT_EQ(ran.status, 255) << word;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err.substr(0, 7), "Usage: ");
  }
  EXPECT_EQ(run("/ help ls").status, 0);
}

TEST_F(ModesTest, PrintsItsVersionOnStandardError) {
  for (const char* word : {"--version", "-v", "version"}) {
    Ran ran = run(word);
    EXPECT_EQ(ran.status, 0) << word;
    EXPECT_EQ(ran.out, "");
    std::string version = ran.err.substr(ran.err.rfind(' ') + 1);
    EXPECT_EQ(ran.err, std::string(TARGETCLI_PROGRAM) + " version " + version);
    EXPECT_GE(version, "2.1");
    EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2) << version;
  }
  EXPECT_EQ(run("/ version").out.substr(0, 18), "targetcli version ");
}

TEST_F(ModesTest, JoinsItsArguments) {
  std::string out = run("'/backstores ls'").out;
  EXPECT_NE(out.find("o- fileio"), std::string::npos);
  EXPECT_EQ(run("/backstores ls").out, out);
  EXPECT_EQ(run("/backstores 'ls'").out, out);
  EXPECT_EQ(run("/backstores").out, "");
  EXPECT_EQ(run("/backstores").status, 0);
}

TEST_F(ModesTest, FailsWithOneLine) {
  Ran ran = run("/nosuch");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "No such path /nosuch\n");
  EXPECT_EQ(run("--nosuch").status, 1);
  EXPECT_EQ(run("restoreconfig").status, 1);
  EXPECT_EQ(run("restoreconfig").err,
            "Restore file " + dir_.path() + "/etc/target/saveconfig.json not found\n");
}

TEST_F(ModesTest, RunsAScriptAndSucceedsWhateverItDid) {
  Ran ran = run("", "# comment\\ncd /iscsi\\nnosuch\\npwd\\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "Command not found nosuch\n");
  EXPECT_NE(ran.out.find("For help on commands, type 'help'.\n\n/> /> /iscsi> /iscsi> /iscsi\n"
                         "/iscsi> exit\nGlobal pref auto_save_on_exit=true\n"),
            std::string::npos)
      << ran.out;
  EXPECT_EQ(ran.out.substr(0, 24), "targetcli shell version ");
  EXPECT_NE(ran.out.find("\nPart of Lunar 0."), std::string::npos);
}

TEST_F(ModesTest, StopsAStrictScriptAtTheFirstError) {
  Ran ran = run("--strict", "nosuch\\npwd\\n");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out.find("auto_save"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(dir_.path() + "/etc/target/saveconfig.json"));
}

TEST_F(ModesTest, SavesWhereDebianKeepsIts) {
  write_text(dir_.path() + "/etc/rtslib-fb-target/saveconfig.json", "{}");
  EXPECT_NE(run("saveconfig").out.find("/etc/rtslib-fb-target/saveconfig.json\n"),
            std::string::npos);
  EXPECT_NE(run("--save-file=" + dir_.path() + "/x.json saveconfig").out.find("/x.json\n"),
            std::string::npos);
}

TEST_F(ModesTest, TurnsTheDaemonOff) {
  for (const char* word : {"--disable-daemon", "disable-daemon"})
    EXPECT_EQ(run(word).out, "Parameter auto_use_daemon is now 'false'.\n");
}

TEST_F(ModesTest, ReadingLeavesNoTrace) {
  auto before = shell("cd " + dir_.path() + " && find . | grep -v stderr | sort").out;
  run("ls");
  run("sessions");
  run("get global auto_save_on_exit");
  EXPECT_EQ(shell("cd " + dir_.path() + " && find . | grep -v stderr | sort").out, before);
}

TEST_F(ModesTest, ListsATreeWithoutTheKernelModule) {
  std::filesystem::remove_all(dir_.path() + "/sys");
  Ran ran = run("ls");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("o- iscsi"), std::string::npos);
}

// Loading modules is for real hosts only.
TEST_F(ModesTest, NeverLoadsModulesBelowRoot) {
  std::filesystem::remove_all(dir_.path() + "/sys");
  Ran ran = run("/iscsi create iqn.2020-01.a.b:c");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("--root"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace lunar::cli
