// SPDX-License-Identifier: GPL-2.0-or-later
// Names and their normal form.
#include <cstring>

#include "input.h"
#include "name.h"

using lunar_fuzz::Input;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint32_t cap = input.u8();
  const std::vector<std::uint8_t> isid = [&input] {
    std::vector<std::uint8_t> bytes = input.bytes(LUNAR_ISID_LEN);
    bytes.resize(LUNAR_ISID_LEN);
    return bytes;
  }();
  const std::vector<std::uint8_t> bytes = input.rest();
  const lunar_str name = {reinterpret_cast<const char*>(bytes.data()),
                          static_cast<std::uint32_t>(bytes.size())};
  const lunar_name_result verdict = lunar_name_check(name);

  std::vector<char> out(cap);
  const lunar_name_result result = lunar_name_normalize(name, out.data(), cap);
  if (verdict != LUNAR_NAME_OK) REQUIRE(result == verdict);
  if (result != LUNAR_NAME_OK) {
    REQUIRE(cap == 0 || out[0] == '\0');
    lunar_name_fold(name, out.data(), cap);
    return 0;
  }
  REQUIRE(std::strlen(out.data()) == bytes.size() && bytes.size() <= LUNAR_NAME_LEN_MAX);
  std::vector<char> again(cap);
  REQUIRE(lunar_name_normalize({out.data(), name.len}, again.data(), cap) == LUNAR_NAME_OK);
  REQUIRE(std::strcmp(out.data(), again.data()) == 0);

  std::vector<char> port(cap);
  const std::uint32_t len = lunar_initiator_port_name(out.data(), isid.data(), port.data(), cap);
  REQUIRE(len <= cap);
  if (len) REQUIRE(std::strlen(port.data()) + 1 == len);
  return 0;
}
