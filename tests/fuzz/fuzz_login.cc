// SPDX-License-Identifier: GPL-2.0-or-later
// Whole logins: the input is a configuration byte and a list of requests.
#include <cstring>
#include <memory>

#include "input.h"
#include "login.h"

using lunar_fuzz::Input;

namespace {

class Session {
 public:
  explicit Session(Input& input)
      : login_(std::make_unique<lunar_login>()), buffer_(LUNAR_LOGIN_DSL_MAX) {
    const std::uint8_t bits = input.u8();
    auth_required_ = (bits & 1) != 0;
    has_chap_ = (bits & 2) != 0;
    lunar_nego_offer_default(&offer_);
    offer_.keys_workaround = (bits & 4) != 0;
    offer_.immediate_data = (bits & 8) ? 1 : 0;
    if (bits & 16) offer_.data_digests = LUNAR_DIGEST_CRC32C;
    refuse_ = (bits & 32) != 0;
    lunar_fuzz::set_credentials(&chap_, (bits & 64) != 0);
    std::memset(&reply_, 0, sizeof(reply_));
    reply_.data = buffer_.data();
    reply_.cap = LUNAR_LOGIN_DSL_MAX;
    lunar_login_init(login_.get(), 1, &lunar_fuzz::kFakeHashOps, &hashes_);
  }

  ~Session() { lunar_login_wipe(login_.get()); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void step(Input& input) {
    lunar_bhs bhs;
    std::memset(&bhs, 0, sizeof(bhs));
    bhs.any.flags = input.u8();
    const std::uint8_t how = input.u8();
    bhs.any.opcode =
        (how & 1) ? input.u8() : static_cast<std::uint8_t>(LUNAR_OP_LOGIN_REQ | LUNAR_IMMEDIATE);
    if (how & 2) bhs.login_req.version_min = input.u8();
    if (how & 4) bhs.login_req.tsih = lunar_to_be16(static_cast<std::uint16_t>(input.u16()));
    if (how & 8) bhs.any.ahs_words = input.u8();
    std::vector<std::uint8_t> data = input.bytes(input.u16());
    if (how & 16) {
      data.insert(data.begin(), known_.begin(), known_.end());
      proved_ = proved_ || !known_.empty();
    }
    lunar_bhs_set_dlength(&bhs, static_cast<std::uint32_t>(data.size()) + ((how & 32) ? 1 : 0));
    take(lunar_login_receive(login_.get(), &bhs, data.data(),
                             static_cast<std::uint32_t>(data.size()), &reply_),
         bhs);
  }

 private:
  void take(lunar_login_step step, const lunar_bhs& request) {
    REQUIRE(!over_ || step == LUNAR_LOGIN_DROP);
    if (step == LUNAR_LOGIN_NEED_TARGET) {
      REQUIRE(login_->nego.result.initiator_name[0]);
      REQUIRE(login_->nego.result.discovery || login_->nego.result.target_name[0]);
      step = refuse_ ? lunar_login_refuse(login_.get(), LUNAR_LOGIN_NOT_FOUND, &reply_) : accept();
      REQUIRE(step != LUNAR_LOGIN_NEED_TARGET && step != LUNAR_LOGIN_DROP);
    }
    over_ =
        over_ || step == LUNAR_LOGIN_DONE || step == LUNAR_LOGIN_FAIL || step == LUNAR_LOGIN_DROP;
    if (step != LUNAR_LOGIN_DROP) check_reply(step, request);
    if (step == LUNAR_LOGIN_DONE) check_done();
  }

  lunar_login_step accept() {
    lunar_login_target target;
    target.offer = &offer_;
    target.chap = has_chap_ ? &chap_ : nullptr;
    target.auth_required = auth_required_;
    target.cmdsn_depth = 32;
    return lunar_login_accept(login_.get(), &target, &reply_);
  }

  void check_reply(lunar_login_step step, const lunar_bhs& request) {
    const std::uint8_t flags = reply_.bhs.any.flags;
    const bool transit = (flags & LUNAR_LOGIN_TRANSIT) != 0;
    const bool more = (flags & LUNAR_LOGIN_CONTINUE) != 0;
    const int csg = (flags >> LUNAR_LOGIN_CSG_SHIFT) & 3;
    REQUIRE(lunar_bhs_opcode(&reply_.bhs) == LUNAR_OP_LOGIN_RSP);
    REQUIRE(reply_.data_len <= LUNAR_LOGIN_DSL_MAX &&
            lunar_bhs_dlength(&reply_.bhs) == reply_.data_len);
    REQUIRE(lunar_be32(reply_.bhs.login_rsp.stat_sn) == replies_ + 1);
    replies_++;
    REQUIRE((reply_.bhs.login_rsp.status_class != 0) == (step == LUNAR_LOGIN_FAIL));
    REQUIRE(!transit || (!more && (request.any.flags & LUNAR_LOGIN_TRANSIT) && (flags & 3) > csg));
    REQUIRE((step == LUNAR_LOGIN_DONE) == (transit && (flags & 3) == LUNAR_STAGE_FULL_FEATURE));
    if (step == LUNAR_LOGIN_FAIL)
      answer_.clear();  // an answer that was being sent in parts is given up
    answer_.append(reinterpret_cast<const char*>(reply_.data), reply_.data_len);
    if (more) return;
    REQUIRE(lunar_text_check(answer_.data(), static_cast<std::uint32_t>(answer_.size()), 4096) ==
            LUNAR_TEXT_OK);
    const std::string right = lunar_fuzz::right_response(reply_.data, reply_.data_len,
                                                         lunar_fuzz::kUser, lunar_fuzz::kSecret);
    if (!right.empty()) known_ = right;
    answer_.clear();
  }

  void check_done() {
    const lunar_nego_result& result = login_->nego.result;
    REQUIRE(!auth_required_ || login_->authenticated);
    REQUIRE(!login_->authenticated || (proved_ && has_chap_));
    REQUIRE(result.auth_method != LUNAR_AUTH_CHAP || login_->authenticated);
    REQUIRE(!(offer_.data_digests == LUNAR_DIGEST_CRC32C) || result.data_digest == 1);
    REQUIRE(result.first_burst <= result.max_burst && result.max_connections == 1 &&
            result.erl == 0);
    REQUIRE(login_->pdus <= LUNAR_LOGIN_PDUS_MAX);
  }

  std::unique_ptr<lunar_login> login_;
  std::vector<std::uint8_t> buffer_;
  lunar_login_reply reply_;
  lunar_nego_offer offer_;
  lunar_chap_config chap_;
  lunar_fuzz::FakeHashContext hashes_;
  std::string known_;   // a response that would be right
  std::string answer_;  // parts of one answer
  std::uint32_t replies_ = 0;
  bool auth_required_ = false;
  bool has_chap_ = false;
  bool refuse_ = false;
  bool proved_ = false;
  bool over_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Session session(input);
  while (!input.empty()) session.step(input);
  return 0;
}
