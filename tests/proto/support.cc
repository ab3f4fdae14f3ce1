// SPDX-License-Identifier: GPL-2.0-or-later
#include "support.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstring>

namespace lunar_test {
namespace {

const EVP_MD* md_of(lunar_chap_alg alg) {
  switch (alg) {
    case LUNAR_CHAP_MD5:
      return EVP_md5();
    case LUNAR_CHAP_SHA1:
      return EVP_sha1();
    case LUNAR_CHAP_SHA256:
      return EVP_sha256();
    case LUNAR_CHAP_SHA3_256:
      return EVP_sha3_256();
  }
  return nullptr;
}

int digest_parts(void* ctx, lunar_chap_alg alg, const lunar_hash_part* parts, std::uint32_t count,
                 std::uint8_t* out) {
  auto* hashes = static_cast<HashContext*>(ctx);
  hashes->digests++;
  if (hashes->broken) return -5;
  std::string bytes;
  for (std::uint32_t i = 0; i < count; i++) {
    bytes.append(static_cast<const char*>(parts[i].ptr), parts[i].len);
  }
  const std::vector<std::uint8_t> digest = hash(alg, bytes);
  std::memcpy(out, digest.data(), digest.size());
  return 0;
}

void count_up(void* ctx, void* buf, std::uint32_t len) {
  auto* hashes = static_cast<HashContext*>(ctx);
  auto* bytes = static_cast<std::uint8_t*>(buf);
  for (std::uint32_t i = 0; i < len; i++) bytes[i] = hashes->next_random++;
}

template <typename Range>
std::string join(const Range& pairs) {
  std::string text;
  for (const auto& pair : pairs) {
    text.append(pair);
    text.push_back('\0');
  }
  return text;
}

template <std::size_t N>
void copy_string(char (&to)[N], std::string_view from) {
  ASSERT_LT(from.size(), N);
  std::memcpy(to, from.data(), from.size());
  to[from.size()] = '\0';
}

}  // namespace

const lunar_hash_ops kHashOps = {digest_parts, count_up};

std::string text_of(std::initializer_list<std::string_view> pairs) { return join(pairs); }
std::string text_of(const std::vector<std::string>& pairs) { return join(pairs); }

std::map<std::string, std::string> pairs_of(std::string_view text) {
  std::map<std::string, std::string> pairs;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    const std::size_t equals = text.find('=');
    if (end == std::string_view::npos || equals == std::string_view::npos || equals > end) {
      ADD_FAILURE() << "malformed text: " << text;
      break;
    }
    const std::string key(text.substr(0, equals));
    EXPECT_EQ(pairs.count(key), 0u) << key << " is there twice";
    pairs[key] = std::string(text.substr(equals + 1, end - equals - 1));
    text.remove_prefix(end + 1);
  }
  return pairs;
}

lunar_str str_of(std::string_view text) {
  return {text.data(), static_cast<std::uint32_t>(text.size())};
}

std::string string_of(lunar_str text) { return text.len ? std::string(text.ptr, text.len) : ""; }

lunar_text_pair pair_of(std::string_view key, std::string_view value) {
  return {str_of(key), str_of(value)};
}

lunar_bhs header(lunar_opcode opcode, std::uint32_t itt, std::uint32_t data_len) {
  lunar_bhs bhs;
  std::memset(&bhs, 0, sizeof(bhs));
  bhs.any.opcode = static_cast<std::uint8_t>(opcode);
  bhs.any.flags = LUNAR_FLAG_FINAL;
  bhs.any.itt = lunar_to_be32(itt);
  lunar_bhs_set_dlength(&bhs, data_len);
  return bhs;
}

std::vector<std::uint8_t> hash(lunar_chap_alg alg, std::string_view bytes) {
  std::vector<std::uint8_t> digest(EVP_MAX_MD_SIZE);
  unsigned int len = 0;
  EXPECT_EQ(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &len, md_of(alg), nullptr), 1);
  digest.resize(len);
  return digest;
}

std::string hex(const std::vector<std::uint8_t>& bytes) {
  std::string text = "0x";
  for (const std::uint8_t byte : bytes) {
    text.push_back("0123456789abcdef"[byte >> 4]);
    text.push_back("0123456789abcdef"[byte & 15]);
  }
  return text;
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
  std::vector<unsigned char> out(bytes.size() / 3 * 4 + 5);
  const int len = EVP_EncodeBlock(out.data(), bytes.data(), static_cast<int>(bytes.size()));
  return "0b" +
         std::string(reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(len));
}

std::vector<std::uint8_t> unhex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::vector<std::uint8_t> chap_response(lunar_chap_alg alg, std::uint8_t identifier,
                                        std::string_view secret,
                                        const std::vector<std::uint8_t>& challenge) {
  std::string bytes(1, static_cast<char>(identifier));
  bytes.append(secret);
  bytes.append(reinterpret_cast<const char*>(challenge.data()), challenge.size());
  return hash(alg, bytes);
}

lunar_chap_config chap_config(std::string_view user, std::string_view secret,
                              std::string_view mutual_user, std::string_view mutual_secret) {
  lunar_chap_config config;
  std::memset(&config, 0, sizeof(config));
  config.algorithms = LUNAR_CHAP_ALL;
  copy_string(config.user, user);
  copy_string(config.secret, secret);
  copy_string(config.mutual_user, mutual_user);
  copy_string(config.mutual_secret, mutual_secret);
  return config;
}

Login::Login()
    : login(std::make_unique<lunar_login>()),
      buffer_(std::make_unique<std::array<std::uint8_t, LUNAR_LOGIN_DSL_MAX>>()) {
  lunar_nego_offer_default(&offer);
  offer.auth_methods = LUNAR_AUTH_CHAP | LUNAR_AUTH_NONE;  // as authentication=0 leaves it
  chap = chap_config();
  request = header(LUNAR_OP_LOGIN_REQ, 0x11223344);
  request.any.opcode |= LUNAR_IMMEDIATE;
  const std::uint8_t isid[] = {0x00, 0x02, 0x3d, 0x00, 0x00, 0x07};
  std::memcpy(request.login_req.isid, isid, sizeof(isid));
  request.login_req.cid = lunar_to_be16(5);
  request.login_req.cmd_sn = lunar_to_be32(100);
  std::memset(&reply, 0, sizeof(reply));
  reply.data = buffer_->data();
  reply.cap = LUNAR_LOGIN_DSL_MAX;
  lunar_login_init(login.get(), 1000, &kHashOps, &hashes);
}

Login::~Login() { lunar_login_wipe(login.get()); }

lunar_login_step Login::send_raw(const lunar_bhs& bhs, std::string_view data) {
  // An exact-size heap copy lets the address sanitizer see any byte read past the end.
  std::vector<std::uint8_t> copy(data.begin(), data.end());
  return lunar_login_receive(login.get(), &bhs, copy.empty() ? nullptr : copy.data(),
                             static_cast<std::uint32_t>(copy.size()), &reply);
}

lunar_login_step Login::send(int csg, int nsg, std::string_view text, bool more) {
  lunar_bhs bhs = request;
  int flags = csg << LUNAR_LOGIN_CSG_SHIFT;
  if (nsg != kStay) flags |= static_cast<int>(LUNAR_LOGIN_TRANSIT) | nsg;
  if (more) flags |= static_cast<int>(LUNAR_LOGIN_CONTINUE);
  bhs.any.flags = static_cast<std::uint8_t>(flags);
  lunar_bhs_set_dlength(&bhs, static_cast<std::uint32_t>(text.size()));
  return send_raw(bhs, text);
}

lunar_login_step Login::accept() {
  lunar_login_target target;
  target.offer = &offer;
  target.chap = has_chap ? &chap : nullptr;
  target.auth_required = auth_required;
  target.cmdsn_depth = cmdsn_depth;
  return lunar_login_accept(login.get(), &target, &reply);
}

lunar_login_step Login::refuse(lunar_login_status status) {
  return lunar_login_refuse(login.get(), status, &reply);
}

lunar_login_step Login::talk(int csg, int nsg, std::string_view text) {
  const lunar_login_step step = send(csg, nsg, text);
  return step == LUNAR_LOGIN_NEED_TARGET ? accept() : step;
}

std::string Login::data() const {
  return std::string(reinterpret_cast<const char*>(reply.data), reply.data_len);
}

std::string Login::value(const std::string& key) const {
  const auto pairs = answer();
  const auto found = pairs.find(key);
  return found == pairs.end() ? "(absent)" : found->second;
}

int Login::status() const {
  return reply.bhs.login_rsp.status_class << 8 | reply.bhs.login_rsp.status_detail;
}

}  // namespace lunar_test
