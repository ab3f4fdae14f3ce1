// SPDX-License-Identifier: GPL-2.0-or-later
// Every file of scenarios/ gives one table.
#ifndef LUNAR_TESTS_INITIATOR_SCENARIOS_TABLES_H_
#define LUNAR_TESTS_INITIATOR_SCENARIOS_TABLES_H_

#include <cstddef>

#include "scenario.h"

namespace initiator {

struct Table {
  const Scenario* first;
  std::size_t size;
};

template <std::size_t N>
Table make_table(const Scenario (&scenarios)[N]) {
  return {scenarios, N};
}

Table login_table();        // login.*: every legal way through the stages
Table badlogin_table();     // badlogin.*, timeout.*: logins that are wrong or stop
Table keys_table();         // keys.*: negotiation results, and malformed text
Table auth_table();         // auth.*: CHAP
Table read_table();         // read.*: Data-In
Table write_table();        // write.*: immediate, unsolicited and solicited data
Table baddata_table();      // baddata.*: Data-Out that nobody asked for; cut connections
Table digest_table();       // digest.*
Table number_table();       // number.*: CmdSN, immediate delivery, pings
Table text_table();         // text.*: Text in full feature phase, discovery
Table tmf_table();          // tmf.*: task management
Table session_table();      // session.*: logout, reinstatement, second connections
Table badpdu_table();       // badpdu.*: opcodes, lengths and headers that are wrong
Table reservation_table();  // reservation.*: SPC-2 and SPC-3 over two sessions
Table held_table();         // held.*: commands that wait for their turn or the rest of their PDU
Table flood_table();        // flood.*: peers that send or ask without end, and what others get
Table protect_table();      // protect.*: what changes the medium, sent as something else
Table slow_disk_table();    // slow.*, ghost.*: commands that a disk holds

}  // namespace initiator

#endif  // LUNAR_TESTS_INITIATOR_SCENARIOS_TABLES_H_
