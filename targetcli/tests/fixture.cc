// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace lunar::cli {

TempDir::TempDir() {
  std::string name = testing::TempDir() + "targetcliXXXXXX";
  const char* made = ::mkdtemp(name.data());
  path_ = made ? made : "";
}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::string read_text(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_text(const std::string& file, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file) << text;
}

ShellTest::ShellTest() {
  setup_.paths.save_file = dir_.path() + "/etc/target/saveconfig.json";
  setup_.paths.state_dir = dir_.path() + "/run";
  setup_.lock_file = dir_.path() + "/lock";
  setup_.version = "9.9";
  root_ = std::make_unique<Root>(fs_, host_);
  std::filesystem::create_directories(dir_.path() + "/etc");
  restart();
}

void ShellTest::restart() {
  prefs_ = std::make_unique<Prefs>(dir_.path() + "/prefs");
  EXPECT_EQ(prefs_->load(), "");
  shell_ = std::make_unique<Shell>(*root_, *prefs_, setup_);
}

std::string ShellTest::ok(const std::string& line) {
  Outcome outcome = run(line);
  EXPECT_EQ(outcome.status, 0) << line << "\n" << outcome.err;
  EXPECT_EQ(outcome.err, "") << line;
  return outcome.out;
}

std::string ShellTest::fails(const std::string& line) {
  Outcome outcome = run(line);
  EXPECT_EQ(outcome.status, 1) << line << "\n" << outcome.out;
  EXPECT_EQ(outcome.out, "") << line;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  return outcome.err.substr(0, outcome.err.find('\n'));
}

std::string ShellTest::refused(const std::string& line) {
  std::string before = fs_.snapshot();
  std::string error = fails(line);
  EXPECT_EQ(fs_.snapshot(), before) << line;
  return error;
}

void ShellTest::make_target() {
  ok("/backstores/fileio create disk1 /srv/disk1.img 100M");
  ok("/backstores/ramdisk create ram1 64M");
  ok(std::string("/iscsi create ") + kIqn);
  ok(tpg_ + "/luns create /backstores/fileio/disk1");
  ok(tpg_ + "/luns create /backstores/ramdisk/ram1");
}

}  // namespace lunar::cli
