// SPDX-License-Identifier: GPL-2.0-or-later
#include "lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "error.h"
#include "fixture.h"

namespace lunar::cli {
namespace {

class LockTest : public ShellTest {
 protected:
  LockTest() {
    setup_.lock_timeout = std::chrono::milliseconds(50);
    restart();
  }

  int hold() const {
    int fd = ::open(setup_.lock_file.c_str(), O_RDWR | O_CREAT, 0600);
    EXPECT_EQ(::flock(fd, LOCK_EX | LOCK_NB), 0);
    return fd;
  }
};

TEST_F(LockTest, NamesTheHolderAfterTheTimeout) {
  int fd = hold();
  std::string error = refused("/iscsi create");
  EXPECT_NE(error.find("process " + std::to_string(::getpid())), std::string::npos) << error;
  EXPECT_NE(error.find("targetcli_test"), std::string::npos) << error;
  ::close(fd);
}

TEST_F(LockTest, ReadingNeedsNone) {
  int fd = hold();
  ok("/ ls");
  ok("/ get global auto_save_on_exit");
  ok("/ set global auto_save_on_exit=false");
  ok("/ sessions");
  ::close(fd);
}

TEST_F(LockTest, IsGivenBackAfterEachCommand) {
  ok("/iscsi create");
  ::close(hold());
  fails("/iscsi create wrong");
  ::close(hold());
}

TEST_F(LockTest, SaysWhyTheFileCannotBeOpened) {
  setup_.lock_file = dir_.path() + "/run/lock";
  restart();
  ok("/iscsi create");
  setup_.lock_file = "/proc/none/lock";
  restart();
  EXPECT_NE(refused("/iscsi create").find("No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace lunar::cli
