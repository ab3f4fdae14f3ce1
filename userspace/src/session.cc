// SPDX-License-Identifier: GPL-2.0-or-later
// The text of an ACL's file `info`. Its shape is what rtslib parses, so it is as fixed as an ABI.
#include "lunar/target.h"
#include "lunar/text.h"
#include "string_util.h"

namespace lunar {
namespace {

constexpr std::string_view kNone = "No active";
constexpr std::string_view kName = "InitiatorName:";
constexpr std::string_view kAlias = "InitiatorAlias:";
constexpr std::string_view kId = "LIO Session ID:";
constexpr std::string_view kType = "SessionType:";
constexpr std::string_view kSessionState = "TARG_SESS_";
constexpr std::string_view kConnectionState = "TARG_CONN_STATE_";

// The first word after `mark`; empty when there is none.
std::string word_after(std::string_view line, std::string_view mark) {
  const size_t at = line.find(mark);
  if (at == std::string_view::npos) return {};
  const std::vector<std::string_view> rest = words(line.substr(at + mark.size()));
  return rest.empty() ? std::string() : std::string(rest.front());
}

std::string state_of(std::string_view line) {
  std::string state = word_after(line, kSessionState);
  if (state.starts_with("STATE_")) state.erase(0, 6);
  return state;
}

Connection connection_of(std::string_view line) {
  Connection connection;
  connection.cid = static_cast<int>(parse_number(word_after(line, "CID:")).value_or(0));
  connection.state = word_after(line, kConnectionState);
  return connection;
}

void parse_line(std::string_view line, Session& session) {
  if (line.starts_with(kName)) {
    session.initiator = strip(line.substr(kName.size()));
  } else if (line.starts_with(kAlias)) {
    session.alias = strip(line.substr(kAlias.size()));
  } else if (line.starts_with(kId)) {
    session.id = parse_number(word_after(line, kId)).value_or(-1);
    session.type = word_after(line, kType);
  } else if (line.find(kSessionState) != std::string_view::npos) {
    session.state = state_of(line);
  } else if (line.find(kConnectionState) != std::string_view::npos) {
    session.connections.push_back(connection_of(line));
  } else if (const auto parts = words(line);
             parts.size() >= 3 && parts[0] == "Address" && !session.connections.empty()) {
    session.connections.back().address = parts[1];
    session.connections.back().transport = parts[2];
  }
}

}  // namespace

Result<std::optional<Session>> parse_session_info(std::string_view info) {
  if (strip(info).empty() || info.starts_with(kNone)) return std::optional<Session>();
  Session session;
  session.id = -1;
  for (std::string_view line : split(info, '\n')) parse_line(line, session);
  if (session.initiator.empty() || session.id < 0) {
    Error error;
    error.operation = "understand the session's";
    error.path = "info";
    return error;
  }
  return std::optional<Session>(std::move(session));
}

}  // namespace lunar
