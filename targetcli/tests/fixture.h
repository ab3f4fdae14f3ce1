// SPDX-License-Identifier: GPL-2.0-or-later
// A shell over the in-memory configfs, with its files in a directory of its own.
#ifndef LUNAR_TARGETCLI_TESTS_FIXTURE_H_
#define LUNAR_TARGETCLI_TESTS_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "lunar/fake/fake_configfs.h"
#include "lunar/fake/fake_host.h"
#include "lunar/lunar.h"
#include "prefs.h"
#include "shell.h"

namespace lunar::cli {

constexpr const char* kIqn = "iqn.2003-01.org.linux-iscsi.target.x8664:sn.0123456789ab";
constexpr const char* kInitiator = "iqn.1994-05.com.redhat:client1";

/** A directory that goes with the object. */
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string read_text(const std::string& file);
void write_text(const std::string& file, const std::string& text);

class ShellTest : public testing::Test {
 protected:
  ShellTest();

  /** A new shell over the same tree: the next start of the program. */
  void restart();

  Outcome run(const std::string& line) { return shell_->run(line); }
  /** What a line prints; fails the test when the line fails. */
  std::string ok(const std::string& line);
  /** The error of a line, without its final newline; fails the test when the line succeeds, prints
      to standard output, or says more than one line. */
  std::string fails(const std::string& line);
  /** As fails(), and nothing in the tree may have changed. */
  std::string refused(const std::string& line);

  /** Target kIqn with an enabled tpg1, disk1 (fileio, 100 MiB) and ram1 (64 MiB) as LUN 0 and 1. */
  void make_target();

  std::string save_file() const { return setup_.paths.save_file; }

  TempDir dir_;
  fake::FakeConfigfs fs_;
  fake::FakeHost host_;
  std::unique_ptr<Root> root_;
  std::unique_ptr<Prefs> prefs_;
  std::unique_ptr<Shell> shell_;
  Environment setup_;
  const std::string tpg_ = std::string("/iscsi/") + kIqn + "/tpg1";
};

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_TESTS_FIXTURE_H_
