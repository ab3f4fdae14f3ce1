// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario is a function that talks to a target and throws Failure when the target was wrong.
// Tables of them, one per file of scenarios/, are joined in scenario.cc.
#ifndef LUNAR_TESTS_INITIATOR_SCENARIO_H_
#define LUNAR_TESTS_INITIATOR_SCENARIO_H_

#include <string>
#include <vector>

#include "session.h"

namespace initiator {

enum class Kind {
  kConforming,  // what a correct initiator does; every correct target passes
  kHostile,     // wrong, late or cut short; the target must refuse it and go on serving others
};

// How the target has to be set up for a scenario; the VM cases make one target for each.
//   plain        no authentication, any initiator, parameters as they come
//   unsolicited  the same with InitialR2T=No and MaxOutstandingR2T=4
//   chap         authentication of the initiator; mutual: of both sides
//   closed       no authentication, but an ACL only for another initiator
//   pinging      as plain with an ACL whose nopin_timeout and nopin_response_timeout are 3
//   protected    a block device with UNMAP as LUN 0, and read-only as LUN 1
//   slow         as plain with an ACL; LUN 0 is a disk that LUNAR_DISK holds (disk.h), 1 a RAM disk
struct Scenario {
  const char* name;  // group.what-it-does
  const char* profile;
  Kind kind;
  void (*run)(const Options& options);
  const char* about;  // one line: what must hold
  // Why stock LIO does not pass, or nullptr where it does: shown instead of running it there.
  const char* lio = nullptr;

  std::string group() const;
};

// All of them, in table order.
std::vector<const Scenario*> all_scenarios();

// A fresh session logs in, sees its disk and leaves: what must work after anything.
void probe(const Options& options);

// A session in full feature phase with its unit attentions taken away.
Session ready(const Options& options);
Session ready(const Options& options, const Keys& changed_offers);

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_SCENARIO_H_
