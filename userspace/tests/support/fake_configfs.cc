// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/fake/fake_configfs.h"

#include <algorithm>
#include <cerrno>

#include "fake_item.h"

namespace lunar::fake {
namespace {

std::string parent_path(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// What mkdir of `name` would make in a directory.
const ChildSpec* child_spec(const DirSpec& dir, const std::string& name) {
  for (const ChildSpec& child : dir.children) {
    if (pattern_matches(child, name)) return &child;
  }
  return nullptr;
}

void escape(std::string& text) { std::replace(text.begin(), text.end(), '\n', '|'); }

}  // namespace

FakeConfigfs::Item* FakeConfigfs::Item::child(std::string_view child_name) const {
  const auto found = children.find(child_name);
  return found == children.end() ? nullptr : found->second.get();
}

FakeConfigfs::Item* FakeConfigfs::Item::at(std::string_view path) const {
  Item* item = const_cast<Item*>(this);
  while (item != nullptr && !path.empty()) {
    const size_t slash = path.find('/');
    item = item->child(path.substr(0, slash));
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  }
  return item;
}

FakeConfigfs::Item* FakeConfigfs::Item::owner() {
  Item* item = type == FileType::kDirectory ? this : parent;
  while (item->parent != nullptr && item->dir != &item->node->dir) item = item->parent;
  return item;
}

std::string FakeConfigfs::Item::path() const {
  if (parent == nullptr) return "";
  const std::string above = parent->path();
  return above.empty() ? name : above + "/" + name;
}

std::vector<const FakeConfigfs::Item*> FakeConfigfs::Item::newest_first() const {
  std::vector<const Item*> out;
  for (const auto& [key, item] : children) out.push_back(item.get());
  std::sort(out.begin(), out.end(),
            [](const Item* a, const Item* b) { return a->sequence > b->sequence; });
  return out;
}

std::string FakeConfigfs::Item::get(std::string_view path) const {
  const Item* file = at(path);
  return file == nullptr ? "" : file->value;
}

FakeConfigfs::FakeConfigfs(KernelVersion kernel, const Schema& schema)
    : kernel_(kernel),
      schema_(schema),
      root_(std::make_unique<Item>()),
      rules_(std::make_unique<Rules>(kernel)) {
  root_->node = &schema_.root();
  root_->dir = &root_->node->dir;
  root_->born = true;
  populate(*root_, *root_->dir, *root_->node);
  rules_->born(*root_);
}

FakeConfigfs::~FakeConfigfs() = default;

FakeConfigfs::Item* FakeConfigfs::find(const std::string& path) const { return root_->at(path); }

int FakeConfigfs::admit(const char* operation, const std::string& path, std::string_view value,
                        bool change) {
  log_.push_back({operation, path, std::string(value), 0});
  for (const auto& [suffix, err] : path_failures_) {
    if (path.ends_with(suffix)) return err;
  }
  if (countdown_ == 0 || (countdown_changes_only_ && !change)) return 0;
  if (--countdown_ > 0) return 0;
  failed_ = true;
  return countdown_err_;
}

Status FakeConfigfs::finish(int err) {
  Access& access = log_.back();
  access.err = err;
  if (err == 0) return {};
  Error error;
  error.operation = access.operation;
  error.path = access.path;
  error.err = err;
  return error;
}

FakeConfigfs::Item& FakeConfigfs::add(Item& parent, const std::string& name, FileType type) {
  auto item = std::make_unique<Item>();
  item->name = name;
  item->type = type;
  item->parent = &parent;
  item->node = parent.node;
  item->sequence = ++sequence_;
  return *parent.children.emplace(name, std::move(item)).first->second;
}

void FakeConfigfs::populate(Item& dir, const DirSpec& spec, const NodeSpec& node) {
  dir.dir = &spec;
  dir.node = &node;
  for (const AttributeSpec& attribute : spec.attributes) {
    if (!attribute.present(kernel_)) continue;
    Item& file = add(dir, attribute.name, FileType::kFile);
    file.mode = attribute.mode;
    file.attribute = &attribute;
    file.value = attribute.default_value.value_or("");
  }
  for (const DirSpec& sub : spec.dirs) {
    Item& item = add(dir, sub.name, FileType::kDirectory);
    item.born = true;
    populate(item, sub, node);
  }
  for (const BornSpec& born : spec.born) {
    Item& item = add(dir, born.name, FileType::kDirectory);
    item.born = true;
    const NodeSpec& kind = *schema_.node(born.kind);
    populate(item, kind.dir, kind);
    rules_->born(item);
  }
}

Result<std::string> FakeConfigfs::read(const std::string& path) {
  int err = admit("read", path, "", false);
  const Item* item = find(path);
  std::string text;
  if (err == 0 && item == nullptr) err = ENOENT;
  if (err == 0 && item->type != FileType::kFile) err = EISDIR;
  if (err == 0 && (item->mode & 0444) == 0) err = EACCES;
  if (err == 0) err = rules_->show(*item, &text);
  const Status done = finish(err);
  if (!done) return done.error();
  return text;
}

int FakeConfigfs::do_write(const std::string& path, std::string_view value) {
  Item* item = find(path);
  if (item == nullptr) return ENOENT;
  if (item->type != FileType::kFile) return EISDIR;
  if ((item->mode & 0222) == 0) return EACCES;
  return rules_->store(*item, value);
}

Status FakeConfigfs::write(const std::string& path, std::string_view value) {
  const int err = admit("write", path, value, true);
  return finish(err != 0 ? err : do_write(path, value));
}

int FakeConfigfs::do_mkdir(const std::string& path) {
  Item* parent = find(parent_path(path));
  const std::string name = last_part(path);
  if (parent == nullptr) return ENOENT;
  if (parent->type != FileType::kDirectory) return ENOTDIR;
  if (parent->child(name) != nullptr) return EEXIST;
  if (parent->dir->children.empty()) return EPERM;
  const ChildSpec* spec = child_spec(*parent->dir, name);
  if (spec == nullptr) return EINVAL;
  if (const int err = rules_->may_make(*parent, *spec, name); err != 0) return err;
  const NodeSpec& kind = *schema_.node(spec->kind);
  Item& item = add(*parent, name, FileType::kDirectory);
  populate(item, kind.dir, kind);
  rules_->born(item);
  return 0;
}

Status FakeConfigfs::mkdir(const std::string& path) {
  const int err = admit("mkdir", path, "", true);
  return finish(err != 0 ? err : do_mkdir(path));
}

namespace {

// Why a directory cannot go: somebody links to it (EBUSY), or something was made in it (ENOTEMPTY).
template <typename Item>
int pinned(const Item& dir) {
  if (!dir.links.empty()) return EBUSY;
  for (const auto& [name, item] : dir.children) {
    if (item->type == FileType::kFile) continue;
    if (!item->born) return ENOTEMPTY;
    if (const int err = pinned(*item); err != 0) return err;
  }
  return 0;
}

}  // namespace

int FakeConfigfs::do_rmdir(const std::string& path) {
  Item* item = find(path);
  if (item == nullptr) return ENOENT;
  if (item->type != FileType::kDirectory) return ENOTDIR;
  if (item->born) return EPERM;
  if (const int err = pinned(*item); err != 0) return err;
  rules_->gone(*item);
  item->parent->children.erase(item->parent->children.find(item->name));
  return 0;
}

Status FakeConfigfs::rmdir(const std::string& path) {
  const int err = admit("rmdir", path, "", true);
  return finish(err != 0 ? err : do_rmdir(path));
}

int FakeConfigfs::do_symlink(const std::string& target, const std::string& link) {
  Item* dir = find(parent_path(link));
  Item* to = find(target);
  if (dir == nullptr) return ENOENT;
  if (dir->type != FileType::kDirectory || dir->dir->links.empty()) return EPERM;
  if (to == nullptr) return ENOENT;
  if (to->type != FileType::kDirectory) return ENOTDIR;
  if (dir->child(last_part(link)) != nullptr) return EEXIST;
  if (const int err = rules_->may_link(*dir, *to); err != 0) return err;
  Item& item = add(*dir, last_part(link), FileType::kSymlink);
  item.mode = 0777;
  item.target = to;
  to->links.push_back(&item);
  rules_->linked(*dir);
  return 0;
}

Status FakeConfigfs::symlink(const std::string& target, const std::string& link) {
  const int err = admit("symlink", link, target, true);
  return finish(err != 0 ? err : do_symlink(target, link));
}

int FakeConfigfs::do_unlink(const std::string& path) {
  Item* item = find(path);
  if (item == nullptr) return ENOENT;
  if (item->type != FileType::kSymlink) return EPERM;
  std::erase(item->target->links, item);
  item->parent->children.erase(item->parent->children.find(item->name));
  return 0;
}

Status FakeConfigfs::unlink(const std::string& path) {
  const int err = admit("unlink", path, "", true);
  return finish(err != 0 ? err : do_unlink(path));
}

Result<std::string> FakeConfigfs::readlink(const std::string& path) {
  int err = admit("readlink", path, "", false);
  const Item* item = find(path);
  if (err == 0 && item == nullptr) err = ENOENT;
  if (err == 0 && item->type != FileType::kSymlink) err = EINVAL;
  const Status done = finish(err);
  if (!done) return done.error();
  return item->target->path();
}

Result<std::vector<DirEntry>> FakeConfigfs::list(const std::string& path) {
  int err = admit("list", path, "", false);
  const Item* item = find(path);
  if (err == 0 && item == nullptr) err = ENOENT;
  if (err == 0 && item->type != FileType::kDirectory) err = ENOTDIR;
  const Status done = finish(err);
  if (!done) return done.error();
  std::vector<DirEntry> out;
  for (const Item* child : item->newest_first()) out.push_back({child->name, child->type});
  return out;
}

Result<FileStat> FakeConfigfs::stat(const std::string& path) {
  int err = admit("stat", path, "", false);
  const Item* item = find(path);
  if (err == 0 && item == nullptr) err = ENOENT;
  const Status done = finish(err);
  if (!done) return done.error();
  return FileStat{item->type, item->mode};
}

void FakeConfigfs::fail_nth(size_t n, int err, bool changes_only) {
  countdown_ = n;
  countdown_err_ = err;
  countdown_changes_only_ = changes_only;
  failed_ = false;
}

void FakeConfigfs::fail_path(const std::string& suffix, int err) {
  if (err == 0) {
    path_failures_.erase(suffix);
  } else {
    path_failures_[suffix] = err;
  }
}

size_t FakeConfigfs::changes() const {
  const auto change = [](const Access& access) {
    return access.operation == "write" || access.operation == "mkdir" ||
           access.operation == "rmdir" || access.operation == "symlink" ||
           access.operation == "unlink";
  };
  return static_cast<size_t>(std::count_if(log_.begin(), log_.end(), change));
}

void FakeConfigfs::poke(const std::string& path, const std::string& value) {
  if (Item* item = find(path)) item->value = value;
}

void FakeConfigfs::drop(const std::string& path) {
  if (Item* item = find(path))
    item->parent->children.erase(item->parent->children.find(item->name));
}

std::string FakeConfigfs::snapshot(const std::string& path) const {
  const Item* top = find(path);
  std::string out;
  if (top == nullptr) return out;
  for (const auto& [name, item] : top->children) {
    out += item->path();
    if (item->type == FileType::kDirectory) {
      out += "/\n" + snapshot(item->path());
      continue;
    }
    std::string text;
    if (item->type == FileType::kSymlink) {
      text = " -> " + item->target->path();
    } else {
      const bool shown = rules_->show(*item, &text) == 0;
      escape(text);
      constexpr char digits[] = "01234567";
      text = std::string(" [") + digits[item->mode >> 6 & 7] + digits[item->mode >> 3 & 7] +
             digits[item->mode & 7] + "] " + (shown ? text : "(error)");
    }
    out += text + "\n";
  }
  return out;
}

}  // namespace lunar::fake
