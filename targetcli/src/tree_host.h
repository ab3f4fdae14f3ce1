// SPDX-License-Identifier: GPL-2.0-or-later
// The machine as the shell may use it: all of it, or, for a tree below --root, without touching the
// running kernel.
#ifndef LUNAR_TARGETCLI_TREE_HOST_H_
#define LUNAR_TARGETCLI_TREE_HOST_H_

#include <memory>

#include "lunar/host.h"

namespace lunar::cli {

/** `confined`: loads no module and mounts nothing; asking for it is an error. */
std::unique_ptr<Host> make_host(bool confined);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_TREE_HOST_H_
