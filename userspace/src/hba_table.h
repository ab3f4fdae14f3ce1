// SPDX-License-Identifier: GPL-2.0-or-later
// Which HBA directories and storage objects there are: needed to choose the next index and to
// notice a name that is taken, without reading the whole tree for each new object.
#ifndef LUNAR_SRC_HBA_TABLE_H_
#define LUNAR_SRC_HBA_TABLE_H_

#include <set>
#include <string>
#include <vector>

#include "lunar/backstore.h"
#include "lunar/fs.h"
#include "lunar/root.h"

namespace lunar {

// One storage object's place.
struct HbaEntry {
  std::string prefix;  // "fileio"
  int index = 0;
  std::string hba;   // "fileio_0"
  std::string name;  // of the storage object; empty for an empty HBA directory
};

// Every storage object and every empty HBA directory below core/, in the directory's order.
Result<std::vector<HbaEntry>> scan_core(Fs& fs);

struct Root::HbaTable {
  std::set<int> used;             // indices of all HBA directories
  std::set<std::string> objects;  // "fileio/disk1"
  int lowest = 0;                 // no index below is free

  static Result<HbaTable> read(Fs& fs);
  int free_index();
  void add(const std::string& prefix, int index, const std::string& name);
  void remove(const std::string& prefix, int index, const std::string& name);
};

}  // namespace lunar

#endif  // LUNAR_SRC_HBA_TABLE_H_
