// SPDX-License-Identifier: GPL-2.0-or-later
// Command line of lunar-initiator. Output of `run` is TAP, one line per scenario.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "check.h"
#include "disk.h"
#include "modes.h"
#include "peers.h"
#include "scenario.h"

namespace initiator {
namespace {

constexpr char kUsage[] =
    "usage: lunar-initiator COMMAND [OPTIONS]\n"
    "  list                     scenarios: name, profile, kind, what must hold\n"
    "  run [NAME...]            run them; the filters below choose among all\n"
    "  sessions N               open N sessions and hold them until stdin ends\n"
    "  stall N --step K         N clients stop at step K (0-5) of the login until stdin ends\n"
    "  login [--limit MS]       one login, timed\n"
    "  load N --seconds S       N sessions read and write\n"
    "  misbehave KIND           one bad peer until stdin ends (an unknown KIND lists them)\n"
    "  disk /dev/nbdN --mb N    a disk that answers when it is told to (disk.h)\n"
    "  ask-disk WORD [N]        tells it\n"
    "options:\n"
    "  --target IP:PORT --iqn IQN [--initiator NAME]\n"
    "  [--user U --password P [--mutual-user U --mutual-password P]]\n"
    "  [--group G] [--profile P] [--tag conforming|hostile] [--fabric lunar|lio] [--all]\n"
    "--fabric lio leaves out what stock LIO is known not to do; --all runs it all the same.\n";

struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::string> values;
  bool all = false;

  std::string value(const std::string& name, const std::string& otherwise = "") const {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : found->second;
  }
  unsigned number(const std::string& name, unsigned otherwise) const {
    const std::string text = value(name);
    return text.empty() ? otherwise
                        : static_cast<unsigned>(std::strtoul(text.c_str(), nullptr, 10));
  }
};

constexpr const char* kOptions[] = {
    "--target",          "--iqn",     "--initiator", "--user", "--password", "--mutual-user",
    "--mutual-password", "--group",   "--profile",   "--tag",  "--fabric",   "--step",
    "--limit",           "--seconds", "--mb"};

Arguments parse(int argc, char** argv) {
  Arguments out;
  for (int i = 1; i < argc; i++) {
    const std::string word = argv[i];
    if (word == "--all") {
      out.all = true;
    } else if (word.rfind("--", 0) != 0) {
      out.words.push_back(word);
    } else {
      check(std::count(std::begin(kOptions), std::end(kOptions), word) == 1,
            "unknown option " + word);
      check(i + 1 < argc, word + " needs a value");
      out.values[word] = argv[++i];
    }
  }
  return out;
}

Options options_from(const Arguments& arguments) {
  Options out;
  out.address = arguments.value("--target", out.address);
  out.target = arguments.value("--iqn");
  out.initiator = arguments.value("--initiator", out.initiator);
  out.user = arguments.value("--user");
  out.password = arguments.value("--password");
  out.mutual_user = arguments.value("--mutual-user");
  out.mutual_password = arguments.value("--mutual-password");
  out.stock_lio = arguments.value("--fabric", "lunar") == "lio";
  return out;
}

const char* kind_name(Kind kind) { return kind == Kind::kConforming ? "conforming" : "hostile"; }

bool chosen(const Scenario& scenario, const Arguments& arguments) {
  const auto& words = arguments.words;
  if (words.size() > 1 && std::find(words.begin() + 1, words.end(), scenario.name) == words.end())
    return false;
  return arguments.value("--group", scenario.group()) == scenario.group() &&
         arguments.value("--profile", scenario.profile) == scenario.profile &&
         arguments.value("--tag", kind_name(scenario.kind)) == kind_name(scenario.kind);
}

int list(const Arguments& arguments) {
  for (const Scenario* scenario : all_scenarios()) {
    if (!chosen(*scenario, arguments)) continue;
    std::printf("%-30s %-12s %-11s %s", scenario->name, scenario->profile,
                kind_name(scenario->kind), scenario->about);
    if (scenario->lio != nullptr) std::printf(" [stock LIO: %s]", scenario->lio);
    std::printf("\n");
  }
  return 0;
}

// A target that survives a hostile scenario but serves nobody afterwards has failed it.
std::string verdict(const Scenario& scenario, const Options& options) {
  try {
    scenario.run(options);
  } catch (const std::exception& failure) {
    return failure.what();
  }
  if (scenario.kind == Kind::kConforming || std::strcmp(scenario.profile, "closed") == 0) return "";
  try {
    probe(options);
  } catch (const std::exception& failure) {
    return std::string("afterwards a good login does not work: ") + failure.what();
  }
  return "";
}

int run(const Arguments& arguments) {
  const Options options = options_from(arguments);
  check(!options.target.empty(), "run needs --iqn");
  unsigned number = 0;
  unsigned failed = 0;
  for (const Scenario* scenario : all_scenarios()) {
    if (!chosen(*scenario, arguments)) continue;
    number++;
    if (options.stock_lio && !arguments.all && scenario->lio != nullptr) {
      std::printf("ok %u %s # SKIP stock LIO %s\n", number, scenario->name, scenario->lio);
      continue;
    }
    // The name is out before it runs: a kernel that dies says in which scenario.
    std::printf("# %s\n", scenario->name);
    std::fflush(stdout);
    const auto start = std::chrono::steady_clock::now();
    const std::string why = verdict(*scenario, options);
    const auto took =
        std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - start).count();
    std::printf("%s %u %s # %lld ms\n", why.empty() ? "ok" : "not ok", number, scenario->name,
                static_cast<long long>(took));
    if (!why.empty()) std::printf("#   %s\n#   must hold: %s\n", why.c_str(), scenario->about);
    std::fflush(stdout);
    failed += why.empty() ? 0 : 1;
  }
  std::printf("1..%u\n# %u of %u failed\n", number, failed, number);
  check(number > 0, "no scenario matches");
  return failed == 0 ? 0 : 1;
}

unsigned count_of(const Arguments& arguments) {
  check(arguments.words.size() == 2, "'" + arguments.words[0] + "' needs a count");
  const unsigned count =
      static_cast<unsigned>(std::strtoul(arguments.words[1].c_str(), nullptr, 10));
  check(count > 0, "the count must be at least 1");
  return count;
}

std::string join(std::vector<std::string>::const_iterator from,
                 std::vector<std::string>::const_iterator to) {
  std::string out;
  for (; from != to; ++from) out += (out.empty() ? "" : " ") + *from;
  return out;
}

int dispatch(const Arguments& arguments) {
  const std::string command = arguments.words.empty() ? "" : arguments.words[0];
  const Options options = options_from(arguments);
  if (command == "list") return list(arguments);
  if (command == "run") return run(arguments);
  if (command == "sessions") return hold_sessions(options, count_of(arguments));
  if (command == "stall")
    return hold_stalled(options, count_of(arguments), arguments.number("--step", 0));
  if (command == "login") return timed_login(options, arguments.number("--limit", 0));
  if (command == "load")
    return load(options, count_of(arguments), arguments.number("--seconds", 10));
  if (command == "disk") {
    check(arguments.words.size() == 2, "'disk' needs a device");
    return serve_disk(arguments.words[1], arguments.number("--mb", 64));
  }
  if (command == "ask-disk")
    return ask_disk(join(arguments.words.begin() + 1, arguments.words.end()));
  if (command == "misbehave")
    return misbehave(options, arguments.words.size() > 1 ? arguments.words[1] : "");
  std::fputs(kUsage, stderr);
  return 2;
}

}  // namespace
}  // namespace initiator

int main(int argc, char** argv) {
  try {
    return initiator::dispatch(initiator::parse(argc, argv));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lunar-initiator: %s\n", failure.what());
    return 2;
  }
}
