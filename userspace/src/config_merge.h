// SPDX-License-Identifier: GPL-2.0-or-later
// What a save takes over from the file that it replaces.
#ifndef LUNAR_SRC_CONFIG_MERGE_H_
#define LUNAR_SRC_CONFIG_MERGE_H_

#include <string>

#include "lunar/saveconfig.h"

namespace lunar {

// Adds to `fresh` what `old` has and the library does not know: unknown keys of objects that are in
// both, and targets of fabrics other than `fabric`.
void carry_over(const Json& old, const std::string& fabric, Json& fresh);

// The old file with one storage object ("/backstores/PLUGIN/NAME") and the first target that uses
// it as they are in `fresh`; what is gone there goes from the file too.
Json merge_storage_object(const Json& old, const Json& fresh, const std::string& path);

}  // namespace lunar

#endif  // LUNAR_SRC_CONFIG_MERGE_H_
