// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario.h"

#include "scenarios/tables.h"

namespace initiator {

std::string Scenario::group() const {
  const std::string whole(name);
  return whole.substr(0, whole.find('.'));
}

std::vector<const Scenario*> all_scenarios() {
  std::vector<const Scenario*> out;
  for (const Table& table :
       {login_table(), badlogin_table(), keys_table(), auth_table(), read_table(), write_table(),
        baddata_table(), digest_table(), number_table(), text_table(), tmf_table(), session_table(),
        badpdu_table(), reservation_table(), held_table(), flood_table(), protect_table(),
        slow_disk_table()}) {
    for (std::size_t i = 0; i < table.size; i++) out.push_back(&table.first[i]);
  }
  return out;
}

Session ready(const Options& options, const Keys& changed_offers) {
  Session session(options);
  for (const auto& [name, value] : changed_offers) set_key(session.offers, name, value);
  session.login();
  session.clear_attention();
  return session;
}

Session ready(const Options& options) { return ready(options, {}); }

void probe(const Options& options) {
  Session session = ready(options);
  session.good(read10(0, 1));
  check_equal(session.logout(), 0, "Logout response of the session that looks after a scenario");
}

}  // namespace initiator
