// SPDX-License-Identifier: GPL-2.0-or-later
// Every create is all or nothing: whichever operation on the tree fails, nothing of the object
// stays.
#include <functional>

#include "testing.h"

namespace lunar {
namespace {

using Create = std::function<Status(Machine&)>;

template <typename T>
Status status(const Result<T>& result) {
  return result ? Status() : Status(result.error());
}

Tpg the_tpg(Machine& machine) { return **(*machine.root.fabric().find_target(kIqn))->find_tpg(1); }
NodeAcl the_acl(Machine& machine) { return **the_tpg(machine).find_acl(kClient); }
StorageObject the_object(Machine& machine) {
  return **machine.root.find_storage_object("ramdisk", "base");
}

void prepare(Machine& machine) {
  ASSERT_OK(machine.root.create_ramdisk({"base", 4096, false, ""}));
  ASSERT_OK((*machine.root.create_target(kIqn)).create_tpg());
  ASSERT_OK(the_tpg(machine).create_lun(the_object(machine)));
  ASSERT_OK(the_tpg(machine).create_acl(kClient));
}

struct Case {
  const char* name;
  Create create;
  bool alone = false;  // needs no other object to be looked up first
};

Status create_file(Machine& machine) {
  FileioParams params;
  params.name = "file";
  params.dev = "/srv/new.img";
  params.size = 4096;
  params.aio = true;
  params.create_file = true;
  return status(machine.root.create_fileio(params));
}

const Case kCases[] = {
    {"block",
     [](Machine& m) {
       return status(m.root.create_block({"b", "/dev/sdb", {}, ""}));
     },
     true},
    {"fileio", create_file, true},
    {"ramdisk",
     [](Machine& m) {
       return status(m.root.create_ramdisk({"r", 4096, true, ""}));
     },
     true},
    {"pscsi",
     [](Machine& m) {
       return status(m.root.create_pscsi({"p", "/dev/sg1"}));
     },
     true},
    {"user",
     [](Machine& m) {
       return status(m.root.create_user({"u", "file/x", 4096, "", 128, "hw_block_size=512"}));
     },
     true},
    {"target", [](Machine& m) { return status(m.root.create_target()); }, true},
    {"tpg", [](Machine& m) { return status((*m.root.fabric().find_target(kIqn))->create_tpg()); }},
    {"lun", [](Machine& m) { return status(the_tpg(m).create_lun(the_object(m))); }},
    {"acl", [](Machine& m) { return status(the_tpg(m).create_acl("iqn.2003-01.a.b:c")); }},
    {"mapped_lun", [](Machine& m) { return status(the_acl(m).create_mapped_lun(0, 0, true)); }},
    {"portal", [](Machine& m) { return status(the_tpg(m).create_portal("0.0.0.0", 3260)); }},
    {"alua", [](Machine& m) { return status(the_object(m).create_alua_group("g", 1)); }},
};

class EveryCreate : public testing::TestWithParam<Case> {};

TEST_P(EveryCreate, LeavesNothingWhicheverOperationFails) {
  size_t failures = 0;
  for (size_t n = 1; n < 100; ++n) {
    Machine machine;
    prepare(machine);
    const std::string before = machine.fs.snapshot();
    const auto files = machine.host.files;
    machine.fs.fail_nth(n, EIO);
    const Status done = GetParam().create(machine);
    if (!machine.fs.failed()) {
      EXPECT_OK(done);
      EXPECT_NE(machine.fs.snapshot(), before);
      EXPECT_EQ(failures, n - 1);
      EXPECT_GT(failures, 0u);
      return;
    }
    ++failures;
    SCOPED_TRACE("operation " + std::to_string(n) + ": " + machine.fs.log().back().operation);
    ASSERT_FALSE(done.ok());
    EXPECT_FALSE(done.error().message().empty());
    EXPECT_EQ(machine.fs.snapshot(), before);
    EXPECT_EQ(machine.host.files, files);
    machine.fs.fail_nth(0, 0);
    EXPECT_OK(GetParam().create(machine));
  }
  FAIL() << "the operation never ends";
}

// An answer that cannot be had is an error or makes no difference; it never leaves half an object.
TEST(Rollback, LeavesNothingWhicheverReadFails) {
  for (const Case& c : kCases) {
    if (!c.alone) continue;
    for (size_t n = 1; n < 200; ++n) {
      Machine machine;
      prepare(machine);
      const std::string before = machine.fs.snapshot();
      machine.fs.fail_nth(n, EIO, false);
      const Status done = c.create(machine);
      if (!machine.fs.failed()) break;
      ASSERT_LT(n, 199u);
      if (!done) {
        EXPECT_EQ(machine.fs.snapshot(), before) << c.name << " operation " << n;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryCreate, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lunar
