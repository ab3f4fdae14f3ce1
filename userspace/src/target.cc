// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/target.h"

#include <cerrno>
#include <limits>
#include <set>

#include "listing.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {

Result<std::vector<std::string>> list_directories(Fs& fs, const std::string& path) {
  const Result<std::vector<DirEntry>> entries = fs.list(path);
  if (!entries && entries.error().err == ENOENT) return std::vector<std::string>{};
  if (!entries) return entries.error();
  std::vector<std::string> names;
  for (const DirEntry& entry : *entries) {
    if (entry.type == FileType::kDirectory) names.push_back(entry.name);
  }
  return names;
}

Result<std::vector<int>> list_numbers(Fs& fs, const std::string& path, const std::string& prefix) {
  LUNAR_TRY_ASSIGN(names, list_directories(fs, path));
  std::vector<int> numbers;
  for (const std::string& name : names) {
    if (const std::optional<int> number = number_after(name, prefix)) numbers.push_back(*number);
  }
  return numbers;
}

std::optional<int> lowest_free(const std::vector<int>& used, int first, int last) {
  const std::set<int> taken(used.begin(), used.end());
  for (int number = first; number <= last; ++number) {
    if (!taken.contains(number)) return number;
  }
  return std::nullopt;
}

Target::Target(const Context* context, std::string wwn)
    : Node(context, context->fabric + "/" + wwn), wwn_(std::move(wwn)) {}

Result<std::vector<Tpg>> Target::tpgs() const {
  LUNAR_TRY_ASSIGN(tags, list_numbers(fs(), path_, "tpgt_"));
  std::vector<Tpg> out;
  for (int tag : tags) out.emplace_back(context_, path_, tag);
  return out;
}

Result<std::optional<Tpg>> Target::find_tpg(int tag) const {
  Tpg tpg(context_, path_, tag);
  if (!tpg.exists()) return std::optional<Tpg>();
  return std::optional<Tpg>(std::move(tpg));
}

Result<Tpg> Target::create_tpg(std::optional<int> tag) const {
  if (tag && *tag < 0) return make_error("The TPG Tag must be >=0");
  if (tag && *tag > std::numeric_limits<uint16_t>::max()) {
    return make_error("Could not create TPG in configFS", EINVAL, "tags go from 0 to 65535");
  }
  if (!tag) {
    LUNAR_TRY_ASSIGN(tags, list_numbers(fs(), path_, "tpgt_"));
    tag = lowest_free(tags, 1, std::numeric_limits<uint16_t>::max());
    if (!tag) return make_error("Cannot find an available TPG Tag");
  }
  Tpg tpg(context_, path_, *tag);
  LUNAR_TRY(tpg.create_directory("TPG"));
  return tpg;
}

Status Target::remove() const {
  LUNAR_TRY_ASSIGN(groups, tpgs());
  for (const Tpg& tpg : groups) LUNAR_TRY(tpg.remove());
  return fs().rmdir(path_);
}

}  // namespace lunar
