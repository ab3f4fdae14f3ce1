// SPDX-License-Identifier: GPL-2.0-or-later
// Whole sessions, as a script on standard input shows them: transcripts/NAME.in gives the lines,
// NAME.out everything that is printed. TARGETCLI_REGENERATE=1 writes NAME.out anew.
#include <cstdlib>
#include <sstream>

#include "fixture.h"
#include "run.h"

namespace lunar::cli {
namespace {

struct Transcript {
  const char* name;
  bool has_ipv6;
};

class TranscriptTest : public ShellTest, public testing::WithParamInterface<Transcript> {};

std::string without_directory(std::string text, const std::string& directory) {
  for (auto at = text.find(directory); at != std::string::npos; at = text.find(directory))
    text.erase(at, directory.size());
  return text;
}

TEST_P(TranscriptTest, IsReproduced) {
  setup_.has_ipv6 = GetParam().has_ipv6;
  BlockDevice disk;
  disk.size = 1u << 30;
  host_.devices["/dev/sdb"] = disk;
  host_.disks["sdb"] = disk.size;
  restart();
  std::string base = std::string(TARGETCLI_TRANSCRIPTS) + "/" + GetParam().name;
  std::istringstream in(read_text(base + ".in"));
  std::ostringstream out;
  EXPECT_EQ(run_script(*shell_, in, false, {out, out}), 0);
  std::string text = without_directory(out.str(), dir_.path());
  if (std::getenv("TARGETCLI_REGENERATE")) write_text(base + ".out", text);
  EXPECT_EQ(text, read_text(base + ".out"));
  EXPECT_NE(text.size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(All, TranscriptTest,
                         testing::Values(Transcript{"walkthrough-files", true},
                                         Transcript{"walkthrough-block", true},
                                         Transcript{"stock-lio", false},
                                         Transcript{"mistakes", true}),
                         [](const auto& info) {
                           std::string name = info.param.name;
                           for (char& c : name)
                             if (c == '-') c = '_';
                           return name;
                         });

}  // namespace
}  // namespace lunar::cli
