// SPDX-License-Identifier: GPL-2.0-or-later
// File names as users type them, and names of the host's files that the shell decides on.
#ifndef LUNAR_TARGETCLI_PATHS_H_
#define LUNAR_TARGETCLI_PATHS_H_

#include <string>
#include <vector>

namespace lunar::cli {

/** "~/x" with the home directory in place of "~"; anything else as it is. */
std::string expand_home(const std::string& path);

/**
 * The name that goes into the configuration: "~" expanded and, when relative, made absolute here,
 * because a relative name means something else at the next boot.
 */
std::string configured_path(const std::string& path);

/**
 * Where the configuration is saved below `root` ("" on a real host): /etc/target/saveconfig.json,
 * or /etc/rtslib-fb-target/saveconfig.json where that file exists already, or its directory and not
 * the first file. Debian's Python targetcli uses the latter, and the tools around it look there
 * first; a host that was set up with it keeps its file, and beside it (dbroot) the persistent
 * reservations that the kernel has saved. Everything that needs the default name asks this
 * function.
 */
std::string default_save_file(const std::string& root);

/**
 * Whether a file may be saved under this name: its directory is there, or one mkdir away. More
 * missing levels than one are a slip of the pen, not a wish.
 */
bool directory_in_reach(const std::string& file);

/** $TARGETCLI_HOME or ~/.targetcli; "" when there is no home directory. */
std::string prefs_directory();

/** Whether the kernel has IPv6: /proc/net/if_inet6 is there. */
bool kernel_has_ipv6(const std::string& root);

/** Entries of the file system that start with `text`; directories end in '/' and come last. */
std::vector<std::string> matching_files(const std::string& text, bool regular, bool block);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_PATHS_H_
