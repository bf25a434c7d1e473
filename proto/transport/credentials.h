// SPDX-License-Identifier: Apache-2.0
//
// How both programs protect their gRPC connections: mutual TLS 1.3 where a TlsConfig is given, plain text
// where none is. Each side shows its certificate and refuses a peer whose authority it does not know; a
// client also refuses a server whose certificate does not name the host it was told to call.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku {

// How often the files are looked at, so that new certificates need no restart. Connections that are open go
// on with those they began with. A whole number of seconds.
inline constexpr absl::Duration kCertificatesReadAgainEvery = absl::Seconds(10);

// `tls` may be null: plain text. The files are read on a thread that lives as long as the credentials; the
// caller has checked them. INTERNAL: no TLS 1.3. Any thread.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(
    const v1::TlsConfig* tls, absl::Duration read_again_every = kCertificatesReadAgainEvery);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(
    const v1::TlsConfig* tls, absl::Duration read_again_every = kCertificatesReadAgainEvery);

}  // namespace kansoku
