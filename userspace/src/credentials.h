// SPDX-License-Identifier: GPL-2.0-or-later
// Reading the four CHAP credentials of a group.
#ifndef LUNAR_SRC_CREDENTIALS_H_
#define LUNAR_SRC_CREDENTIALS_H_

#include <cerrno>

#include "lunar/node.h"
#include "try.h"

namespace lunar {

// Files that the kernel does not have read as unset.
inline Result<ChapCredentials> read_credentials(const Group& group) {
  ChapCredentials out;
  const std::pair<const char*, std::string*> fields[] = {{"userid", &out.userid},
                                                         {"password", &out.password},
                                                         {"mutual_userid", &out.mutual_userid},
                                                         {"mutual_password", &out.mutual_password}};
  for (const auto& [name, value] : fields) {
    Result<std::string> text = group.get(name);
    if (!text && text.error().err == 0) continue;
    if (!text) return text.error();
    *value = *std::move(text);
  }
  return out;
}

}  // namespace lunar

#endif  // LUNAR_SRC_CREDENTIALS_H_
