// SPDX-License-Identifier: Apache-2.0
//
// A started gRPC server with what each of ours has: reflection, the standard health service, a size limit on
// incoming messages, and a port that it shares with nobody.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::aggregator {

struct ServedService {
  std::string name;  // as in `v1::Query::service_full_name()`; the health service answers SERVING for it
  grpc::Service* service;  // must outlive the server
};

struct GrpcServerOptions {
  std::string address;  // host:port; port 0 takes a free one
  int most_receive_bytes = 64 << 20;
  const v1::TlsConfig* tls = nullptr;  // whose files were checked; without it plain text is spoken
};

struct GrpcServer {
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

// The caller checks that plain text stays on loopback. UNAVAILABLE: the port is in use, or the host is not of
// this machine.
absl::StatusOr<GrpcServer> StartGrpcServer(const GrpcServerOptions& options,
                                           std::span<const ServedService> services);

// What the health service answers for one of its services. Any thread.
void SetServing(grpc::Server& server, const std::string& service, bool is_serving);

}  // namespace kansoku::aggregator
