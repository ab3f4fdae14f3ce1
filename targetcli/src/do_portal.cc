// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of a portal group's network portals.
#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "address.h"
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

// What is no port at all stays none for the library to refuse.
int port_of(const std::string& text, const std::string& refusal) {
  auto number = to_number(text);
  if (!number) throw CommandError(refusal);
  return static_cast<int>(std::clamp<std::int64_t>(*number, -1, 65536));
}

bool is_any(const std::string& address) {
  if (address == "0.0.0.0") return true;
  return starts_with(address, "[") && address.find_first_not_of("[]:0") == std::string::npos;
}

// A portal of the same TPG that answers on this address and port already. The kernel refuses a
// second listener beside it, although the user gets what was asked for.
std::optional<Portal> covering_portal(const Tpg& tpg, const std::string& address, int port) {
  bool v4 = address.find(':') == std::string::npos;
  for (const Portal& portal : must(tpg.portals())) {
    bool v4_only = portal.address() == "0.0.0.0";
    if (portal.port() == port && is_any(portal.address()) && (v4 || !v4_only)) return portal;
  }
  return std::nullopt;
}

std::string shown(const Portal& portal) {
  return portal.address() + ":" + std::to_string(portal.port());
}

bool is_good(const std::string& address, int port) {
  return is_ip_address(address) && port > 0 && port < 65536;
}

// The core turns every failure of a portal into EINVAL.
bool refused_by_kernel(const Error& error) {
  return error.err == EINVAL || error.err == EADDRINUSE;
}

std::string refusal(const std::string& address, int port) {
  return "Could not create NetworkPortal in configFS: the kernel cannot listen on " + address +
         ":" + std::to_string(port) +
         " (most often something else listens there already; the kernel's log has the reason)";
}

void set_flag(Call& call, Status (Portal::*set)(bool) const, Result<bool> (Portal::*get)() const,
              const char* what) {
  if (call.text("boolean").empty()) throw CommandError("Syntax error, '' is not true|false.");
  const auto& portal = call.node->as<Portal>();
  must((portal.*set)(call.flag("boolean", false)));
  call.out.info(std::string(what) + " enable now: " + (must((portal.*get)()) ? "True" : "False"));
}

void note_foreign(const Call& call, const std::string& address, const std::string& all) {
  if (call.advised() && is_foreign_address(address))
    call.note(address + " is no address of this host now; " + all);
}

}  // namespace

void do_create_portal(Call& call) {
  std::string text = call.text("ip_port");
  int port =
      text.empty() ? kDefaultPort : port_of(text, "Syntax error, '" + text + "' is not a NUMBER.");
  std::string address = call.arg("ip_address").value_or(call.shell.any_address());
  if (port == kDefaultPort) call.out.info("Using default IP port 3260");
  if (address == call.shell.any_address()) call.out.info("Binding to INADDR_ANY (" + address + ")");
  const Tpg& tpg = call.node->tpg();
  auto portal = tpg.create_portal(address, port);
  if (!portal && refused_by_kernel(portal.error()) && is_good(address, port)) {
    auto cover = covering_portal(tpg, address, port);
    if (!cover) throw CommandError(refusal(address, port));
    call.out.info("Portal " + shown(*cover) + " of this TPG listens on " + address + ":" +
                  std::to_string(port) + " already, no other one is needed.");
    return note_foreign(call, address, shown(*cover) + " listens on all that it has");
  }
  Portal made = must(std::move(portal));
  call.out.info("Created network portal " + address + ":" + std::to_string(port) + ".");
  note_foreign(call, address, call.shell.any_address() + " stands for all that it has");
  call.shell.created(call, call.node->path() + "/" + shown(made));
}

void do_delete_portal(Call& call) {
  std::string address = call.text("ip_address");
  int port = port_of(call.text("ip_port"), "Invalid port");
  const Tpg& tpg = call.node->tpg();
  auto portal = must(tpg.find_portal(address, port));
  if (!portal)
    throw CommandError("No such NetworkPortal in configfs: " + call.root().fs().root() + "/" +
                       tpg.path() + "/np/" + bracket_address(address) + ":" + std::to_string(port));
  must(portal->remove());
  call.out.info("Deleted network portal " + address + ":" + std::to_string(port));
}

void do_enable_iser(Call& call) { set_flag(call, &Portal::set_iser, &Portal::iser, "iSER"); }

void do_enable_offload(Call& call) {
  set_flag(call, &Portal::set_offload, &Portal::offload, "offload");
}

}  // namespace lunar::cli
