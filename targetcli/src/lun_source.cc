// SPDX-License-Identifier: GPL-2.0-or-later
#include "lun_source.h"

#include "paths.h"
#include "text.h"

namespace lunar::cli {

std::optional<int> lun_number(const std::string& text) {
  std::string digits = starts_with(lower(text), "lun") ? text.substr(3) : text;
  if (!is_digits(digits)) return std::nullopt;
  auto number = to_number(digits);
  if (!number || *number > kMaxTpgLun) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<Lun> lun_of(const Tpg& tpg, const StorageObject& object) {
  for (const Lun& lun : must(tpg.luns())) {
    auto other = lun.storage_object();
    if (other && other->path() == object.path()) return lun;
  }
  return std::nullopt;
}

StorageObject LunSource::object(const std::string& text, const char* refusal) {
  if (NodePtr node = call_.tree.find_storage_object(call_.node, text))
    return node->as<StorageObject>();
  auto made = call_.root().create_from_path(configured_path(text));
  if (!made) throw CommandError(refusal, made.error().message());
  undo_.add([object = *made] { object.remove().ignore(); });
  said_.push_back("Created storage object " + made->name() + ".");
  return *made;
}

Lun LunSource::lun(const std::string& text) {
  const Tpg& tpg = call_.node->tpg();
  if (auto number = lun_number(text)) {
    auto lun = must(tpg.find_lun(*number));
    if (!lun) throw CommandError("LUN " + std::to_string(*number) + " does not exist in this TPG");
    return *lun;
  }
  StorageObject backing = object(text, "LUN, storage object, or path not valid");
  if (auto existing = lun_of(tpg, backing)) return *existing;
  Lun lun = must(tpg.create_lun(backing));
  undo_.add([lun] { lun.remove().ignore(); });
  said_.push_back("Created LUN " + std::to_string(lun.index()) + ".");
  return lun;
}

}  // namespace lunar::cli
