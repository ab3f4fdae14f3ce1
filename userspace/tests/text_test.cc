// SPDX-License-Identifier: GPL-2.0-or-later
#include "testing.h"

namespace lunar {
namespace {

struct SizeCase {
  const char* text;
  uint64_t bytes;
};

TEST(Size, ReadsEveryForm) {
  constexpr SizeCase cases[] = {
      {"0", 0},
      {"512", 512},
      {"1k", 1024},
      {"1K", 1024},
      {"1kb", 1024},
      {"1KiB", 1024},
      {"3m", 3 << 20},
      {"64M", 64 << 20},
      {"10G", uint64_t{10} << 30},
      {"10GiB", uint64_t{10} << 30},
      {"2tb", uint64_t{2} << 40},
      {"7b", 7},
      {"1 G", uint64_t{1} << 30},
      {"18446744073709551615", UINT64_MAX},
      {"16777215t", uint64_t{16777215} << 40},
  };
  for (const SizeCase& c : cases) {
    const Result<uint64_t> size = parse_size(c.text);
    ASSERT_OK(size);
    EXPECT_EQ(*size, c.bytes) << c.text;
  }
}

TEST(Size, RefusesAnythingElse) {
  for (const char* text : {"", "G", "-1", "1.5G", "10X", "1kk", "0x10", "1G2", "ten",
                           "18446744073709551616", "16777216t", "99999999999999999999g"}) {
    const Result<uint64_t> size = parse_size(text);
    ASSERT_FALSE(size.ok()) << text;
    EXPECT_EQ(size.error().text, std::string("Cannot interpret size, wrong format: ") + text);
  }
}

TEST(Size, ShowsOneDecimal) {
  EXPECT_EQ(format_size(512), "512 bytes");
  EXPECT_EQ(format_size(1023), "1023 bytes");
  EXPECT_EQ(format_size(1024), "1.0KiB");
  EXPECT_EQ(format_size(104857600), "100.0MiB");
  EXPECT_EQ(format_size(uint64_t{3} << 29), "1.5GiB");
  EXPECT_EQ(format_size(uint64_t{5} << 50), "5.0PiB");
}

struct WwnCase {
  const char* given;
  const char* name;
  WwnType type;
};

TEST(Wwn, BringsNamesIntoStandardForm) {
  constexpr WwnCase cases[] = {
      {"iqn.2003-01.org.example:disk", "iqn.2003-01.org.example:disk", WwnType::kIqn},
      {" IQN.2003-01.Org.Example:Disk ", "iqn.2003-01.org.example:disk", WwnType::kIqn},
      {"iqn.2023-10.com.example:storage.target01", "iqn.2023-10.com.example:storage.target01",
       WwnType::kIqn},
      {"naa.5001405123456789", "naa.5001405123456789", WwnType::kNaa},
      {"50:01:40:51:23:45:67:89", "naa.5001405123456789", WwnType::kNaa},
      {"0x5001405123456789", "naa.5001405123456789", WwnType::kNaa},
      {"NAA.50014051234567AB", "naa.50014051234567ab", WwnType::kNaa},
      {"eui.0014051234567890", "eui.0014051234567890", WwnType::kEui},
  };
  for (const WwnCase& c : cases) {
    const Result<Wwn> wwn = normalize_wwn(c.given);
    ASSERT_OK(wwn);
    EXPECT_EQ(wwn->name, c.name);
    EXPECT_EQ(wwn->type, c.type);
  }
}

TEST(Wwn, RefusesOtherNames) {
  for (const char* text :
       {"", "disk", "iqn.2003-01.org", "iqn.2003-21.org.example", "iqn.03-01.a.b",
        "iqn.2003-01.org.example:a_b", "iqn.2003-01.org.example:a b", "iqn.2003-01.org.example/x",
        "naa.7001405123456789", "naa.500140512345678", "eui.001405123456789",
        "eui.00140512345678g0"}) {
    const Result<Wwn> wwn = normalize_wwn(text);
    ASSERT_FALSE(wwn.ok()) << text;
    EXPECT_EQ(wwn.error().text, "WWN not valid as: iqn, naa, eui");
  }
}

TEST(Wwn, GeneratedNamesAreValid) {
  fake::FakeHost host;
  EXPECT_EQ(generate_wwn(WwnType::kIqn, host),
            "iqn.2003-01.org.linux-iscsi.target.x8664:sn.000000000001");
  EXPECT_EQ(generate_wwn(WwnType::kNaa, host), "naa.5001405000000002");
  EXPECT_EQ(generate_wwn(WwnType::kEui, host), "eui.0014050000000003");
  SystemHost system;
  for (WwnType type : {WwnType::kIqn, WwnType::kNaa, WwnType::kEui, WwnType::kUnitSerial}) {
    const std::string name = generate_wwn(type, system);
    const Result<Wwn> back = normalize_wwn(name, {type});
    ASSERT_OK(back);
    EXPECT_EQ(back->name, name);
    EXPECT_NE(generate_wwn(type, system), name);
  }
}

TEST(Address, KnowsBothFamilies) {
  for (const char* good :
       {"0.0.0.0", "10.0.1.10", "::0", "::", "[::0]", "fe80::1%eth0", "[fe80::1]"}) {
    EXPECT_TRUE(is_ip_address(good)) << good;
  }
  for (const char* bad :
       {"", "host", "1.2.3", "256.0.0.1", "[10.0.0.1]", "[::0", "1:2", "10.0.0.1:3260"}) {
    EXPECT_FALSE(is_ip_address(bad)) << bad;
  }
  EXPECT_EQ(bracket_address("::0"), "[::0]");
  EXPECT_EQ(bracket_address("[::0]"), "[::0]");
  EXPECT_EQ(bracket_address("10.0.0.1"), "10.0.0.1");
}

TEST(Error, SaysWhatOnWhatAndWhy) {
  Error error;
  error.operation = "write";
  error.path = "core/fileio_0/d/attrib/block_size";
  error.value = "4097";
  error.err = EINVAL;
  error.hint = "allowed: 512, 1024, 2048, 4096";
  EXPECT_EQ(error.message(),
            "cannot write '4097' on core/fileio_0/d/attrib/block_size: Invalid argument "
            "(allowed: 512, 1024, 2048, 4096)");
  EXPECT_EQ(make_error("A\nB").message(), "A B");
}

}  // namespace
}  // namespace lunar
