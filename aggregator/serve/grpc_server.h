// SPDX-License-Identifier: Apache-2.0
//
// A started gRPC server with what each of ours has: the standard health service, reflection where it is asked
// for, limits on what a peer may take, and a port that it shares with nobody.
//
// Compressed messages are refused: gRPC holds the limit on messages against them as they are sent, and a
// small one may become any size.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
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
  // What gRPC may hold for connections, calls and messages on their way; beyond it new connections are
  // dropped.
  size_t most_transport_bytes = size_t{1} << 30;
  bool with_reflection = true;
  const v1::TlsConfig* tls = nullptr;  // whose files were checked; without it plain text is spoken
};

struct GrpcServer {
  // Refuses calls of what nobody serves: without it they would wait for ever. Outlives the server.
  std::unique_ptr<grpc::CallbackGenericService> strangers;
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
