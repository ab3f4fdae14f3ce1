// SPDX-License-Identifier: GPL-2.0-or-later
// Each key of RFC 7143 section 13 with its result function, by table.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "nego.h"
#include "support.h"

namespace lunar_test {
namespace {

using OfferField = std::uint32_t lunar_nego_offer::*;
using ResultField = std::uint32_t lunar_nego_result::*;

struct Outcome {
  lunar_nego_status status;
  std::string answer;  // "key=value", or empty
  lunar_nego_result result;
};

Outcome negotiate(const lunar_nego_offer& offer, const std::string& key, const std::string& value,
                  lunar_nego_phase phase = LUNAR_PHASE_OPERATIONAL, bool discovery = false,
                  bool leading = true) {
  lunar_nego nego;
  lunar_nego_init(&nego);
  lunar_nego_begin(&nego, &offer);
  nego.result.discovery = discovery;
  nego.leading = leading;
  char buf[512];
  lunar_text_out out;
  lunar_text_out_init(&out, buf, sizeof(buf));
  const lunar_text_pair pair = pair_of(key, value);
  const lunar_nego_status status = lunar_nego_receive(&nego, phase, &pair, &out);
  return {status, out.len ? std::string(buf, out.len - 1) : "", nego.result};
}

lunar_nego_offer default_offer() {
  lunar_nego_offer offer;
  lunar_nego_offer_default(&offer);
  return offer;
}

struct KeyCase {
  const char* key;
  OfferField offer;
  std::uint32_t ours;
  const char* theirs;
  const char* answer;
  ResultField result;
  std::uint32_t expected;
};

std::ostream& operator<<(std::ostream& to, const KeyCase& c) {
  return to << c.key << "=" << c.theirs << " against " << c.ours;
}

class NegotiatedKey : public testing::TestWithParam<KeyCase> {};

TEST_P(NegotiatedKey, GivesTheResultOfItsFunction) {
  const KeyCase& c = GetParam();
  lunar_nego_offer offer = default_offer();
  offer.*c.offer = c.ours;
  const Outcome outcome = negotiate(offer, c.key, c.theirs);
  EXPECT_EQ(outcome.status, LUNAR_NEGO_OK);
  EXPECT_EQ(outcome.answer, std::string(c.key) + "=" + c.answer);
  EXPECT_EQ(outcome.result.*c.result, c.expected);
}

#define FIELDS(name) &lunar_nego_offer::name
#define RESULT(name) &lunar_nego_result::name

INSTANTIATE_TEST_SUITE_P(
    Booleans, NegotiatedKey,
    testing::Values(
        KeyCase{"InitialR2T", FIELDS(initial_r2t), 0, "No", "No", RESULT(initial_r2t), 0},
        KeyCase{"InitialR2T", FIELDS(initial_r2t), 0, "Yes", "Yes", RESULT(initial_r2t), 1},
        KeyCase{"InitialR2T", FIELDS(initial_r2t), 1, "No", "Yes", RESULT(initial_r2t), 1},
        KeyCase{"InitialR2T", FIELDS(initial_r2t), 1, "Yes", "Yes", RESULT(initial_r2t), 1},
        KeyCase{"ImmediateData", FIELDS(immediate_data), 0, "No", "No", RESULT(immediate_data), 0},
        KeyCase{"ImmediateData", FIELDS(immediate_data), 0, "Yes", "No", RESULT(immediate_data), 0},
        KeyCase{"ImmediateData", FIELDS(immediate_data), 1, "No", "No", RESULT(immediate_data), 0},
        KeyCase{"ImmediateData", FIELDS(immediate_data), 1, "Yes", "Yes", RESULT(immediate_data),
                1},
        KeyCase{"DataPDUInOrder", FIELDS(pdu_in_order), 1, "No", "Yes", RESULT(pdu_in_order), 1},
        // Out-of-order data is not implemented: never agreed on, whatever the file says.
        KeyCase{"DataPDUInOrder", FIELDS(pdu_in_order), 0, "No", "Yes", RESULT(pdu_in_order), 1},
        KeyCase{"DataSequenceInOrder", FIELDS(sequence_in_order), 1, "No", "Yes",
                RESULT(sequence_in_order), 1},
        KeyCase{"DataSequenceInOrder", FIELDS(sequence_in_order), 0, "No", "Yes",
                RESULT(sequence_in_order), 1}));

INSTANTIATE_TEST_SUITE_P(
    Minima, NegotiatedKey,
    testing::Values(
        KeyCase{"MaxConnections", FIELDS(max_connections), 1, "8", "1", RESULT(max_connections), 1},
        // One connection is all there is, even if a file said more.
        KeyCase{"MaxConnections", FIELDS(max_connections), 4, "8", "1", RESULT(max_connections), 1},
        KeyCase{"MaxBurstLength", FIELDS(max_burst), 65536, "262144", "65536", RESULT(max_burst),
                65536},
        KeyCase{"MaxBurstLength", FIELDS(max_burst), 262144, "512", "512", RESULT(max_burst), 512},
        KeyCase{"MaxBurstLength", FIELDS(max_burst), 262144, "16777215", "262144",
                RESULT(max_burst), 262144},
        KeyCase{"MaxBurstLength", FIELDS(max_burst), 262144, "0x10000", "65536", RESULT(max_burst),
                65536},
        KeyCase{"FirstBurstLength", FIELDS(first_burst), 65536, "4096", "4096", RESULT(first_burst),
                4096},
        KeyCase{"FirstBurstLength", FIELDS(first_burst), 8192, "65536", "8192", RESULT(first_burst),
                8192},
        // Never above MaxBurstLength.
        KeyCase{"FirstBurstLength", FIELDS(first_burst), 1048576, "1048576", "262144",
                RESULT(first_burst), 262144},
        KeyCase{"DefaultTime2Retain", FIELDS(time2retain), 20, "60", "20", RESULT(time2retain), 20},
        KeyCase{"DefaultTime2Retain", FIELDS(time2retain), 20, "0", "0", RESULT(time2retain), 0},
        KeyCase{"MaxOutstandingR2T", FIELDS(max_r2t), 8, "4", "4", RESULT(max_r2t), 4},
        KeyCase{"MaxOutstandingR2T", FIELDS(max_r2t), 8, "65535", "8", RESULT(max_r2t), 8},
        KeyCase{"ErrorRecoveryLevel", FIELDS(erl), 0, "2", "0", RESULT(erl), 0},
        KeyCase{"ErrorRecoveryLevel", FIELDS(erl), 2, "2", "0", RESULT(erl), 0},
        KeyCase{"iSCSIProtocolLevel", FIELDS(protocol_level), 1, "2", "1", RESULT(protocol_level),
                1},
        KeyCase{"iSCSIProtocolLevel", FIELDS(protocol_level), 2, "2", "2", RESULT(protocol_level),
                2},
        KeyCase{"iSCSIProtocolLevel", FIELDS(protocol_level), 1, "0", "0", RESULT(protocol_level),
                0}));

INSTANTIATE_TEST_SUITE_P(Maxima, NegotiatedKey,
                         testing::Values(KeyCase{"DefaultTime2Wait", FIELDS(time2wait), 2, "5", "5",
                                                 RESULT(time2wait), 5},
                                         KeyCase{"DefaultTime2Wait", FIELDS(time2wait), 2, "0", "2",
                                                 RESULT(time2wait), 2},
                                         KeyCase{"DefaultTime2Wait", FIELDS(time2wait), 0, "0", "0",
                                                 RESULT(time2wait), 0}));

constexpr std::uint32_t kBoth = LUNAR_DIGEST_CRC32C | LUNAR_DIGEST_NONE;

INSTANTIATE_TEST_SUITE_P(
    Lists, NegotiatedKey,
    testing::Values(KeyCase{"HeaderDigest", FIELDS(header_digests), kBoth, "CRC32C,None", "CRC32C",
                            RESULT(header_digest), 1},
                    KeyCase{"HeaderDigest", FIELDS(header_digests), kBoth, "None,CRC32C", "None",
                            RESULT(header_digest), 0},
                    KeyCase{"HeaderDigest", FIELDS(header_digests), LUNAR_DIGEST_CRC32C,
                            "None,CRC32C", "CRC32C", RESULT(header_digest), 1},
                    KeyCase{"HeaderDigest", FIELDS(header_digests), LUNAR_DIGEST_NONE,
                            "CRC32C,None", "None", RESULT(header_digest), 0},
                    KeyCase{"HeaderDigest", FIELDS(header_digests), LUNAR_DIGEST_NONE, "CRC32C",
                            "Reject", RESULT(header_digest), 0},
                    KeyCase{"DataDigest", FIELDS(data_digests), kBoth, "X-md5,CRC32C", "CRC32C",
                            RESULT(data_digest), 1},
                    KeyCase{"DataDigest", FIELDS(data_digests), kBoth, "CRC32,None", "None",
                            RESULT(data_digest), 0},
                    KeyCase{"DataDigest", FIELDS(data_digests), kBoth, "crc32c", "Reject",
                            RESULT(data_digest), 0},
                    KeyCase{"DataDigest", FIELDS(data_digests), kBoth, "", "Reject",
                            RESULT(data_digest), 0},
                    KeyCase{"TaskReporting", FIELDS(tpgt), 1, "FastAbort,ResponseFence,RFC3720",
                            "RFC3720", RESULT(task_reporting), 0},
                    KeyCase{"TaskReporting", FIELDS(tpgt), 1, "FastAbort", "Reject",
                            RESULT(task_reporting), 0}));

TEST(NegoAuthMethod, TakesTheFirstThatIsAllowed) {
  lunar_nego_offer offer = default_offer();
  offer.auth_methods = LUNAR_AUTH_CHAP | LUNAR_AUTH_NONE;
  EXPECT_EQ(negotiate(offer, "AuthMethod", "CHAP,None", LUNAR_PHASE_SECURITY).answer,
            "AuthMethod=CHAP");
  EXPECT_EQ(negotiate(offer, "AuthMethod", "None,CHAP", LUNAR_PHASE_SECURITY).answer,
            "AuthMethod=None");
  EXPECT_EQ(negotiate(offer, "AuthMethod", "SRP,KRB5,CHAP", LUNAR_PHASE_SECURITY).answer,
            "AuthMethod=CHAP");
  offer.auth_methods = LUNAR_AUTH_CHAP;
  EXPECT_EQ(negotiate(offer, "AuthMethod", "None,CHAP", LUNAR_PHASE_SECURITY).answer,
            "AuthMethod=CHAP");
  EXPECT_EQ(negotiate(offer, "AuthMethod", "None", LUNAR_PHASE_SECURITY).status,
            LUNAR_NEGO_BAD_VALUE);
  EXPECT_EQ(negotiate(offer, "AuthMethod", "CHAPS", LUNAR_PHASE_SECURITY).status,
            LUNAR_NEGO_BAD_VALUE);
}

TEST(NegoMrdsl, IsDeclaredNotNegotiated) {
  const Outcome outcome = negotiate(default_offer(), "MaxRecvDataSegmentLength", "65536");
  EXPECT_EQ(outcome.status, LUNAR_NEGO_OK);
  EXPECT_EQ(outcome.answer, "");
  EXPECT_EQ(outcome.result.initiator_mrdsl, 65536u);
  for (const char* bad : {"511", "16777216", "", "No", "-1"}) {
    const Outcome refused = negotiate(default_offer(), "MaxRecvDataSegmentLength", bad);
    EXPECT_EQ(refused.status, LUNAR_NEGO_BAD_VALUE) << bad;
    EXPECT_EQ(refused.result.initiator_mrdsl, 8192u) << bad;
  }
}

TEST(NegoNumbers, OutOfRangeIsRejectedAndKeepsTheDefault) {
  const std::pair<const char*, const char*> cases[] = {{"MaxConnections", "0"},
                                                       {"MaxConnections", "65536"},
                                                       {"MaxBurstLength", "511"},
                                                       {"MaxBurstLength", "16777216"},
                                                       {"FirstBurstLength", "511"},
                                                       {"FirstBurstLength", "16777216"},
                                                       {"DefaultTime2Wait", "3601"},
                                                       {"DefaultTime2Retain", "3601"},
                                                       {"MaxOutstandingR2T", "0"},
                                                       {"MaxOutstandingR2T", "65536"},
                                                       {"ErrorRecoveryLevel", "3"},
                                                       {"iSCSIProtocolLevel", "32"},
                                                       {"MaxBurstLength", "many"},
                                                       {"MaxBurstLength", "1,2"},
                                                       {"MaxBurstLength", ""},
                                                       {"ImmediateData", "yes"},
                                                       {"InitialR2T", "1"},
                                                       {"DataPDUInOrder", ""},
                                                       {"MaxBurstLength", "4294967808"}};
  const lunar_nego_result defaults = negotiate(default_offer(), "X-nothing", "1").result;
  for (const auto& [key, value] : cases) {
    const Outcome outcome = negotiate(default_offer(), key, value);
    EXPECT_EQ(outcome.status, LUNAR_NEGO_OK) << key << "=" << value;
    EXPECT_EQ(outcome.answer, std::string(key) + "=Reject") << value;
    EXPECT_EQ(outcome.result.max_burst, defaults.max_burst) << key << "=" << value;
    EXPECT_EQ(outcome.result.max_r2t, defaults.max_r2t) << key << "=" << value;
    EXPECT_EQ(outcome.result.immediate_data, defaults.immediate_data) << key << "=" << value;
  }
}

TEST(NegoMarkers, AreObsolete) {
  EXPECT_EQ(negotiate(default_offer(), "IFMarker", "Yes").answer, "IFMarker=No");
  EXPECT_EQ(negotiate(default_offer(), "OFMarker", "No").answer, "OFMarker=No");
  EXPECT_EQ(negotiate(default_offer(), "IFMarkInt", "2048~8192").answer, "IFMarkInt=Reject");
  EXPECT_EQ(negotiate(default_offer(), "OFMarkInt", "2048").answer, "OFMarkInt=Reject");
}

TEST(NegoUnknownKey, IsNotUnderstood) {
  for (const char* key : {"X-com.example.key", "Z-digest", "Nonsense", "maxburstlength",
                          "MaxBurstLengthh", "RDMAExtensions", "CHAP_A"}) {
    EXPECT_EQ(negotiate(default_offer(), key, "1").answer, std::string(key) + "=NotUnderstood");
  }
}

TEST(NegoDiscovery, MakesSessionKeysIrrelevant) {
  for (const char* key : {"MaxConnections", "InitialR2T", "ImmediateData", "MaxBurstLength",
                          "FirstBurstLength", "MaxOutstandingR2T", "DataPDUInOrder",
                          "DataSequenceInOrder", "TaskReporting", "iSCSIProtocolLevel"}) {
    const Outcome outcome = negotiate(default_offer(), key, "1", LUNAR_PHASE_OPERATIONAL, true);
    EXPECT_EQ(outcome.status, LUNAR_NEGO_OK) << key;
    EXPECT_EQ(outcome.answer, std::string(key) + "=Irrelevant");
  }
  for (const char* key : {"DefaultTime2Wait", "DefaultTime2Retain", "ErrorRecoveryLevel"}) {
    EXPECT_EQ(negotiate(default_offer(), key, "0", LUNAR_PHASE_OPERATIONAL, true)
                  .answer.find("Irrelevant"),
              std::string::npos)
        << key;
  }
}

TEST(NegoScope, KeepsLeadingKeysToTheLeadingConnection) {
  for (const char* key :
       {"MaxConnections", "InitialR2T", "ImmediateData", "MaxBurstLength", "FirstBurstLength",
        "DefaultTime2Wait", "DefaultTime2Retain", "MaxOutstandingR2T", "DataPDUInOrder",
        "DataSequenceInOrder", "ErrorRecoveryLevel", "TaskReporting", "iSCSIProtocolLevel"}) {
    EXPECT_EQ(negotiate(default_offer(), key, "1", LUNAR_PHASE_OPERATIONAL, false, false).status,
              LUNAR_NEGO_PHASE)
        << key;
  }
  for (const char* key : {"HeaderDigest", "DataDigest"}) {
    EXPECT_EQ(negotiate(default_offer(), key, "None", LUNAR_PHASE_OPERATIONAL, false, false).status,
              LUNAR_NEGO_OK)
        << key;
  }
}

TEST(NegoPhase, KeepsEachKeyToItsPhase) {
  for (int i = 0; i < LUNAR_KEY_COUNT; i++) {
    const std::string key = lunar_nego_key_name(static_cast<lunar_key>(i));
    const auto status = [&](lunar_nego_phase phase) {
      return negotiate(default_offer(), key, "1024", phase).status;
    };
    const bool target_only =
        key == "TargetAlias" || key == "TargetAddress" || key == "TargetPortalGroupTag";
    const bool everywhere = key == "InitiatorAlias";
    const bool login =
        key == "TargetName" || key == "InitiatorName" || key == "SessionType" || everywhere;
    const bool security = key == "AuthMethod" || login;
    const bool full = key == "SendTargets" || key == "MaxRecvDataSegmentLength" || everywhere;
    const bool operational = !target_only && key != "AuthMethod" && key != "SendTargets";
    EXPECT_EQ(status(LUNAR_PHASE_SECURITY) != LUNAR_NEGO_PHASE, security) << key;
    EXPECT_EQ(status(LUNAR_PHASE_OPERATIONAL) != LUNAR_NEGO_PHASE, operational) << key;
    EXPECT_EQ(status(LUNAR_PHASE_FFP) != LUNAR_NEGO_PHASE, full) << key;
  }
}

TEST(NegoSendTargets, IsHandedToTheCaller) {
  EXPECT_EQ(negotiate(default_offer(), "SendTargets", "All", LUNAR_PHASE_FFP).status,
            LUNAR_NEGO_SEND_TARGETS);
}

}  // namespace
}  // namespace lunar_test
