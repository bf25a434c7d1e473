// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "kansoku/v1/config.pb.h"

namespace kansoku::testing {

// A TLS client that is not gRPC's and does as it is told, whatever the process forbids itself.
struct Handshake {
  int version = 0;  // as SSL_version has it
  long serial = 0;  // of the server's certificate
};

// With 127.0.0.1:port, speaking this version only (TLS1_2_VERSION ...). Nothing if there is no agreement.
std::optional<Handshake> Shake(int port, int version, const v1::TlsConfig& tls);

}  // namespace kansoku::testing
