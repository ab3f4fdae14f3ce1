// SPDX-License-Identifier: GPL-2.0-or-later
#include "testing.h"

namespace lunar {
namespace {

class Golden : public testing::TestWithParam<KernelVersion> {
 protected:
  std::string text() const {
    return test_data("saveconfig-" + std::to_string(GetParam().major) + "." +
                     std::to_string(GetParam().minor) + ".json");
  }
};

// The same objects give the same file as rtslib's, byte for byte.
TEST_P(Golden, DumpIsRtslibsFile) {
  Machine machine(GetParam());
  build_reference(machine, Json::parse(text()));
  const Result<Json> dumped = dump(machine.root);
  ASSERT_OK(dumped);
  EXPECT_EQ(to_text(*dumped), text());
}

// The file gives the same objects, without an error, and they give the file (in which the order of
// objects is the reverse of their making, as configfs lists them).
TEST_P(Golden, RestoreThenDumpIsTheSame) {
  Machine machine(GetParam());
  const Json saved = Json::parse(text());
  const Result<RestoreReport> first = restore(machine.root, saved, {});
  ASSERT_OK(first);
  EXPECT_EQ(first->errors, std::vector<std::string>{});
  EXPECT_EQ(first->storage_objects, 2);
  EXPECT_EQ(first->targets, 1);
  const Result<Json> reversed = dump(machine.root);
  ASSERT_OK(reversed);

  Machine again(GetParam());
  ASSERT_OK(restore(again.root, *reversed, {}));
  const Result<Json> dumped = dump(again.root);
  ASSERT_OK(dumped);
  EXPECT_EQ(to_text(*dumped), text());
}

INSTANTIATE_TEST_SUITE_P(Kernels, Golden,
                         testing::Values(KernelVersion{6, 1}, KernelVersion{6, 12}));

TEST(Dump, EmptyTree) {
  Machine machine;
  EXPECT_EQ(to_text(*dump(machine.root)),
            "{\n  \"fabric_modules\": [],\n  \"storage_objects\": [],\n  \"targets\": []\n}\n");
  EXPECT_EQ(machine.fs.changes(), 0u);
}

TEST(Dump, EveryPlugin) {
  Machine machine;
  ASSERT_OK(machine.root.create_block({"b", "/dev/sdb", true, "s1"}));
  ASSERT_OK(machine.root.create_pscsi({"p", "/dev/sg1"}));
  ASSERT_OK(machine.root.create_ramdisk({"r", 8192, true, "s2"}));
  ASSERT_OK(machine.root.create_user({"u", "file/x", 4096, "s3", {}, ""}));
  const Result<Json> dumped = dump(machine.root);
  ASSERT_OK(dumped);
  const Json& objects = (*dumped)["storage_objects"];
  ASSERT_EQ(objects.size(), 4u);
  EXPECT_EQ(objects[0]["config"], "file/x");
  EXPECT_EQ(objects[0]["size"], 4096);
  EXPECT_EQ(objects[1]["nullio"], true);
  EXPECT_EQ(objects[1]["size"], 8192);
  EXPECT_EQ(objects[2]["dev"], "/dev/sg1");
  EXPECT_FALSE(objects[2].contains("wwn"));
  EXPECT_EQ(objects[2]["alua_tpgs"], Json::array());
  EXPECT_EQ(objects[3]["plugin"], "block");
  EXPECT_EQ(objects[3]["readonly"], true);
  EXPECT_EQ(objects[3]["write_back"], false);
  EXPECT_EQ(objects[3]["wwn"], "s1");
}

TEST(Dump, DiscoveryOnlyWhenOn) {
  Machine machine;
  ASSERT_OK(machine.root.ensure_fabric());
  const Group group = machine.root.fabric().discovery_auth();
  ASSERT_OK(group.set("userid", "u"));
  EXPECT_EQ((*dump(machine.root))["fabric_modules"], Json::array());
  ASSERT_OK(group.set("enable", "1"));
  EXPECT_EQ((*dump(machine.root))["fabric_modules"],
            Json::parse(R"([{"name": "iscsi", "discovery_enable_auth": true,
                             "discovery_userid": "u"}])"));
}

TEST(Dump, NonAsciiIsEscapedAndNonTextRefused) {
  Machine machine;
  const Result<Target> target = machine.root.create_target(kIqn);
  const Result<Tpg> tpg = target->create_tpg();
  ASSERT_OK(tpg->auth().set("password", "p\xc3\xa4ss"));
  EXPECT_NE(to_text(*dump(machine.root)).find("p\\u00e4ss"), std::string::npos);
  ASSERT_OK(tpg->auth().set("password", "p\xe4ss"));
  EXPECT_NE(error_of(dump(machine.root)).find("not UTF-8"), std::string::npos);
}

TEST(Dump, AReadErrorIsAnErrorAndNoHole) {
  Machine machine;
  build_reference(machine, Json::parse(test_data("saveconfig-6.12.json")));
  for (size_t n = 1;; ++n) {
    machine.fs.fail_nth(n, EIO, false);
    const Result<Json> dumped = dump(machine.root);
    if (!machine.fs.failed()) break;
    if (dumped) {
      EXPECT_EQ(to_text(*dumped), test_data("saveconfig-6.12.json"))
          << "lost: " << machine.fs.log().size();
    }
    machine.fs.clear_log();
    ASSERT_LT(n, 5000u);
  }
}

}  // namespace
}  // namespace lunar
