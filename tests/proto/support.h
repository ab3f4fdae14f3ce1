// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of kmod/proto share: building text and headers, real hashes, and an initiator's
// side of a login.
#ifndef LUNAR_TESTS_PROTO_SUPPORT_H_
#define LUNAR_TESTS_PROTO_SUPPORT_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "login.h"
#include "pdu.h"

namespace lunar_test {

// "a=b", "c=d" -> "a=b\0c=d\0"
std::string text_of(std::initializer_list<std::string_view> pairs);
std::string text_of(const std::vector<std::string>& pairs);

// The reverse; fails the test when `text` is not well formed or has a key twice.
std::map<std::string, std::string> pairs_of(std::string_view text);

lunar_str str_of(std::string_view text);
std::string string_of(lunar_str text);
lunar_text_pair pair_of(std::string_view key, std::string_view value);

// A zeroed header of this opcode with the final bit.
lunar_bhs header(lunar_opcode opcode, std::uint32_t itt = 1, std::uint32_t data_len = 0);

// Hashes by OpenSSL; random() counts up so that tests know what to expect.
struct HashContext {
  std::uint8_t next_random = 1;
  int digests = 0;
  bool broken = false;
};
extern const lunar_hash_ops kHashOps;

std::vector<std::uint8_t> hash(lunar_chap_alg alg, std::string_view bytes);
std::string hex(const std::vector<std::uint8_t>& bytes);
std::string base64(const std::vector<std::uint8_t>& bytes);
std::vector<std::uint8_t> unhex(std::string_view text);

// What an initiator answers to a challenge.
std::vector<std::uint8_t> chap_response(lunar_chap_alg alg, std::uint8_t identifier,
                                        std::string_view secret,
                                        const std::vector<std::uint8_t>& challenge);

lunar_chap_config chap_config(std::string_view user = "user",
                              std::string_view secret = "secret of 14",
                              std::string_view mutual_user = "",
                              std::string_view mutual_secret = "");

constexpr int kSecurity = LUNAR_STAGE_SECURITY;
constexpr int kOperational = LUNAR_STAGE_OPERATIONAL;
constexpr int kFullFeature = LUNAR_STAGE_FULL_FEATURE;
constexpr int kStay = -1;

// One connection in its login phase, seen from the initiator.
class Login {
 public:
  Login();
  ~Login();
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;

  // Sends one request; nsg other than kStay sets T.
  lunar_login_step send(int csg, int nsg, std::string_view text, bool more = false);
  lunar_login_step send_raw(const lunar_bhs& bhs, std::string_view data);
  lunar_login_step accept();
  lunar_login_step refuse(lunar_login_status status);
  // send(), and accept() when it asks for the target.
  lunar_login_step talk(int csg, int nsg, std::string_view text);

  // Of the last reply.
  std::map<std::string, std::string> answer() const { return pairs_of(data()); }
  std::string data() const;
  bool has(const std::string& key) const { return answer().count(key) != 0; }
  std::string value(const std::string& key) const;
  int status() const;
  bool transit() const { return (reply.bhs.any.flags & LUNAR_LOGIN_TRANSIT) != 0; }
  bool more() const { return (reply.bhs.any.flags & LUNAR_LOGIN_CONTINUE) != 0; }
  int csg() const { return (reply.bhs.any.flags >> LUNAR_LOGIN_CSG_SHIFT) & 3; }
  int nsg() const { return reply.bhs.any.flags & 3; }

  const lunar_nego_result& result() const { return login->nego.result; }

  // Set before the first send or accept.
  lunar_nego_offer offer;
  lunar_chap_config chap;
  bool has_chap = false;
  bool auth_required = false;
  std::uint32_t cmdsn_depth = 64;
  lunar_bhs request;  // template of all requests: ISID, TSIH, CID, ITT, CmdSN
  HashContext hashes;

  std::unique_ptr<lunar_login> login;
  lunar_login_reply reply;

 private:
  std::unique_ptr<std::array<std::uint8_t, LUNAR_LOGIN_DSL_MAX>> buffer_;
};

inline constexpr std::string_view kInitiator = "InitiatorName=iqn.1994-05.com.example:client";
inline constexpr std::string_view kTarget = "TargetName=iqn.2003-01.org.example:disk";

}  // namespace lunar_test

#endif  // LUNAR_TESTS_PROTO_SUPPORT_H_
