// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of the fabric, of targets and of portal groups.
#include <algorithm>
#include <cstdint>

#include "advice.h"
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

/** What a create will say once all of it has worked. */
struct Said {
  std::vector<std::string> infos;
  std::vector<std::string> warnings;
};

void say(Call& call, const Said& said) {
  for (const std::string& line : said.infos) call.out.info(line);
  for (const std::string& line : said.warnings) call.out.warning(line);
}

bool sibling_has_portal(const Target& target, const Tpg& mine, const std::string& address) {
  for (const Tpg& tpg : must(target.tpgs())) {
    if (tpg.tag() == mine.tag()) continue;
    if (must(tpg.find_portal(address, kDefaultPort))) return true;
  }
  return false;
}

void add_default_portal(const Call& call, const Target& target, const Tpg& tpg, Said& said) {
  std::string address = call.shell.any_address();
  auto portal = tpg.create_portal(address, kDefaultPort);
  if (portal) {
    said.infos.push_back("Global pref auto_add_default_portal=true");
    said.infos.push_back("Created default portal listening on all IPs (" + address +
                         "), port 3260.");
    return;
  }
  said.infos.push_back("Default portal not created, TPGs within a target cannot share ip:port.");
  if (!sibling_has_portal(target, tpg, address)) said.warnings.push_back(portal.error().message());
}

Tpg make_tpg(const Call& call, const Target& target, std::optional<int> tag, Said& said) {
  Tpg tpg = must(target.create_tpg(tag));
  Undo undo;
  undo.add([&tpg] { tpg.remove().ignore(); });
  if (call.shell.prefs().flag("auto_enable_tpgt")) must(tpg.set_enabled(true));
  must(tpg.attributes().set("authentication", "0"));
  said.infos.push_back("Created TPG " + std::to_string(tpg.tag()) + ".");
  if (call.shell.prefs().flag("auto_add_default_portal"))
    add_default_portal(call, target, tpg, said);
  undo.keep();
  return tpg;
}

std::optional<int> wanted_tag(const Call& call) {
  auto text = call.arg("tag");
  if (!text) return std::nullopt;
  std::string digits = starts_with(*text, "tpg") ? text->substr(3) : *text;
  auto number = to_number(digits);
  if (!number) throw CommandError("Tag argument must be a number.");
  constexpr std::int64_t kTooLarge = 65536;
  return static_cast<int>(std::clamp<std::int64_t>(*number, -1, kTooLarge));
}

std::string in_configfs(const Call& call, const std::string& path) {
  return call.root().fs().root() + "/" + path;
}

}  // namespace

void do_create_target(Call& call) {
  Said said;
  Target target = must(call.root().create_target(call.arg("wwn")));
  Undo undo;
  undo.add([&target] { target.remove().ignore(); });
  said.infos.push_back("Created target " + target.wwn() + ".");
  Tpg tpg = make_tpg(call, target, std::nullopt, said);
  undo.keep();
  say(call, said);
  if (std::string flaw = name_flaw(target.wwn()); !flaw.empty()) call.note(flaw);
  call.shell.created(call,
                     call.node->path() + "/" + target.wwn() + "/tpg" + std::to_string(tpg.tag()));
}

void do_delete_target(Call& call) {
  std::string typed = call.text("wwn");
  std::string wwn = must(normalize_wwn(typed)).name;
  Fabric fabric = call.root().fabric();
  auto target = must(fabric.find_target(wwn));
  if (!target)
    throw CommandError("No such Target in configfs: " +
                       in_configfs(call, fabric.path() + "/" + wwn));
  must(target->remove());
  call.out.info("Deleted Target " + typed + ".");
}

void do_fabric_version(Call& call) {
  Fabric fabric = call.root().fabric();
  std::string version = must(fabric.version()).value_or("");
  call.out.display(trim("Target fabric module " + fabric.name() + ": " + version));
}

void do_create_tpg(Call& call) {
  Said said;
  Tpg tpg = make_tpg(call, call.node->as<Target>(), wanted_tag(call), said);
  say(call, said);
  call.shell.created(call, call.node->path() + "/tpg" + std::to_string(tpg.tag()));
}

void do_delete_tpg(Call& call) {
  const auto& target = call.node->as<Target>();
  int tag = wanted_tag(call).value_or(0);
  auto tpg = must(target.find_tpg(tag));
  if (!tpg)
    throw CommandError("No such TPG in configfs: " +
                       in_configfs(call, target.path() + "/tpgt_" + std::to_string(tag)));
  must(tpg->remove());
  call.out.info("Deleted TPGT " + std::to_string(tag) + ".");
}

void do_enable(Call& call) {
  const Tpg& tpg = call.node->as<Tpg>();
  if (must(tpg.enabled())) return call.out.info("The TPGT is already enabled.");
  auto done = tpg.set_enabled(true);
  if (!done) throw CommandError("The TPGT could not be enabled. " + done.error().message());
  call.out.info("The TPGT has been enabled.");
}

void do_disable(Call& call) {
  const Tpg& tpg = call.node->as<Tpg>();
  if (!must(tpg.enabled())) return call.out.info("The TPGT is already disabled.");
  must(tpg.set_enabled(false));
  call.out.info("The TPGT has been disabled.");
}

}  // namespace lunar::cli
