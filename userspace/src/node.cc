// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/node.h"

#include <cerrno>

#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

struct Explanation {
  int err;
  const char* hint;
};
// What mkdir's refusals mean in this tree.
constexpr Explanation kMkdirHints[] = {
    {ENOENT, "its parent is not there, or the kernel module is not loaded"},
    {EPERM, "nothing can be made here"},
    {EACCES, "this needs root"},
    {EADDRINUSE, "something else listens on this address and port"},
    {EADDRNOTAVAIL, "no interface of this host has this address"},
    {EAFNOSUPPORT, "this host has no IPv6"},
    {EINVAL, "the kernel does not accept this name"},
};

std::string mkdir_hint(int err) {
  for (const Explanation& known : kMkdirHints) {
    if (known.err == err) return known.hint;
  }
  return {};
}

}  // namespace

std::string Context::schema_path(const std::string& path) const {
  if (fabric == "iscsi" || !path.starts_with(fabric)) return path;
  if (path.size() > fabric.size() && path[fabric.size()] != '/') return path;
  return "iscsi" + path.substr(fabric.size());
}

bool Node::exists() const {
  const Result<FileStat> found = fs().stat(path_);
  return found && found->type == FileType::kDirectory;
}

Result<std::string> Node::read(const std::string& name) const {
  LUNAR_TRY_ASSIGN(text, fs().read(path_ + "/" + name));
  return std::string(strip(text));
}

Status Node::write(const std::string& name, std::string_view value) const {
  Status done = fs().write(path_ + "/" + name, value);
  if (done) return done;
  Error error = std::move(done).error();
  const AttributeSpec* spec =
      context_->schema->attribute(context_->schema_path(path_ + "/" + name));
  if (spec == nullptr || !spec->secret) error.value = std::string(strip(value));
  if (spec != nullptr && error.err == EINVAL) {
    const bool fits = spec->validate(strip(value)).ok();
    error.hint = fits ? spec->doc : "allowed: " + spec->allowed();
  }
  return error;
}

Status Node::create_directory(const char* type) const {
  const Status made = fs().mkdir(path_);
  if (made) return made;
  const int err = made.error().err;
  Error error = err == EEXIST
                    ? make_error("This " + std::string(type) + " already exists in configFS")
                    : make_error("Could not create " + std::string(type) + " in configFS", err,
                                 mkdir_hint(err));
  error.operation = "create";
  error.path = path_;
  return error;
}

Status Node::require(const char* type) const {
  if (exists()) return {};
  Error error =
      make_error("No such " + std::string(type) + " in configfs: " + fs().root() + "/" + path_);
  error.path = path_;
  return error;
}

}  // namespace lunar
