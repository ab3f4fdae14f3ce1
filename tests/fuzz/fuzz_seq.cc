// SPDX-License-Identifier: GPL-2.0-or-later
// WRITE sequencing against a model of what was asked for, READ planning, CmdSN places.
#include <cstring>
#include <deque>

#include "input.h"
#include "seq.h"

using lunar_fuzz::Input;

namespace {

lunar_bhs data_out(std::uint32_t ttt, std::uint32_t sn, std::uint32_t offset, std::uint32_t length,
                   bool final) {
  lunar_bhs bhs;
  std::memset(&bhs, 0, sizeof(bhs));
  bhs.any.opcode = LUNAR_OP_DATA_OUT;
  bhs.any.flags = final ? LUNAR_FLAG_FINAL : 0;
  lunar_bhs_set_dlength(&bhs, length);
  bhs.data_out.ttt = lunar_to_be32(ttt);
  bhs.data_out.data_sn = lunar_to_be32(sn);
  bhs.data_out.offset = lunar_to_be32(offset);
  return bhs;
}

class Write {
 public:
  explicit Write(Input& input) {
    const std::uint8_t bits = input.u8();
    std::memset(&limits_, 0, sizeof(limits_));
    limits_.max_burst = 512 + input.u16();
    limits_.first_burst = 512 + input.u16();
    limits_.max_recv_dsl = 512 + input.u16();
    limits_.max_r2t = 1 + (bits >> 5);
    limits_.initial_r2t = (bits & 1) != 0;
    limits_.immediate_data = (bits & 2) != 0;
    edtl_ = (bits & 4) ? input.u32() : input.u16();
    const std::uint32_t immediate = (bits & 8) ? input.u16() : 0;
    final_ = (bits & 16) == 0;
    result_ = lunar_write_seq_init(&seq_, &limits_, edtl_, immediate, final_, kTtt);
    if (lunar_seq_refused(result_)) return;
    REQUIRE(immediate <= edtl_ && (!immediate || limits_.immediate_data) &&
            (final_ || !limits_.initial_r2t));
    wanted_ = edtl_;
    if (input.flag()) {
      wanted_ = input.u32() % (edtl_ + 1u ? edtl_ + 1u : edtl_);
      result_ = lunar_write_seq_limit(&seq_, wanted_);
    }
    received_ = immediate;
  }

  bool usable() const { return !lunar_seq_refused(result_); }

  void plan() {
    lunar_r2t_args r2t;
    while (lunar_write_seq_next_r2t(&seq_, &r2t)) {
      REQUIRE(result_ != LUNAR_SEQ_COMPLETE);
      REQUIRE(r2t.length && r2t.length <= limits_.max_burst);
      REQUIRE(r2t.offset ==
              (r2ts_.empty() ? received_ : r2ts_.back().offset + r2ts_.back().length));
      REQUIRE(r2t.length <= wanted_ && r2t.offset <= wanted_ - r2t.length);
      REQUIRE(r2t.r2t_sn == next_r2t_sn_++);
      r2ts_.push_back(r2t);
      REQUIRE(r2ts_.size() <= limits_.max_r2t);
    }
  }

  // Anything: accepted only if the model agrees.
  void wild(Input& input) {
    const std::uint8_t bits = input.u8();
    const std::uint32_t ttt = (bits & 1) ? kTtt : (bits & 2) ? LUNAR_TAG_RESERVED : input.u32();
    const std::uint32_t offset = (bits & 4) ? static_cast<std::uint32_t>(received_) : input.u32();
    const std::uint32_t sn = (bits & 8) ? seq_.data_sn : input.u8();
    send(ttt, sn, offset, input.u16(), (bits & 16) != 0);
  }

  // What a good initiator would send next; must be accepted.
  void good() {
    if (result_ == LUNAR_SEQ_COMPLETE) return;
    const bool unsolicited = seq_.unsolicited;
    if (!unsolicited && r2ts_.empty()) return;
    const std::uint64_t end =
        unsolicited ? lunar_min_u32(limits_.first_burst, edtl_)
                    : static_cast<std::uint64_t>(r2ts_.front().offset) + r2ts_.front().length;
    const auto length = static_cast<std::uint32_t>(
        lunar_min_u32(limits_.max_recv_dsl, static_cast<std::uint32_t>(end - received_)));
    send(unsolicited ? LUNAR_TAG_RESERVED : kTtt, seq_.data_sn,
         static_cast<std::uint32_t>(received_), length, received_ + length == end);
    REQUIRE(accepted_);
  }

 private:
  void send(std::uint32_t ttt, std::uint32_t sn, std::uint32_t offset, std::uint32_t length,
            bool final) {
    const lunar_write_seq before = seq_;
    const bool unsolicited = seq_.unsolicited;
    const lunar_bhs bhs = data_out(ttt, sn, offset, length, final);
    const lunar_seq_result result = lunar_write_seq_data(&seq_, &bhs);
    accepted_ = !lunar_seq_refused(result);
    if (!accepted_) {
      REQUIRE(std::memcmp(&before, &seq_, sizeof(seq_)) == 0);
      return;
    }
    REQUIRE(result_ != LUNAR_SEQ_COMPLETE && offset == received_ && length <= edtl_ &&
            offset <= edtl_ - length);
    REQUIRE(unsolicited ? ttt == LUNAR_TAG_RESERVED : ttt == kTtt && !r2ts_.empty());
    received_ += length;
    if (unsolicited) REQUIRE(received_ <= limits_.first_burst);
    if (!unsolicited) {
      const std::uint64_t end =
          static_cast<std::uint64_t>(r2ts_.front().offset) + r2ts_.front().length;
      REQUIRE(received_ <= end && final == (received_ == end));
      if (final) r2ts_.pop_front();
    }
    REQUIRE((result == LUNAR_SEQ_OK) == !final);
    REQUIRE((result == LUNAR_SEQ_COMPLETE) == (final && r2ts_.empty() && received_ >= wanted_));
    result_ = result;
  }

  static constexpr std::uint32_t kTtt = 0x1234;
  lunar_seq_limits limits_;
  lunar_write_seq seq_;
  lunar_seq_result result_;
  std::deque<lunar_r2t_args> r2ts_;
  std::uint32_t edtl_ = 0;
  std::uint32_t wanted_ = 0;
  std::uint64_t received_ = 0;
  std::uint32_t next_r2t_sn_ = 0;
  bool final_ = false;
  bool accepted_ = false;
};

void check_read(Input& input) {
  const std::uint32_t total = input.u16() * 16;
  const std::uint32_t max_dsl = 512 + input.u16();
  const std::uint32_t max_burst = 512 + input.u16();
  lunar_read_seq seq;
  lunar_read_seq_init(&seq, total, max_dsl, max_burst);
  lunar_data_in_plan plan;
  std::uint32_t sent = 0;
  std::uint32_t burst = 0;
  bool last = total == 0;
  while (lunar_read_seq_next(&seq, &plan)) {
    REQUIRE(!last && plan.offset == sent && plan.length && plan.length <= max_dsl);
    sent += plan.length;
    burst += plan.length;
    REQUIRE(burst <= max_burst && plan.final == (burst == max_burst || sent == total));
    if (plan.final) burst = 0;
    last = plan.last;
  }
  REQUIRE(last && sent == total && seq.data_sn == lunar_read_seq_count(total, max_dsl, max_burst));
}

void check_cmdsn(Input& input) {
  const std::uint32_t exp = input.u32();
  const std::uint32_t window = input.u16();  // 0: closed
  const std::uint32_t sn = input.flag() ? exp + input.u16() : input.u32();
  const std::uint32_t ahead = sn - exp;
  const enum lunar_cmdsn_place place = lunar_cmdsn_place(sn, exp, exp + window - 1);
  REQUIRE((place == LUNAR_CMDSN_EXPECTED) == (window > 0 && ahead == 0));
  REQUIRE((place == LUNAR_CMDSN_FUTURE) == (ahead > 0 && ahead < window));
  REQUIRE((place == LUNAR_CMDSN_OLD) == (ahead > 0x80000000u));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  check_cmdsn(input);
  check_read(input);
  Write write(input);
  if (!write.usable()) return 0;
  write.plan();
  while (!input.empty()) {
    if (input.u8() & 1)
      write.good();
    else
      write.wild(input);
    write.plan();
  }
  return 0;
}
