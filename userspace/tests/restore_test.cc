// SPDX-License-Identifier: GPL-2.0-or-later
#include "testing.h"

namespace lunar {
namespace {

Json reference() { return Json::parse(test_data("saveconfig-6.12.json")); }

std::vector<std::string> errors_of(Machine& machine, const Json& config,
                                   const RestoreOptions& options = {}) {
  const Result<RestoreReport> report = restore(machine.root, config, options);
  return report ? report->errors : std::vector<std::string>{"failed: " + report.error().message()};
}

using Texts = std::vector<std::string>;

TEST(Restore, SetsEverything) {
  Machine machine;
  Json config = reference();
  config["fabric_modules"] = Json::parse(R"([{"name": "iscsi", "discovery_enable_auth": true,
      "discovery_userid": "du", "discovery_password": "dp"}])");
  Json& tpg = config["targets"][0]["tpgs"][0];
  tpg["chap_userid"] = "tpguser";
  tpg["attributes"]["login_timeout"] = 20;
  tpg["parameters"]["MaxBurstLength"] = "65536";
  tpg["node_acls"][0]["tag"] = "host1";
  tpg["node_acls"][0]["mapped_luns"][1]["write_protect"] = true;
  config["targets"][0]["parameters"]["cmd_completion_affinity"] = "1";
  EXPECT_EQ(errors_of(machine, config), Texts{});
  const Target target = **machine.root.fabric().find_target(kIqn);
  EXPECT_EQ(*target.parameters().get("cmd_completion_affinity"), "1");
  const Tpg made = **target.find_tpg(1);
  EXPECT_TRUE(*made.enabled());
  EXPECT_EQ(made.credentials()->userid, "tpguser");
  EXPECT_EQ(*made.attributes().get("login_timeout"), "20");
  EXPECT_EQ(*made.parameters().get("MaxBurstLength"), "65536");
  const NodeAcl acl = **made.find_acl(kClient);
  EXPECT_EQ(*acl.tag(), "host1");
  EXPECT_EQ(acl.credentials()->mutual_password, "secret-password2");
  EXPECT_TRUE(*(*acl.find_mapped_lun(1))->write_protect());
  EXPECT_TRUE(*machine.root.fabric().discovery_enabled());
  EXPECT_EQ(machine.root.fabric().discovery_credentials()->password, "dp");
}

TEST(Restore, CredentialsOfTheGroupComeAfterEnable) {
  Machine machine;
  Json config = reference();
  config["targets"][0]["tpgs"][0]["chap_userid"] = "u";
  EXPECT_EQ(errors_of(machine, config), Texts{});
  size_t enabled = 0, chap = 0;
  for (size_t i = 0; i < machine.fs.log().size(); ++i) {
    const auto& access = machine.fs.log()[i];
    if (access.operation != "write") continue;
    if (access.path.ends_with("tpgt_1/enable")) enabled = i;
    if (access.path.ends_with("tpgt_1/auth/userid")) chap = i;
  }
  EXPECT_LT(enabled, chap);
}

TEST(Restore, UserGroupsComeBack) {
  Machine machine;
  Json config = reference();
  Json group = config["storage_objects"][0]["alua_tpgs"][0];
  group["name"] = "standby";
  group["tg_pt_gp_id"] = 4;
  group["alua_access_state"] = 2;
  config["storage_objects"][0]["alua_tpgs"].push_back(group);
  config["targets"][0]["tpgs"][0]["luns"][0]["alua_tg_pt_gp_name"] = "standby";
  EXPECT_EQ(errors_of(machine, config), Texts{});
  const StorageObject ram = **machine.root.find_storage_object("ramdisk", "ram1");
  EXPECT_EQ(ram.alua_groups()->size(), 2u);
  EXPECT_EQ(*ram.alua_groups()->front().settings().get("alua_access_state"), "2");
  EXPECT_EQ(*ram.attached_luns()->front().alua_group(), "standby");
}

TEST(Restore, WhatExistsIsLeftAloneAndNamed) {
  Machine machine;
  ASSERT_OK(machine.root.create_ramdisk({"ram1", 4096, false, "x"}));
  ASSERT_OK(machine.root.create_target(kIqn));
  const Result<RestoreReport> report = restore(machine.root, reference(), {});
  ASSERT_OK(report);
  EXPECT_EQ(report->errors,
            (Texts{"storageobject 'ramdisk:ram1' exist not restoring",
                   std::string("target with wwn ") + kIqn + " exist, not restoring"}));
  EXPECT_FALSE(report->partial);
  EXPECT_EQ(report->existing, 2);
  EXPECT_EQ(report->storage_objects, 1);
  EXPECT_EQ(*(*machine.root.find_storage_object("ramdisk", "ram1"))->size(), 4096u);
}

TEST(Restore, ClearExistingStartsAfresh) {
  Machine machine;
  ASSERT_OK(machine.root.create_ramdisk({"old", 4096, false, "x"}));
  ASSERT_OK(machine.root.create_target(kIqn));
  RestoreOptions options;
  options.clear_existing = true;
  EXPECT_EQ(errors_of(machine, reference(), options), Texts{});
  EXPECT_FALSE(machine.root.find_storage_object("ramdisk", "old")->has_value());
}

TEST(Restore, OneTargetOrOneObject) {
  Machine machine;
  RestoreOptions one;
  one.storage_object = "ram1";
  EXPECT_EQ(errors_of(machine, reference(), one), Texts{});
  EXPECT_EQ(machine.root.storage_objects()->size(), 1u);
  EXPECT_TRUE(machine.root.fabric().targets()->empty());
  one.storage_object = "disk1";
  EXPECT_EQ(errors_of(machine, reference(), one), Texts{});
  RestoreOptions target;
  target.target = kIqn;
  EXPECT_EQ(errors_of(machine, reference(), target), Texts{});
  EXPECT_EQ(machine.root.fabric().targets()->size(), 1u);
  one.clear_existing = true;
  one.storage_object = "ram1";
  EXPECT_EQ(errors_of(machine, reference(), one), Texts{});
  EXPECT_EQ((*machine.root.fabric().find_target(kIqn))->tpgs()->front().luns()->size(), 1u);
}

TEST(Restore, ErrorsAreRtslibs) {
  Machine machine;
  Json config = Json::parse(R"({
    "storage_objects": [
      {"plugin": "ramdisk"},
      {"name": "x", "plugin": "zfs"},
      {"name": "gone", "plugin": "block", "dev": "/dev/gone", "wwn": "w"},
      {"name": "r", "plugin": "ramdisk", "size": 4096, "wwn": "w", "unknown_key": 1,
       "attributes": {"nosuch": 1, "block_size": 4097}}
    ],
    "fabric_modules": [{}, {"name": "loopback"}],
    "targets": [
      {"fabric": "iscsi"},
      {"wwn": "iqn.2003-01.a.b:1"},
      {"wwn": "naa.1", "fabric": "loopback"},
      {"wwn": "bad", "fabric": "iscsi"},
      {"wwn": "iqn.2003-01.a.b:c", "fabric": "iscsi", "tpgs": [
        {"tag": 1, "attributes": {"nosuch": 1}, "parameters": {"Nosuch": "1"},
         "luns": [{}, {"index": 1, "storage_object": "x"},
                  {"index": 2, "storage_object": "/backstores/block/gone"},
                  {"index": 3, "storage_object": "/backstores/ramdisk/r"},
                  {"index": 3, "storage_object": "/backstores/ramdisk/r"},
                  {"index": 4294967299, "storage_object": "/backstores/ramdisk/r"}],
         "portals": [{}, {"ip_address": "1.2.3.4"}, {"ip_address": "nohost", "port": 3260}],
         "node_acls": [{}, {"node_wwn": "bad"},
           {"node_wwn": "iqn.2003-01.a.b:i", "chap_userid": "NULL",
            "mapped_luns": [{"index": 0}, {"tpg_lun": 3}, {"index": 0, "tpg_lun": 9},
                            {"index": 0, "tpg_lun": 3}, {"index": 0, "tpg_lun": 3}]}]}]}
    ]})");
  const Result<RestoreReport> report = restore(machine.root, config, {});
  ASSERT_OK(report);
  EXPECT_TRUE(report->partial);
  const Texts expected = {
      "'name' not defined in storage object 0, skipped",
      "'plugin' not defined or invalid in storageobject x, skipped",
      "Could not create StorageObject gone: Device /dev/gone is not a TYPE_DISK block device, "
      "skipped",
      "Storage Object ramdisk/r: Cannot set attribute block_size: [Errno 22] Invalid argument, "
      "skipped",
      "Storage Object ramdisk/r: Cannot find attribute: nosuch, skipped",
      "'name' not defined in fabricmodule 0, skipped",
      "'wwn' not defined in target 0, skipped",
      "target iqn.2003-01.a.b:1 missing 'fabric' field, skipped",
      "Unknown fabric 'loopback', skipped",
      "Could not create Target object: WWN not valid as: iqn, naa, eui, skipped",
      "Cannot find attribute: nosuch, skipped",
      "Cannot find parameter: Nosuch, skipped",
      "'index' missing from a LUN in TPG 1, skipped",
      "Malformed storage object field for LUN 1, skipped",
      "Could not find matching StorageObject for LUN 2, skipped",
      "Creating TPG 1 LUN index 3 failed, skipped",
      "Creating TPG 1 LUN index 4294967299 failed, skipped",
      "'ip_address' field missing from a portal in TPG 1, skipped",
      "'port' field missing from a portal in TPG 1, skipped",
      "Creating NetworkPortal object nohost:3260 failed: Could not create NetworkPortal in "
      "configFS: Invalid argument, skipped",
      "'node_wwn' missing in node_acl, skipped",
      "Error when creating NodeACL for bad: WWN not valid as: iqn, naa, eui, skipped",
      "'tpg_lun' not in a mapped_lun, skipped",
      "'index' not in a mapped_lun, skipped",
      "Could not find matching TPG LUN 9 for MappedLUN 0, skipped",
      "Creating MappedLUN object 0 failed, skipped",
      "Could not set nodeacl iqn.2003-01.a.b:i attribute 'chap_userid', skipped",
  };
  EXPECT_EQ(report->errors, expected);
  const Tpg tpg = **(*machine.root.fabric().find_target("iqn.2003-01.a.b:c"))->find_tpg(1);
  EXPECT_TRUE(*tpg.enabled());
  EXPECT_EQ(tpg.luns()->size(), 1u);
}

TEST(Restore, WrongFormChangesNothing) {
  for (const char* text : {"[]", "3", "\"x\"", "null", R"({"storage_objects": {}})",
                           R"({"targets": [1]})", R"({"fabric_modules": "iscsi"})"}) {
    Machine machine;
    ASSERT_OK(machine.root.create_ramdisk({"old", 4096, false, "x"}));
    const std::string before = machine.fs.snapshot();
    RestoreOptions options;
    options.clear_existing = true;
    const Result<RestoreReport> report = restore(machine.root, Json::parse(text), options);
    ASSERT_FALSE(report.ok()) << text;
    EXPECT_EQ(report.error().text.find("This is no saved configuration: "), 0u);
    EXPECT_EQ(machine.fs.snapshot(), before);
  }
}

// Values of a type nobody expects must not bring the program down.
TEST(Restore, OddTypesAreSurvived) {
  const Json odd[] = {nullptr, 1, -1, 1.5, true, "x", Json::array({1}), Json::object({{"a", 1}})};
  const Json whole = reference();
  const Json flat = whole.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    // One attribute stands for all of them.
    const bool many = pointer.find("/attributes/") != std::string::npos ||
                      pointer.find("/parameters/") != std::string::npos ||
                      pointer.find("/alua_tpgs/") != std::string::npos;
    if (many && pointer.find("emulate_tpu") == std::string::npos &&
        pointer.find("preferred") == std::string::npos &&
        pointer.find("AuthMethod") == std::string::npos) {
      continue;
    }
    for (const Json& replacement : odd) {
      Json config = whole;
      config[Json::json_pointer(pointer)] = replacement;
      Machine machine;
      (void)restore(machine.root, config, {});
    }
  }
}

// An operation that fails costs what depends on it and nothing else, and is always reported.
TEST(Restore, EveryFailureIsReported) {
  Machine clean;
  ASSERT_OK(restore(clean.root, reference(), {}));
  const std::string whole = clean.fs.snapshot();
  size_t n = 1;
  for (;; ++n) {
    Machine machine;
    machine.fs.fail_nth(n, EIO);
    const Result<RestoreReport> report = restore(machine.root, reference(), {});
    ASSERT_OK(report);
    if (!machine.fs.failed()) break;
    if (machine.fs.snapshot() != whole) {
      EXPECT_FALSE(report->errors.empty()) << "operation " << n;
    }
    EXPECT_EQ(report->partial, !report->errors.empty());
    EXPECT_EQ(report->existing, 0);
    ASSERT_LT(n, 5000u);
  }
  EXPECT_GT(n, 100u);
}

Json many(int objects) {
  Json config = {{"storage_objects", Json::array()}, {"targets", Json::array()}};
  Json luns = Json::array(), mapped = Json::array();
  for (int i = 0; i < objects; ++i) {
    const std::string name = "r" + std::to_string(i);
    config["storage_objects"].push_back(
        {{"name", name}, {"plugin", "ramdisk"}, {"size", 4096}, {"wwn", name}});
    luns.push_back({{"index", i}, {"storage_object", "/backstores/ramdisk/" + name}});
    mapped.push_back({{"index", i}, {"tpg_lun", i}});
  }
  config["targets"].push_back(
      {{"wwn", kIqn},
       {"fabric", "iscsi"},
       {"tpgs",
        {{{"tag", 1},
          {"luns", luns},
          {"node_acls", {{{"node_wwn", kClient}, {"mapped_luns", mapped}}}}}}}});
  return config;
}

TEST(Restore, CostsTheSameForEachObject) {
  size_t operations[2];
  for (int i : {0, 1}) {
    Machine machine;
    EXPECT_EQ(errors_of(machine, many(i == 0 ? 100 : 200)), Texts{});
    operations[i] = machine.fs.log().size();
  }
  EXPECT_LE(operations[1], 2 * operations[0] + 10);
}

}  // namespace
}  // namespace lunar
