// SPDX-License-Identifier: GPL-2.0-or-later
// Small text forms that shell, files and tree share: sizes, world wide names, portal addresses.
// Pure functions.
#ifndef LUNAR_TEXT_H_
#define LUNAR_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/result.h"

namespace lunar {

class Host;

// "10G", "512", "64MiB", "1 kb": a whole number, then k, m, g or t, an optional i, an optional b,
// in any case; base 1024. Error text: `Cannot interpret size, wrong format: X`; a value beyond 64
// bits is refused with the same text and a hint.
Result<uint64_t> parse_size(std::string_view text);

// "100.0MiB", "512 bytes": the form in listings.
std::string format_size(uint64_t bytes);

// A whole decimal number with an optional sign and nothing else; nullopt-like error text
// `'X' is not a number`.
Result<int64_t> parse_number(std::string_view text);

enum class WwnType { kIqn, kNaa, kEui, kUnitSerial };

struct Wwn {
  std::string name;  // in the standard form: lower case, prefix, no separators in naa and eui
  WwnType type = WwnType::kIqn;
};

// The types an iSCSI target's or initiator's name may have, in the order in which they are tried.
const std::vector<WwnType>& iscsi_wwn_types();

// Brings a name into the standard form. Error text: `WWN not valid as: iqn, naa, eui`; the hint
// shows the form of a name.
Result<Wwn> normalize_wwn(std::string_view name,
                          const std::vector<WwnType>& types = iscsi_wwn_types());

// A new name: iqn.2003-01.org.linux-iscsi.<host>.<machine>:sn.<12 hex>, naa.5001405<9 hex>,
// eui.001405<10 hex>, or a UUID for a unit serial.
std::string generate_wwn(WwnType type, Host& host);

// "iqn", "naa", "eui", "unit_serial".
const char* wwn_type_name(WwnType type);

// Puts an IPv6 address into brackets, leaves everything else alone: "::0" -> "[::0]".
std::string bracket_address(std::string_view address);

// Whether it is an IPv4 address, or an IPv6 address with or without brackets (a %scope is allowed).
bool is_ip_address(std::string_view address);

}  // namespace lunar

#endif  // LUNAR_TEXT_H_
