// SPDX-License-Identifier: GPL-2.0-or-later
#include "address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <set>

#include "text.h"

namespace lunar::cli {
namespace {

std::string numeric_address(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
  } else if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
  }
  return text;
}

// The one spelling that the kernel has for an address; "" when it is none.
std::string standard_form(const std::string& address) {
  std::string plain = address;
  if (starts_with(plain, "[")) plain = plain.substr(1, plain.size() - 2);
  unsigned char bytes[sizeof(in6_addr)];
  char text[INET6_ADDRSTRLEN] = "";
  for (int family : {AF_INET, AF_INET6})
    if (::inet_pton(family, plain.c_str(), bytes) == 1)
      ::inet_ntop(family, bytes, text, sizeof text);
  return text;
}

}  // namespace

std::vector<std::string> host_addresses() {
  std::set<std::string> found;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  for (ifaddrs* at = list; at; at = at->ifa_next)
    if (at->ifa_addr) found.insert(numeric_address(at->ifa_addr));
  ::freeifaddrs(list);
  found.erase("");
  return {found.begin(), found.end()};
}

bool is_foreign_address(const std::string& address) {
  std::string wanted = standard_form(address);
  if (wanted.empty() || wanted == "::" || wanted == "0.0.0.0") return false;
  if (starts_with(wanted, "127.")) return false;
  std::vector<std::string> all = host_addresses();
  return !all.empty() && std::find(all.begin(), all.end(), wanted) == all.end();
}

}  // namespace lunar::cli
