// SPDX-License-Identifier: GPL-2.0-or-later
// Where a LUN comes from when a user names it: a LUN number, a storage object's path, or a file or
// device for which a storage object is made first.
#ifndef LUNAR_TARGETCLI_LUN_SOURCE_H_
#define LUNAR_TARGETCLI_LUN_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "error.h"

namespace lunar::cli {

class LunSource {
 public:
  /** What is made on the way is added to `undo`, which must outlive this object. */
  LunSource(Call& call, Undo& undo) : call_(call), undo_(undo) {}

  /** The storage object a text names, made when it is a path of the file system. Throws
      CommandError with `refusal` when it is neither. */
  StorageObject object(const std::string& text, const char* refusal);

  /** The LUN of the call's TPG that a text names, made when the TPG has none for the object. */
  Lun lun(const std::string& text);

  /** What to tell the user about the things that were made. */
  const std::vector<std::string>& said() const { return said_; }

 private:
  Call& call_;
  Undo& undo_;
  std::vector<std::string> said_;
};

/** The TPG's LUN that exports a storage object; nothing if there is none. */
std::optional<Lun> lun_of(const Tpg& tpg, const StorageObject& object);

/** "3" or "lun3" in any case; nothing for any other text. */
std::optional<int> lun_number(const std::string& text);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_LUN_SOURCE_H_
