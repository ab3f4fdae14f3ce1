// SPDX-License-Identifier: GPL-2.0-or-later
// What the library's tests share: a machine with a fake tree, a temporary directory, and assertions
// that show the error.
#ifndef LUNAR_TESTS_TESTING_H_
#define LUNAR_TESTS_TESTING_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "lunar/fake/fake_configfs.h"
#include "lunar/fake/fake_host.h"
#include "lunar/lunar.h"

#define ASSERT_OK(expression)                                                       \
  do {                                                                              \
    const auto& ok_result = (expression);                                           \
    ASSERT_TRUE(ok_result.ok()) << #expression ": " << ok_result.error().message(); \
  } while (0)
#define EXPECT_OK(expression)                                                       \
  do {                                                                              \
    const auto& ok_result = (expression);                                           \
    EXPECT_TRUE(ok_result.ok()) << #expression ": " << ok_result.error().message(); \
  } while (0)

namespace lunar {

constexpr const char* kIqn = "iqn.2003-01.org.linux-iscsi.target.x8664:sn.0123456789ab";
constexpr const char* kClient = "iqn.1994-05.com.redhat:client1";

// The message of an error; "no error" for a success, so that a comparison fails readably.
template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : result.error().message();
}

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string test_data(const std::string& name) {
  return read_text(std::string(LUNAR_TEST_DATA) + "/" + name);
}

// A machine with a disk, a partition of a tape's type, a SCSI device and a file.
struct Machine {
  explicit Machine(KernelVersion kernel = {6, 12}) : fs(kernel), root(fs, host) {
    host.devices["/dev/sdb"] = {0, uint64_t{1} << 30, 512, false};
    host.devices["/dev/ro"] = {0, uint64_t{1} << 30, 512, true};
    host.devices["/dev/sr0"] = {5, uint64_t{1} << 30, 2048, true};
    host.disks["sdb"] = uint64_t{1} << 30;
    host.scsi["/dev/sg1"] = {3, 0, 1, 2};
    host.files["/srv/disk1.img"] = 104857600;
  }

  fake::FakeConfigfs fs;
  fake::FakeHost host;
  Root root;
};

// A directory that goes with the test.
class TempDir {
 public:
  TempDir() {
    char name[] = "/tmp/lunar-test-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What targetcli made in the guests the reference files were taken from, with the serials and link
// names that `saved` has.
void build_reference(Machine& machine, const Json& saved);

}  // namespace lunar

#endif  // LUNAR_TESTS_TESTING_H_
