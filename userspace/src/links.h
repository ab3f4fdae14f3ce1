// SPDX-License-Identifier: GPL-2.0-or-later
// What LUNs and mapped LUNs share: a directory with one symlink in it, whose name is the alias.
#ifndef LUNAR_SRC_LINKS_H_
#define LUNAR_SRC_LINKS_H_

#include <optional>
#include <string>

#include "lunar/fs.h"
#include "lunar/host.h"
#include "lunar/result.h"

namespace lunar {

// The name of the first symlink in a directory; nullopt when there is none.
Result<std::optional<std::string>> find_link(Fs& fs, const std::string& dir);

// Removes the directory's symlink, if any, and the directory.
Status remove_linked(Fs& fs, const std::string& dir);

// Ten hexadecimal digits, as rtslib names links.
std::string new_alias(Host& host);

// An explicit alias without white space round it; refuses one with a slash.
// Text: `Invalid alias: A`.
Result<std::string> checked_alias(const std::string& alias, Host& host);

}  // namespace lunar

#endif  // LUNAR_SRC_LINKS_H_
