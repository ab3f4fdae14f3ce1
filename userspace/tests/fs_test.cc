// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "testing.h"

namespace lunar {
namespace {

TEST(PosixFs, ReadsAndWritesFiles) {
  const TempDir dir;
  write_text(dir / "file", "old\n");
  PosixFs fs(dir.path());
  EXPECT_EQ(*fs.read("file"), "old\n");
  ASSERT_OK(fs.write("file", "new"));
  EXPECT_EQ(read_text(dir / "file"), "new\n");
}

TEST(PosixFs, NeverMakesAFile) {
  const TempDir dir;
  PosixFs fs(dir.path());
  EXPECT_EQ(error_of(fs.write("nosuch", "x")), "cannot write nosuch: No such file or directory");
  EXPECT_FALSE(std::filesystem::exists(dir / "nosuch"));
}

TEST(PosixFs, MakesAndRemovesDirectories) {
  const TempDir dir;
  PosixFs fs(dir.path());
  ASSERT_OK(fs.mkdir("a"));
  ASSERT_OK(fs.mkdir("a/b"));
  EXPECT_EQ(fs.mkdir("a").error().err, EEXIST);
  EXPECT_EQ(fs.rmdir("a").error().err, ENOTEMPTY);
  ASSERT_OK(fs.rmdir("a/b"));
  ASSERT_OK(fs.rmdir("a"));
  EXPECT_FALSE(fs.exists("a"));
}

TEST(PosixFs, LinksAreRelativeToTheRoot) {
  const TempDir dir;
  PosixFs fs(dir.path());
  ASSERT_OK(fs.mkdir("core"));
  ASSERT_OK(fs.mkdir("lun"));
  ASSERT_OK(fs.symlink("core", "lun/alias"));
  EXPECT_EQ(*fs.readlink("lun/alias"), "core");
  // As configfs shows them: relative to the link's directory, up and over the root.
  const std::string up = "../../" + std::filesystem::path(dir.path()).filename().string() + "/core";
  ASSERT_EQ(::symlink(up.c_str(), (dir / "lun/other").c_str()), 0);
  EXPECT_EQ(*fs.readlink("lun/other"), "core");
  ASSERT_EQ(::symlink("/etc", (dir / "lun/out").c_str()), 0);
  EXPECT_EQ(fs.readlink("lun/out").error().err, EXDEV);
  ASSERT_OK(fs.unlink("lun/alias"));
  EXPECT_FALSE(fs.exists("lun/alias"));
}

TEST(PosixFs, ListsAndDescribes) {
  const TempDir dir;
  PosixFs fs(dir.path());
  ASSERT_OK(fs.mkdir("sub"));
  write_text(dir / "ro", "");
  ASSERT_EQ(::chmod((dir / "ro").c_str(), 0444), 0);
  ASSERT_OK(fs.symlink("sub", "link"));
  Result<std::vector<DirEntry>> entries = fs.list("");
  ASSERT_OK(entries);
  std::sort(entries->begin(), entries->end(),
            [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].type, FileType::kSymlink);
  EXPECT_EQ((*entries)[1].type, FileType::kFile);
  EXPECT_EQ((*entries)[2].type, FileType::kDirectory);
  EXPECT_TRUE(fs.stat("ro")->readable());
  EXPECT_FALSE(fs.stat("ro")->writable());
}

TEST(PosixFs, RootMayComeLater) {
  const TempDir dir;
  PosixFs fs(dir / "target");
  EXPECT_FALSE(fs.exists("core"));
  EXPECT_EQ(fs.list("").error().err, ENOENT);
  std::filesystem::create_directories(dir / "target/core");
  EXPECT_TRUE(fs.exists("core"));
  std::filesystem::remove_all(dir / "target");
  EXPECT_FALSE(fs.exists("core"));
  std::filesystem::create_directories(dir / "target/core");
  EXPECT_TRUE(fs.exists("core"));
}

TEST(SystemHost, KnowsFiles) {
  const TempDir dir;
  SystemHost host;
  ASSERT_OK(host.create_file(dir / "sparse", 1 << 20, true));
  EXPECT_EQ(host.file_size(dir / "sparse"), uint64_t{1} << 20);
  ASSERT_OK(host.create_file(dir / "full", 100000, false));
  EXPECT_EQ(host.file_size(dir / "full"), uint64_t{100000});
  EXPECT_EQ(error_of(host.create_file(dir / "full", 1, true)), "Could not open " + (dir / "full"));
  EXPECT_EQ(host.create_file(dir / "full", 1, true).error().advice, "File exists");
  EXPECT_EQ(error_of(host.create_file(dir / "huge", UINT64_MAX, true)),
            "Could not expand file to 18446744073709551615 bytes");
  EXPECT_FALSE(host.exists(dir / "huge"));
  EXPECT_EQ(error_of(host.create_file(dir / "none", 0, true)), "Could not expand file to 0 bytes");
  EXPECT_FALSE(host.exists(dir / "none"));
  EXPECT_EQ(host.file_size(dir.path()), std::nullopt);
  EXPECT_TRUE(host.is_directory(dir.path()));
  EXPECT_FALSE(host.block_device(dir / "full").has_value());
  EXPECT_TRUE(host.in_use("/nosuch"));
  EXPECT_FALSE(host.scsi_address("/dev/null").has_value());
}

TEST(SystemHost, MakesRandomUuids) {
  SystemHost host;
  const std::string uuid = host.uuid();
  EXPECT_TRUE(normalize_wwn(uuid, {WwnType::kUnitSerial}).ok()) << uuid;
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(uuid, host.uuid());
}

}  // namespace
}  // namespace lunar
