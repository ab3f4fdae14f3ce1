// SPDX-License-Identifier: GPL-2.0-or-later
// Listing directories of numbered or named nodes.
#ifndef LUNAR_SRC_LISTING_H_
#define LUNAR_SRC_LISTING_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lunar/fs.h"
#include "lunar/result.h"

namespace lunar {

// Names of the directories in a directory; none when it is not there.
Result<std::vector<std::string>> list_directories(Fs& fs, const std::string& path);

// The numbers N of directories called PREFIX_N in `path` ("lun_" -> 0, 3, ...), in its order.
Result<std::vector<int>> list_numbers(Fs& fs, const std::string& path, const std::string& prefix);

// The lowest number from `first` to `last` that is not among `used`.
std::optional<int> lowest_free(const std::vector<int>& used, int first, int last);

}  // namespace lunar

#endif  // LUNAR_SRC_LISTING_H_
