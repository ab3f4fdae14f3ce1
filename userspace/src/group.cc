// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cerrno>
#include <utility>

#include "lunar/node.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr size_t kMaxCredential = 255;

struct Alias {
  const char* name;
  const char* file;
};
constexpr Alias kAuthNames[] = {
    {"mutual_password", "password_mutual"},
    {"mutual_userid", "userid_mutual"},
    {"password", "password"},
    {"userid", "userid"},
};
constexpr Alias kEnable = {"enable", "enforce_discovery_auth"};

// In the order of their names.
constexpr const char* kAluaNames[] = {
    "alua_access_state",
    "alua_access_status",
    "alua_access_type",
    "alua_support_active_nonoptimized",
    "alua_support_active_optimized",
    "alua_support_lba_dependent",
    "alua_support_offline",
    "alua_support_standby",
    "alua_support_transitioning",
    "alua_support_unavailable",
    "alua_write_metadata",
    "implicit_trans_secs",
    "members",
    "nonop_delay_msecs",
    "preferred",
    "tg_pt_gp_id",
    "trans_delay_msecs",
};
// What rtslib and the shell never write, whatever the file's mode.
constexpr const char* kAluaReadOnly[] = {"alua_support_lba_dependent", "members", "tg_pt_gp_id"};

bool is_auth(Group::Kind kind) {
  return kind == Group::Kind::kAuth || kind == Group::Kind::kDiscoveryAuth;
}

bool is_credential(Group::Kind kind, std::string_view name) {
  if (!is_auth(kind)) return false;
  return std::any_of(std::begin(kAuthNames), std::end(kAuthNames),
                     [&](const Alias& alias) { return alias.name == name; });
}

std::vector<std::string> fixed_names(Group::Kind kind) {
  std::vector<std::string> names;
  if (kind == Group::Kind::kDiscoveryAuth) names.emplace_back(kEnable.name);
  if (is_auth(kind)) {
    for (const Alias& alias : kAuthNames) names.emplace_back(alias.name);
  } else if (kind == Group::Kind::kAlua) {
    names.assign(std::begin(kAluaNames), std::end(kAluaNames));
  }
  return names;
}

bool read_only_here(Group::Kind kind, std::string_view name) {
  return kind == Group::Kind::kAlua && std::find(std::begin(kAluaReadOnly), std::end(kAluaReadOnly),
                                                 name) != std::end(kAluaReadOnly);
}

// true/false/1/0 in any case to the digit; anything else stays as it is for the kernel to refuse.
std::string switch_digit(std::string_view value) {
  const std::string text = lower(strip(value));
  if (text == "true") return "1";
  if (text == "false") return "0";
  return text;
}

Status check_credential(std::string_view value) {
  if (value == "NULL") return make_error("'NULL' is not a permitted value");
  if (value.size() > kMaxCredential) {
    return make_error("Value longer than maximum length of 255");
  }
  return {};
}

}  // namespace

Group::Group(const Context* context, Kind kind, std::string dir)
    : context_(context), kind_(kind), dir_(std::move(dir)) {}

const char* Group::name() const {
  switch (kind_) {
    case Kind::kAttribute:
      return "attribute";
    case Kind::kParameter:
      return "parameter";
    case Kind::kAuth:
      return "auth";
    case Kind::kDiscoveryAuth:
      return "discovery_auth";
    case Kind::kAlua:
      return "alua";
  }
  return "";
}

std::string Group::file(std::string_view name) const {
  if (kind_ == Kind::kDiscoveryAuth && name == kEnable.name) return kEnable.file;
  if (is_auth(kind_)) {
    for (const Alias& alias : kAuthNames) {
      if (alias.name == name) return alias.file;
    }
  }
  return std::string(name);
}

const AttributeSpec* Group::spec(std::string_view name) const {
  return context_->schema->attribute(context_->schema_path(dir_ + "/" + file(name)));
}

Result<GroupEntry> Group::entry(std::string_view name) const {
  const std::vector<std::string> fixed = fixed_names(kind_);
  const bool known = fixed.empty() || std::find(fixed.begin(), fixed.end(), name) != fixed.end();
  const bool plain = !name.empty() && name.find('/') == std::string_view::npos && name != "..";
  Result<FileStat> found = FileStat{};
  if (known && plain) found = context_->fs->stat(dir_ + "/" + file(name));
  if (!found && found.error().err != ENOENT) return found.error();
  if (!found || found->type != FileType::kFile) {
    const char* what = kind_ == Kind::kParameter ? "parameter" : "attribute";
    return make_error(std::string("Cannot find ") + what + ": " + std::string(name));
  }
  return GroupEntry{std::string(name), found->readable(),
                    found->writable() && !read_only_here(kind_, name), spec(name)};
}

Result<std::vector<GroupEntry>> Group::entries() const {
  std::vector<std::string> names = fixed_names(kind_);
  if (names.empty()) {
    const Result<std::vector<DirEntry>> listed = context_->fs->list(dir_);
    if (!listed && listed.error().err == ENOENT) return std::vector<GroupEntry>{};
    if (!listed) return listed.error();
    for (const DirEntry& item : *listed) names.push_back(item.name);
  }
  std::sort(names.begin(), names.end());
  std::vector<GroupEntry> out;
  for (const std::string& name : names) {
    Result<GroupEntry> found = entry(name);
    if (!found && found.error().err != 0) return found.error();
    if (found) out.push_back(*std::move(found));
  }
  return out;
}

Result<std::string> Group::get(std::string_view name) const {
  const Result<GroupEntry> found = entry(name);
  if (!found && found.error().err == 0 && kind_ == Kind::kParameter) {
    return make_error("Cannot find RFC-3720 parameter: " + std::string(name));
  }
  if (!found) return found.error();
  LUNAR_TRY_ASSIGN(text, context_->fs->read(dir_ + "/" + file(name)));
  std::string value(strip(text));
  if (is_credential(kind_, name)) return value == "NULL" ? std::string() : value;
  if (is_auth(kind_)) return std::string(value == "0" ? "False" : "True");
  if (kind_ == Kind::kAlua && found->spec != nullptr && found->spec->type == ValueType::kIndex) {
    const std::vector<std::string>& texts = found->spec->values;
    const auto at = std::find(texts.begin(), texts.end(), value);
    if (at != texts.end()) return std::to_string(at - texts.begin());
  }
  return value;
}

Status Group::set(std::string_view name, std::string_view value) const {
  LUNAR_TRY_ASSIGN(found, entry(name));
  if (!found.writable) {
    Error error = make_error("Parameter " + std::string(name) + " is read-only.");
    error.path = dir_ + "/" + file(name);
    return error;
  }
  const bool has_switch = kind_ == Kind::kDiscoveryAuth && name == kEnable.name;
  if (found.spec != nullptr && found.spec->numeric() && !is_credential(kind_, name)) {
    const std::string text = has_switch ? switch_digit(value) : std::string(strip(value));
    LUNAR_TRY(found.spec->validate_type(text));
  }
  return write_file(name, value);
}

// One system call less than set(): a restore makes thousands of these.
Status Group::set_raw(std::string_view name, std::string_view value) const {
  if (name.empty() || name.find('/') != std::string_view::npos) return entry(name).error();
  Status done = write_file(name, value);
  if (done || done.error().err != ENOENT) return done;
  const Result<GroupEntry> found = entry(name);
  return found ? done : Status(found.error());
}

Status Group::write_file(std::string_view name, std::string_view value) const {
  std::string text(value);
  if (is_credential(kind_, name)) {
    text = std::string(strip(value));
    LUNAR_TRY(check_credential(text));
    if (text.empty()) text = "NULL";
  } else if (is_auth(kind_)) {
    text = switch_digit(value);
  } else if (kind_ == Kind::kParameter) {
    text += '\n';
  }
  Status done = context_->fs->write(dir_ + "/" + file(name), text);
  if (done) return done;
  Error error = std::move(done).error();
  const char* what = kind_ == Kind::kParameter ? "parameter " : "attribute ";
  error.text = std::string("Cannot set ") + what + std::string(name);
  const AttributeSpec* known = spec(name);
  if (known != nullptr && !is_credential(kind_, name)) {
    const std::string_view plain = strip(text);
    error.value = plain;
    error.hint = known->validate(plain).ok() ? known->doc : "allowed: " + known->allowed();
  }
  return error;
}

}  // namespace lunar
