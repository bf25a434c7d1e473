// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/loopback.h"

#include <arpa/inet.h>

#include <string>

namespace kansoku {

bool IsLoopback(std::string_view host_port) {
  const std::string host(host_port.substr(0, host_port.rfind(':')));
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

}  // namespace kansoku
