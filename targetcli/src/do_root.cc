// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of the root node: the saved configuration, the version, sessions.
#include "advice.h"
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "paths.h"
#include "shell.h"
#include "text.h"
#include "value.h"

namespace lunar::cli {
namespace {

// A word alone has always meant yes here; "false" must not wipe the running configuration.
bool clears_existing(const std::string& word) {
  if (word.empty()) return false;
  std::string key = lower(word);
  if (auto flag = to_bool(key)) return *flag;
  if (key == "clear_existing" || key == "clearexisting") return true;
  throw CommandError("Syntax error, '" + word + "' is not true|false.");
}

RestoreReport restore_file(Call& call, const std::string& file, const RestoreOptions& options) {
  auto report = call.shell.config_file().restore(file, options);
  if (report) return std::move(report).value();
  std::string message = report.error().message();
  bool named = message.find(file) != std::string::npos;
  throw CommandError(named ? message : "Cannot restore from " + file + ": " + message);
}

std::string unknown_key(const std::string& key) {
  std::string meant = did_you_mean(key, configuration_keys());
  return "'" + key + "' in the file is nothing that a restore knows" +
         (meant.empty() ? "" : "; " + meant);
}

std::string restore_advice(const RestoreReport& report) {
  if (report.existing == 0) return "";
  return "what exists is left as it is; with clear_existing=true all of it is removed first, and "
         "sessions end";
}

std::string session_line(const Session& session) {
  return "alias: " + session.alias + "\tsid: " + std::to_string(session.id) +
         " type: " + session.type + " session-state: " + session.state + "\n";
}

std::string mapped_lun_line(const MappedLun& mapped) {
  auto lun = mapped.lun();
  auto object = lun ? lun->storage_object() : Result<StorageObject>(lun.error());
  std::string backstore = object ? object->plugin() + "/" + object->name() : "(broken link)";
  std::string mode = mapped.write_protect().value_or(false) ? "r" : "rw";
  return "    mapped-lun: " + std::to_string(mapped.index()) + " backstore: " + backstore +
         " mode: " + mode + "\n";
}

std::string session_details(const Call& call, const Session& session, const NodeAcl& acl) {
  std::string flag = must(acl.authenticate_target()) ? " (authenticated)" : " (NOT AUTHENTICATED)";
  std::string text = "    name: " + acl.wwn() + (call.shell.setup().privileged ? flag : "") + "\n";
  for (const MappedLun& mapped : must(acl.mapped_luns())) text += mapped_lun_line(mapped);
  for (const Connection& connection : session.connections)
    text += "    address: " + connection.address + " (" + connection.transport +
            ")  cid: " + std::to_string(connection.cid) + " connection-state: " + connection.state +
            "\n";
  return text;
}

}  // namespace

void do_saveconfig(Call& call) {
  call.shell.save(call.out, call.text("savefile"), call.flag("overwrite_partial", false));
}

void do_restoreconfig(Call& call) {
  RestoreOptions options;
  options.clear_existing = clears_existing(call.text("clear_existing"));
  options.target = call.text("target");
  options.storage_object = call.text("storage_object");
  bool given = call.args.count("savefile") > 0;
  if (given && call.text("savefile").empty()) throw CommandError("Restore file  not found");
  std::string file =
      given ? expand_home(call.text("savefile")) : call.shell.setup().paths.save_file;
  RestoreReport report = restore_file(call, file, options);
  for (const std::string& key : report.unknown_keys) call.note(unknown_key(key));
  if (!report.errors.empty())
    throw CommandError("Configuration restored, " + std::to_string(report.errors.size()) +
                           " recoverable errors:\n" + join(report.errors, "\n"),
                       restore_advice(report));
  call.out.info("Configuration restored from " + file);
}

void do_clearconfig(Call& call) {
  if (!call.flag("confirm", false))
    throw CommandError("As a precaution, confirm=True needs to be set");
  must(call.shell.config_file().clear());
  call.out.info("All configuration cleared");
}

void do_version(Call& call) { call.out.info("targetcli version " + call.shell.setup().version); }

void do_sessions(Call& call) {
  std::string action = call.arg("action").value_or("list");
  if (action != "list" && action != "detail")
    throw CommandError("action must be one of: list, detail");
  auto given = call.arg("sid");
  auto wanted = given ? to_number(*given) : std::nullopt;
  if (given && !wanted) throw CommandError("sid must be a number, '" + *given + "' given");
  std::string text;
  for (const Root::SessionRef& ref : must(call.root().sessions())) {
    if (wanted && ref.session.id != *wanted) continue;
    text += session_line(ref.session);
    if (action == "detail") text += session_details(call, ref.session, ref.acl);
  }
  if (text.empty() && wanted)
    throw CommandError("no session found with sid " + std::to_string(*wanted));
  call.out.raw(text.empty() ? "(no open sessions)\n" : text);
}

}  // namespace lunar::cli
