// SPDX-License-Identifier: GPL-2.0-or-later
// What the binary can do besides scenarios: many sessions, stalled clients, load, one timed login.
#ifndef LUNAR_TESTS_INITIATOR_MODES_H_
#define LUNAR_TESTS_INITIATOR_MODES_H_

#include "session.h"

namespace initiator {

// True when standard input has come to its end; waits at most that long.
bool input_ended(Milliseconds wait);

// Opens that many sessions of distinct initiator names, prints "holding N", and keeps them until
// standard input ends. Answers the target's pings meanwhile. Returns 1 when one of them breaks.
int hold_sessions(const Options& options, unsigned count);

// Opens that many connections which stop at a step of the login, prints "stalled N", and keeps
// them until standard input ends. Step 0 sends nothing, 1 half of the first PDU's header, 2 the
// header without its text, 3 stops after AuthMethod, 4 after CHAP_A, 5 after CHAP_N and CHAP_R
// (3 to 5 need credentials, without them they stop after as many operational PDUs).
int hold_stalled(const Options& options, unsigned count, unsigned step);
inline constexpr unsigned kStallSteps = 6;

// One login, TEST UNIT READY and Logout; prints "login took N ms"; 1 when it took more than limit.
int timed_login(const Options& options, unsigned limit_ms);

// Reads and writes on that many sessions until the target ends them or the seconds are over. A
// target that goes away is what this is for: prints "moved N commands", returns 1 only when no
// session got in or data came back wrong.
int load(const Options& options, unsigned sessions, unsigned seconds);

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_MODES_H_
