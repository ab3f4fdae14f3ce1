// SPDX-License-Identifier: GPL-2.0-or-later
// The addresses of this host's interfaces.
#ifndef LUNAR_TARGETCLI_ADDRESS_H_
#define LUNAR_TARGETCLI_ADDRESS_H_

#include <string>
#include <vector>

namespace lunar::cli {

/** Of all interfaces, as text, sorted; empty when the kernel does not tell. */
std::vector<std::string> host_addresses();

/**
 * Whether nothing on this host has an IP address now: it can be listened on, but nobody reaches it.
 * Addresses that stand for all, 127.0.0.0/8, and what is no address are never foreign.
 */
bool is_foreign_address(const std::string& address);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_ADDRESS_H_
