// SPDX-License-Identifier: GPL-2.0-or-later
#include "prefs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "fixture.h"

namespace lunar::cli {
namespace {

TEST(Prefs, HaveTheKnownDefaults) {
  const std::map<std::string, std::string> kDefaults = {{"auto_add_default_portal", "true"},
                                                        {"auto_add_mapped_luns", "true"},
                                                        {"auto_cd_after_create", "false"},
                                                        {"auto_enable_tpgt", "true"},
                                                        {"auto_save_on_exit", "true"},
                                                        {"auto_use_daemon", "false"},
                                                        {"color_command", "cyan"},
                                                        {"color_default", "none"},
                                                        {"color_keyword", "cyan"},
                                                        {"color_mode", "true"},
                                                        {"color_parameter", "magenta"},
                                                        {"color_path", "magenta"},
                                                        {"daemon_use_batch_mode", "false"},
                                                        {"export_backstore_name_as_model", "true"},
                                                        {"logfile", "/d/log.txt"},
                                                        {"loglevel_console", "info"},
                                                        {"loglevel_file", "debug"},
                                                        {"max_backup_files", "10"},
                                                        {"prompt_length", "30"},
                                                        {"tree_max_depth", "0"},
                                                        {"tree_round_nodes", "true"},
                                                        {"tree_show_root", "true"},
                                                        {"tree_status_mode", "true"}};
  Prefs prefs("/d");
  EXPECT_EQ(pref_specs().size(), kDefaults.size());
  for (const auto& [name, value] : kDefaults) EXPECT_EQ(prefs.text(name), value) << name;
}

TEST(Prefs, ReadingMakesNothing) {
  TempDir dir;
  Prefs prefs(dir.path() + "/p");
  EXPECT_EQ(prefs.load(), "");
  EXPECT_FALSE(std::filesystem::exists(dir.path() + "/p"));
}

TEST(Prefs, SurviveTheProcess) {
  TempDir dir;
  Prefs first(dir.path() + "/p");
  EXPECT_EQ(first.set("prompt_length", "10"), "");
  EXPECT_EQ(first.set_bookmark("b", "/iscsi"), "");
  Prefs second(dir.path() + "/p");
  EXPECT_EQ(second.load(), "");
  EXPECT_EQ(second.number("prompt_length"), 10);
  EXPECT_EQ(second.bookmarks().at("b"), "/iscsi");
  struct stat file {};
  ASSERT_EQ(::stat((dir.path() + "/p/prefs.json").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

// Two shells at once used to read half a file, or to lose each other's settings.
TEST(Prefs, MergeWithWhatAnotherShellSaved) {
  TempDir dir;
  Prefs a(dir.path());
  Prefs b(dir.path());
  a.set("auto_save_on_exit", "false");
  a.set_bookmark("x", "/a");
  b.set("auto_enable_tpgt", "false");
  b.set_bookmark("y", "/b");
  a.delete_bookmark("x");
  Prefs c(dir.path());
  EXPECT_EQ(c.load(), "");
  EXPECT_FALSE(c.flag("auto_save_on_exit"));
  EXPECT_FALSE(c.flag("auto_enable_tpgt"));
  EXPECT_EQ(c.bookmarks().count("x"), 0u);
  EXPECT_EQ(c.bookmarks().at("y"), "/b");
}

TEST(Prefs, SaySoWhenTheFileIsDamaged) {
  TempDir dir;
  write_text(dir.path() + "/prefs.json", "{\"preferences\": {");
  Prefs prefs(dir.path());
  EXPECT_NE(prefs.load().find("damaged"), std::string::npos);
  EXPECT_TRUE(prefs.flag("auto_save_on_exit"));
}

TEST(Prefs, SaySoWhenTheyCannotBeKept) {
  Prefs prefs("/proc/nowhere/p");
  EXPECT_NE(prefs.set("prompt_length", "1").find("/proc/nowhere/p"), std::string::npos);
}

}  // namespace
}  // namespace lunar::cli
