// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "testing.h"

namespace lunar {
namespace {

namespace stdfs = std::filesystem;

mode_t mode_of(const std::string& path) {
  struct stat info = {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

size_t files_in(const std::string& dir) {
  if (!stdfs::exists(dir)) return 0;
  return static_cast<size_t>(
      std::distance(stdfs::directory_iterator(dir), stdfs::directory_iterator()));
}

class SavedFile : public testing::Test {
 protected:
  SavedFile() : paths_{dir_ / "etc/saveconfig.json", "", dir_ / "run"}, config_(m_.root, paths_) {}

  std::string file() const { return paths_.save_file; }
  Json saved() const { return Json::parse(read_text(file())); }
  void build() { build_reference(m_, Json::parse(test_data("saveconfig-6.12.json"))); }

  TempDir dir_;
  Machine m_;
  ConfigPaths paths_;
  ConfigFile config_;
};

TEST_F(SavedFile, IsPrivateAndLeavesNoTemporary) {
  build();
  ASSERT_OK(config_.save(""));
  EXPECT_EQ(read_text(file()), test_data("saveconfig-6.12.json"));
  EXPECT_EQ(mode_of(file()), 0600u);
  EXPECT_EQ(files_in(dir_ / "etc"), 2u);  // the file, and the directory of backups
}

TEST_F(SavedFile, ReplacesAnOpenFileAndAStaleTemporary) {
  stdfs::create_directories(dir_ / "etc");
  write_text(file(), "{}");
  ASSERT_EQ(::chmod(file().c_str(), 0644), 0);
  write_text(file() + ".temp", "left over");
  ASSERT_OK(config_.save(""));
  EXPECT_EQ(mode_of(file()), 0600u);
  EXPECT_FALSE(stdfs::exists(file() + ".temp"));
}

TEST_F(SavedFile, FollowsASymlink) {
  stdfs::create_directories(dir_ / "etc");
  stdfs::create_directories(dir_ / "real");
  write_text(dir_ / "real/config.json", "{}");
  stdfs::create_symlink("../real/config.json", file());
  build();
  ASSERT_OK(config_.save(""));
  EXPECT_TRUE(stdfs::is_symlink(file()));
  EXPECT_EQ(read_text(dir_ / "real/config.json"), test_data("saveconfig-6.12.json"));
}

TEST_F(SavedFile, CannotBeWritten) {
  write_text(dir_ / "etc", "a file where the directory should be");
  const std::string message = error_of(config_.save(""));
  EXPECT_EQ(message.find("Cannot create directory [" + (dir_ / "etc") + "]"), std::string::npos)
      << "a file is there already, so opening fails instead";
  EXPECT_NE(message.find("Not a directory"), std::string::npos) << message;
}

TEST_F(SavedFile, AFailedDumpKeepsTheOldFile) {
  build();
  ASSERT_OK(config_.save(""));
  m_.fs.fail_path("/attrib/login_timeout", EIO);
  ASSERT_FALSE(config_.save("").ok());
  EXPECT_EQ(read_text(file()), test_data("saveconfig-6.12.json"));
}

TEST_F(SavedFile, BackupsAreMadeOfWhatIsReplaced) {
  const Result<SaveReport> first = config_.save("");
  ASSERT_OK(first);
  EXPECT_FALSE(first->backup_made);  // there was nothing to keep
  EXPECT_EQ(first->backup_dir, dir_ / "etc/backup/");
  const std::string empty = read_text(file());
  build();
  EXPECT_TRUE(config_.save("")->backup_made);
  ASSERT_EQ(files_in(dir_ / "etc/backup"), 1u);
  const std::string backup = stdfs::directory_iterator(dir_ / "etc/backup")->path().string();
  EXPECT_EQ(*decompress_file(backup), empty);
  EXPECT_EQ(mode_of(backup), 0600u);
  const std::string name = stdfs::path(backup).filename().string();
  EXPECT_EQ(name.size(), std::string("saveconfig-20260101-00:00:00-json.gz").size());
  EXPECT_TRUE(name.starts_with("saveconfig-20") && name.ends_with("-json.gz")) << name;
}

TEST_F(SavedFile, NoBackupOfTheSameAgainOrOfAnotherFile) {
  ASSERT_OK(config_.save(""));
  EXPECT_TRUE(config_.save("")->backup_made);
  EXPECT_FALSE(config_.save("")->backup_made);
  const Result<SaveReport> other = config_.save(dir_ / "other.json");
  ASSERT_OK(other);
  EXPECT_FALSE(other->backup_made);
  EXPECT_EQ(other->backup_dir, "");
  EXPECT_EQ(files_in(dir_ / "etc/backup"), 1u);
}

TEST_F(SavedFile, OldBackupsGo) {
  stdfs::create_directories(dir_ / "etc/backup");
  for (int i = 10; i < 20; ++i) {
    ASSERT_OK(compress_file(
        dir_ / ("etc/backup/saveconfig-200001" + std::to_string(i) + "-00:00:00-json.gz"), "x"));
  }
  write_text(dir_ / "etc/backup/notes", "mine");
  write_text(file(), "{}");
  SaveOptions options;
  options.max_backups = 3;
  ASSERT_OK(config_.save("", options));
  EXPECT_EQ(files_in(dir_ / "etc/backup"), 4u);
  EXPECT_TRUE(stdfs::exists(dir_ / "etc/backup/notes"));
  EXPECT_TRUE(stdfs::exists(dir_ / "etc/backup/saveconfig-20000119-00:00:00-json.gz"));
  EXPECT_FALSE(stdfs::exists(dir_ / "etc/backup/saveconfig-20000117-00:00:00-json.gz"));
}

TEST_F(SavedFile, UnknownKeysAreKept) {
  build();
  ASSERT_OK(config_.save(""));
  Json config = saved();
  config["note"] = "top";
  config["storage_objects"][1]["exclusive"] = true;
  config["storage_objects"][1]["alua_tpgs"][0]["color"] = "red";
  Json& tpg = config["targets"][0]["tpgs"][0];
  config["targets"][0]["owner"] = "me";
  tpg["weight"] = 3;
  tpg["luns"][0]["label"] = "a";
  tpg["portals"][0]["dev"] = "eth0";
  tpg["node_acls"][0]["contact"] = "x";
  tpg["node_acls"][0]["mapped_luns"][1]["why"] = Json::array({1, 2});
  config["targets"].push_back({{"fabric", "loopback"}, {"wwn", "naa.5001405000000001"}});
  write_text(file(), to_text(config));
  ASSERT_OK(config_.save(""));
  EXPECT_EQ(saved(), config);
  ASSERT_OK((*m_.root.find_storage_object("fileio", "disk1"))->remove());
  ASSERT_OK(config_.save(""));
  EXPECT_EQ(saved()["note"], "top");
  EXPECT_EQ(read_text(file()).find("exclusive"), std::string::npos);
}

TEST_F(SavedFile, OneStorageObjectIsMerged) {
  build();
  ASSERT_OK(config_.save(""));
  const Json before = saved();
  ASSERT_OK(m_.root.create_ramdisk({"new", 4096, false, "w"}));
  ASSERT_OK(
      (*m_.root.find_storage_object("ramdisk", "ram1"))->attributes().set("emulate_3pc", "0"));
  SaveOptions options;
  options.storage_object = "/backstores/ramdisk/new";
  ASSERT_OK(config_.save("", options));
  EXPECT_EQ(saved()["storage_objects"].size(), 3u);
  EXPECT_EQ(saved()["storage_objects"][2]["name"], "new");
  EXPECT_EQ(saved()["storage_objects"][0], before["storage_objects"][0]);
  EXPECT_EQ(saved()["targets"], before["targets"]);

  ASSERT_OK((*m_.root.find_storage_object("fileio", "disk1"))->remove());
  options.storage_object = "/backstores/fileio/disk1";
  ASSERT_OK(config_.save("", options));
  EXPECT_EQ(saved()["storage_objects"].size(), 2u);
  EXPECT_EQ(saved()["targets"], Json::array());  // as rtslib: the target that used it goes
}

TEST_F(SavedFile, IsRestored) {
  stdfs::create_directories(dir_ / "etc");
  write_text(file(), test_data("saveconfig-6.12.json"));
  const Result<RestoreReport> report = config_.restore("");
  ASSERT_OK(report);
  EXPECT_TRUE(report->errors.empty());
  EXPECT_FALSE(stdfs::exists(dir_ / "run"));
  EXPECT_TRUE(config_.partial_restore("").empty());
}

TEST_F(SavedFile, MissingFile) {
  EXPECT_EQ(error_of(config_.restore("")), "Restore file " + file() + " not found");
  EXPECT_FALSE(stdfs::exists(dir_ / "run"));
}

TEST_F(SavedFile, MalformedJsonIsOneErrorAndGuardsTheFile) {
  stdfs::create_directories(dir_ / "etc");
  write_text(file(), "{\n  \"targets\": [\n    {,}\n  ]\n}\n");
  build();
  const std::string before = m_.fs.snapshot();
  RestoreOptions options;
  options.clear_existing = true;
  EXPECT_EQ(error_of(config_.restore("", options)),
            file() + " is not valid JSON (at line 3, column 6)");
  EXPECT_EQ(m_.fs.snapshot(), before);
  EXPECT_FALSE(config_.save("").ok());
}

TEST_F(SavedFile, APartialRestoreIsNotSavedOverIt) {
  stdfs::create_directories(dir_ / "etc");
  Json config = Json::parse(test_data("saveconfig-6.12.json"));
  config["storage_objects"].push_back(
      {{"name", "late"}, {"plugin", "block"}, {"dev", "/dev/late"}, {"wwn", "w"}});
  write_text(file(), to_text(config));
  const Result<RestoreReport> report = config_.restore("");
  ASSERT_OK(report);
  EXPECT_EQ(report->errors.size(), 1u);
  EXPECT_EQ(mode_of(dir_ / "run/partial-restore.json"), 0600u);

  // Another process, by another name of the file.
  ConfigFile other(m_.root, paths_);
  stdfs::create_symlink(file(), dir_ / "link.json");
  for (const std::string& name :
       {std::string(), dir_ / "link.json", dir_ / "etc/../etc/saveconfig.json"}) {
    const Result<SaveReport> saving = other.save(name);
    ASSERT_FALSE(saving.ok());
    EXPECT_NE(saving.error().text.find(" was restored only in part"), std::string::npos);
    EXPECT_NE(saving.error().hint.find("StorageObject late"), std::string::npos);
  }
  EXPECT_EQ(saved(), config);
  ASSERT_OK(other.save(dir_ / "elsewhere.json"));

  // The device has come; the target stands, so this restore cannot complete it: still guarded.
  m_.host.devices["/dev/late"] = {0, 1 << 20, 512, false};
  EXPECT_EQ(config_.restore("")->errors.size(), 3u);
  EXPECT_FALSE(other.save("").ok());

  RestoreOptions afresh;
  afresh.clear_existing = true;
  EXPECT_TRUE(config_.restore("", afresh)->errors.empty());
  EXPECT_FALSE(stdfs::exists(dir_ / "run/partial-restore.json"));
  ASSERT_OK(other.save(""));
}

TEST_F(SavedFile, APartialRestoreIsSavedWhenAskedFor) {
  stdfs::create_directories(dir_ / "etc");
  write_text(file(), R"({"storage_objects": [{"name": "x", "plugin": "nosuch"}]})");
  ASSERT_OK(config_.restore(""));
  ASSERT_FALSE(config_.save("").ok());
  SaveOptions options;
  options.overwrite_partial = true;
  ASSERT_OK(config_.save("", options));
  EXPECT_TRUE(config_.partial_restore("").empty());
  ASSERT_OK(config_.save(""));
}

// Targets of other fabrics are named and kept: they stand against nothing.
TEST_F(SavedFile, OtherFabricsDoNotMakeARestorePartial) {
  stdfs::create_directories(dir_ / "etc");
  Json config = Json::parse(test_data("saveconfig-6.12.json"));
  config["targets"].push_back({{"fabric", "loopback"}, {"wwn", "naa.5001405000000001"}});
  write_text(file(), to_text(config));
  const Result<RestoreReport> report = config_.restore("");
  ASSERT_OK(report);
  EXPECT_EQ(report->errors, std::vector<std::string>{"Unknown fabric 'loopback', skipped"});
  EXPECT_FALSE(report->partial);
  ASSERT_OK(config_.save(""));
  EXPECT_EQ(saved()["targets"].back()["fabric"], "loopback");
}

TEST_F(SavedFile, ClearingLiftsTheGuard) {
  stdfs::create_directories(dir_ / "etc");
  write_text(file(), R"({"storage_objects": [{"name": "x", "plugin": "nosuch"}]})");
  ASSERT_OK(config_.restore(""));
  ASSERT_OK(config_.clear());
  ASSERT_OK(config_.save(""));
}

}  // namespace
}  // namespace lunar
