// SPDX-License-Identifier: GPL-2.0-or-later
// The nodes of FakeConfigfs, and the rules by which some of them live.
#ifndef LUNAR_FAKE_FAKE_ITEM_H_
#define LUNAR_FAKE_FAKE_ITEM_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/fake/fake_configfs.h"

namespace lunar::fake {

// A directory, file or link.
struct FakeConfigfs::Item {
  std::string name;
  FileType type = FileType::kDirectory;
  mode_t mode = 0755;
  size_t sequence = 0;  // order of birth
  Item* parent = nullptr;
  std::map<std::string, std::unique_ptr<Item>, std::less<>> children;

  const NodeSpec* node = nullptr;            // the kind of node this lies in
  const DirSpec* dir = nullptr;              // directories
  const AttributeSpec* attribute = nullptr;  // files
  bool born = false;                         // came with its parent: cannot be removed

  std::string value;                         // files: what was stored
  std::map<std::string, std::string> state;  // nodes: what control strings said
  Item* target = nullptr;                    // links
  std::vector<Item*> links;                  // directories: the links that point here

  Item* child(std::string_view child_name) const;
  Item* at(std::string_view path) const;  // below this one
  Item* owner();                          // the directory of the node this lies in
  const Item* owner() const { return const_cast<Item*>(this)->owner(); }
  std::string path() const;
  std::vector<const Item*> newest_first() const;
  std::string get(std::string_view path) const;  // a file's value below; "" when missing
};

// What the kernel does beyond storing text. All functions return an errno or 0.
class FakeConfigfs::Rules {
 public:
  explicit Rules(KernelVersion kernel) : kernel_(kernel) {}

  // A node was made and populated.
  void born(Item& node) const;
  // Whether a node may be made: beyond what the schema's patterns say.
  int may_make(const Item& parent, const ChildSpec& child, const std::string& name) const;
  // A node is about to go.
  void gone(Item& node) const;
  // Stores a value that was written.
  int store(Item& file, std::string_view value) const;
  // The text of a file.
  int show(const Item& file, std::string* text) const;
  // Whether `dir` may link to `target`; and that it does now.
  int may_link(const Item& dir, const Item& target) const;
  void linked(Item& dir) const;

 private:
  int store_special(Item& file, const std::string& value, bool* done) const;
  int store_device(Item& file, const std::string& value, bool* done) const;
  int store_iscsi(Item& file, const std::string& value, bool* done) const;
  int control(Item& device, const std::string& text) const;
  int enable(Item& device) const;

  KernelVersion kernel_;
};

}  // namespace lunar::fake

#endif  // LUNAR_FAKE_FAKE_ITEM_H_
