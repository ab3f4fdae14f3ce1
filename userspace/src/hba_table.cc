// SPDX-License-Identifier: GPL-2.0-or-later
#include "hba_table.h"

#include <algorithm>

#include "listing.h"
#include "string_util.h"
#include "try.h"

namespace lunar {

Result<std::vector<HbaEntry>> scan_core(Fs& fs) {
  LUNAR_TRY_ASSIGN(hbas, list_directories(fs, "core"));
  std::vector<HbaEntry> out;
  for (const std::string& hba : hbas) {
    const size_t cut = hba.rfind('_');
    if (cut == std::string::npos) continue;
    const std::optional<int> index = number_after(hba, hba.substr(0, cut + 1));
    if (!index) continue;
    LUNAR_TRY_ASSIGN(names, list_directories(fs, "core/" + hba));
    if (names.empty()) names.emplace_back();
    for (std::string& name : names) {
      out.push_back({hba.substr(0, cut), *index, hba, std::move(name)});
    }
  }
  return out;
}

Result<Root::HbaTable> Root::HbaTable::read(Fs& fs) {
  LUNAR_TRY_ASSIGN(entries, scan_core(fs));
  HbaTable table;
  for (const HbaEntry& entry : entries) table.add(entry.prefix, entry.index, entry.name);
  return table;
}

int Root::HbaTable::free_index() {
  while (used.contains(lowest)) ++lowest;
  return lowest;
}

void Root::HbaTable::add(const std::string& prefix, int index, const std::string& name) {
  used.insert(index);
  if (!name.empty()) objects.insert(prefix + "/" + name);
}

void Root::HbaTable::remove(const std::string& prefix, int index, const std::string& name) {
  used.erase(index);
  objects.erase(prefix + "/" + name);
  lowest = std::min(lowest, index);
}

}  // namespace lunar
