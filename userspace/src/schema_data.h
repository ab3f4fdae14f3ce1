// SPDX-License-Identifier: GPL-2.0-or-later
// The schema's JSON texts by file name, built into the library by embed.cmake.
#ifndef LUNAR_SRC_SCHEMA_DATA_H_
#define LUNAR_SRC_SCHEMA_DATA_H_

#include <map>
#include <string>

namespace lunar {

const std::map<std::string, std::string>& schema_data();

}  // namespace lunar

#endif  // LUNAR_SRC_SCHEMA_DATA_H_
