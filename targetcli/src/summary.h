// SPDX-License-Identifier: GPL-2.0-or-later
// The text in the brackets of `ls` and `status`, one function per kind of node.
#ifndef LUNAR_TARGETCLI_SUMMARY_H_
#define LUNAR_TARGETCLI_SUMMARY_H_

#include "tree.h"

namespace lunar::cli {

/** Throws CommandError when a file that the text needs cannot be read. */
Summary node_summary(const Tree& tree, const NodePtr& node);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_SUMMARY_H_
