// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <set>

#include "testing.h"

namespace lunar {
namespace {

const std::string kTpgPath = std::string("iscsi/") + kIqn + "/tpgt_1";

TEST(Schema, FindsAttributesByPath) {
  const Schema& schema = Schema::builtin();
  const AttributeSpec* timeout = schema.attribute(kTpgPath + "/attrib/login_timeout");
  ASSERT_NE(timeout, nullptr);
  EXPECT_EQ(timeout->min, 5);
  EXPECT_EQ(timeout->max, 30);
  EXPECT_EQ(timeout->default_value, "15");
  EXPECT_EQ(timeout->allowed(), "5 to 30");
  EXPECT_EQ(schema.attribute("iscsi-tpg", "attrib", "login_timeout"), timeout);

  const AttributeSpec* size = schema.attribute("core/rd_mcp_3/ram/attrib/block_size");
  ASSERT_NE(size, nullptr);
  EXPECT_EQ(size->allowed(), "512, 1024, 2048, 4096");
  EXPECT_EQ(schema.attribute("core/pscsi_3/x/attrib/block_size"), nullptr);
}

TEST(Schema, FindsDirectoriesAndKinds) {
  const auto match = Schema::builtin().find(kTpgPath + "/acls/" + kClient + "/lun_3");
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->node->kind, "iscsi-mapped-lun");
  EXPECT_EQ(match->dir->links, std::vector<std::string>{"iscsi-lun"});
  EXPECT_EQ(match->attribute, nullptr);
}

TEST(Schema, KnowsNothingOfTheRest) {
  for (const char* path :
       {"nosuch", "core/foo_0", "core/iblock_x", "iscsi/iqn/tpgt_65536",
        "iscsi/iqn/tpgt_1/lun/lun_65536", "iscsi/iqn/tpgt_1/attrib/nosuch", "dbroot/x"}) {
    EXPECT_FALSE(Schema::builtin().find(path).has_value()) << path;
  }
}

TEST(Schema, EveryAttributeIsComplete) {
  for (const NodeSpec* node : Schema::builtin().nodes()) {
    std::vector<const DirSpec*> todo = {&node->dir};
    while (!todo.empty()) {
      const DirSpec* dir = todo.back();
      todo.pop_back();
      for (const DirSpec& sub : dir->dirs) todo.push_back(&sub);
      for (const AttributeSpec& spec : dir->attributes) {
        SCOPED_TRACE(node->kind + " " + spec.name);
        EXPECT_FALSE(spec.doc.empty());
        const bool rendered = spec.type == ValueType::kIndex || !spec.writable() ||
                              node->kind.starts_with("device") || node->kind == "lu-group";
        if (spec.default_value && !rendered) {
          EXPECT_OK(spec.validate(*spec.default_value));
        }
        if (spec.type == ValueType::kInt) {
          EXPECT_LT(spec.min, spec.max);
        }
        const bool needs_values = spec.type == ValueType::kEnum || spec.type == ValueType::kList ||
                                  spec.type == ValueType::kIndex;
        EXPECT_EQ(needs_values && spec.values.empty(), false);
      }
    }
  }
}

struct ValueCase {
  const char* dir;
  const char* name;
  const char* value;
  bool allowed;
};

TEST(Schema, ChecksValues) {
  constexpr ValueCase cases[] = {
      {"attrib", "authentication", "1", true},        {"attrib", "authentication", "2", false},
      {"attrib", "authentication", "yes", false},     {"attrib", "login_timeout", "5", true},
      {"attrib", "login_timeout", "4", false},        {"attrib", "login_timeout", "31", false},
      {"attrib", "fabric_prot_type", "2", false},     {"attrib", "fabric_prot_type", "3", true},
      {"param", "InitialR2T", "Yes", true},           {"param", "InitialR2T", "yes", false},
      {"param", "AuthMethod", "CHAP,None", true},     {"param", "AuthMethod", "None", true},
      {"param", "AuthMethod", "CHAP;None", false},    {"param", "MaxBurstLength", "16777215", true},
      {"param", "MaxBurstLength", "16777216", false}, {"param", "TargetAlias", "Data Disk1", true},
  };
  for (const ValueCase& c : cases) {
    const AttributeSpec* spec = Schema::builtin().attribute("iscsi-tpg", c.dir, c.name);
    ASSERT_NE(spec, nullptr) << c.name;
    EXPECT_EQ(spec->validate(c.value).ok(), c.allowed) << c.name << "=" << c.value;
  }
  const AttributeSpec* ping = Schema::builtin().attribute("iscsi-acl", "attrib", "nopin_timeout");
  EXPECT_TRUE(ping->validate("0").ok());
  EXPECT_FALSE(ping->validate("1").ok());
  EXPECT_EQ(ping->allowed(), "0, 3 to 60");
}

TEST(Schema, RefusalNamesWhatIsAllowed) {
  const AttributeSpec* spec = Schema::builtin().attribute("iscsi-tpg", "attrib", "default_erl");
  EXPECT_EQ(error_of(spec->validate("7")), "'7' is not allowed for default_erl (allowed: 0 to 2)");
  const AttributeSpec* secret = Schema::builtin().attribute("iscsi-tpg", "auth", "password");
  EXPECT_EQ(error_of(secret->validate(std::string(256, 'x'))).find("xxx"), std::string::npos);
}

TEST(Schema, OffersCandidates) {
  const Schema& schema = Schema::builtin();
  const auto candidates = [&](const char* dir, const char* name) {
    return schema.attribute("iscsi-tpg", dir, name)->candidates();
  };
  EXPECT_EQ(candidates("attrib", "authentication"), (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(candidates("param", "InitialR2T"), (std::vector<std::string>{"Yes", "No"}));
  EXPECT_EQ(candidates("attrib", "default_erl"), (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_TRUE(candidates("param", "MaxBurstLength").empty());
}

TEST(Schema, BadTextIsOneError) {
  EXPECT_NE(error_of(Schema::parse({{"root.json", "{"}})).find("cannot read the schema"),
            std::string::npos);
  EXPECT_EQ(error_of(Schema::parse({})), "cannot read the schema: no kind 'root'");
  EXPECT_EQ(error_of(Schema::parse({{"root.json",
                                     R"({"kind": "root", "path": "",
                                         "children": [{"pattern": "x", "kind": "gone"}]})"}})),
            "cannot read the schema: no such kind 'gone'");
}

// One line of a listing: "./path [mode] value", "./path/", "./path -> target".
struct LiveNode {
  std::string path;
  std::string mode;  // empty for directories and links
  std::string value;
  bool link = false;
};

std::vector<LiveNode> live_tree(const std::string& file) {
  std::vector<LiveNode> out;
  std::istringstream in(test_data(file));
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("./") || line == "./") continue;
    LiveNode node;
    const size_t bracket = line.find(" [");
    node.link = bracket == std::string::npos && line.find(" -> ") != std::string::npos;
    node.path = line.substr(2, (node.link ? line.find(" -> ") : bracket) - 2);
    if (bracket != std::string::npos) {
      node.mode = line.substr(bracket + 2, 3);
      if (line.size() > bracket + 7) node.value = line.substr(bracket + 7);
    }
    if (node.path.ends_with('/')) node.path.pop_back();
    out.push_back(std::move(node));
  }
  return out;
}

class LiveTree : public testing::TestWithParam<KernelVersion> {
 protected:
  std::string version() const {
    return std::to_string(GetParam().major) + "." + std::to_string(GetParam().minor);
  }
};

TEST_P(LiveTree, IsAllInTheSchemaWithTheSameModes) {
  for (const LiveNode& node : live_tree("configfs-" + version() + ".txt")) {
    if (node.link) continue;
    SCOPED_TRACE(node.path);
    const auto match = Schema::builtin().find(node.path);
    ASSERT_TRUE(match.has_value());
    ASSERT_EQ(match->attribute != nullptr, !node.mode.empty());
    if (match->attribute == nullptr) continue;
    EXPECT_TRUE(match->attribute->present(GetParam()));
    EXPECT_EQ(match->attribute->mode, std::stoul(node.mode, nullptr, 8));
  }
}

// The fake tree, made by the same commands, has the same nodes, and the same values wherever the
// schema gives a default.
TEST_P(LiveTree, IsWhatTheFakeMakes) {
  Machine machine(GetParam());
  build_reference(machine, Json::parse(test_data("saveconfig-" + version() + ".json")));
  const std::vector<LiveNode> live = live_tree("configfs-" + version() + ".txt");
  std::set<std::string> seen;
  for (const LiveNode& node : live) {
    SCOPED_TRACE(node.path);
    seen.insert(node.path);
    if (node.link || node.path.find("/statistics/") != std::string::npos) continue;
    ASSERT_TRUE(machine.fs.exists(node.path));
    const auto match = Schema::builtin().find(node.path);
    const bool session = node.path.find("/acls/") != std::string::npos &&
                         (node.path.find("/param/") != std::string::npos ||
                          node.path.find("/fabric_statistics/") != std::string::npos);
    if (match->attribute == nullptr || !match->attribute->default_value || session ||
        node.path.find("/members") != std::string::npos || !match->attribute->prefix.empty() ||
        node.path.find("/fabric_statistics/") != std::string::npos ||
        node.path.ends_with("/product_id") || node.path == "dbroot") {
      continue;
    }
    std::string text = *machine.fs.read(node.path);
    std::replace(text.begin(), text.end(), '\n', '|');
    EXPECT_EQ(text, node.value);
  }
  std::istringstream in(machine.fs.snapshot());
  for (std::string line; std::getline(in, line);) {
    const std::string path = line.substr(0, line.find_first_of(" ["));
    const std::string plain = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
    // The listings end in the middle of the portal group's attributes, and link names are random.
    const bool beyond = plain > live.back().path;
    const bool link = line.find(" -> ") != std::string::npos;
    if (!beyond && !link) {
      EXPECT_TRUE(seen.contains(plain)) << plain;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, LiveTree,
                         testing::Values(KernelVersion{6, 1}, KernelVersion{6, 12}));

}  // namespace
}  // namespace lunar
