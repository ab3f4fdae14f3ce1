// SPDX-License-Identifier: GPL-2.0-or-later
// What helps a person after a slip of the pen. Nothing here reaches scripts: it is said where
// errors go to a terminal.
#ifndef LUNAR_TARGETCLI_ADVICE_H_
#define LUNAR_TARGETCLI_ADVICE_H_

#include <string>
#include <string_view>
#include <vector>

#include "tree.h"

namespace lunar::cli {

/**
 * The name nearest to a word: as few letters as possible put in, left out, changed or swapped with
 * the next one, at most a third of the word's, at least one, never more than three. "" when no name
 * is that near.
 */
std::string nearest(std::string_view word, const std::vector<std::string>& names);

/** "did you mean NAME?", or "". */
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

/** Why a node has no command of this name, as far as one can tell; "" when one cannot. */
std::string command_advice(const Tree& tree, const NodePtr& node, const std::string& name);

/** What makes a name that the shell takes no iSCSI name (RFC 7143 4.2.7.4); "" when nothing does.
 */
std::string name_flaw(const std::string& wwn);

/** Whether a line gives a CHAP secret a value; also when its name is misspelt. */
bool sets_secret(std::string_view line);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_ADVICE_H_
