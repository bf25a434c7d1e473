// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <mutex>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/keepalive.h"
#include "proto/transport/credentials.h"

namespace kansoku::aggregator {

absl::StatusOr<GrpcServer> StartGrpcServer(const GrpcServerOptions& options,
                                           std::span<const ServedService> services) {
  // Both are switches of the whole process, and the plugin would join as often as it is asked to.
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });

  const auto credentials = MakeServerCredentials(options.tls);
  if (!credentials.ok()) return credentials.status();
  GrpcServer started;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, *credentials, &started.port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kShortestPingMilliseconds);
  builder.SetMaxReceiveMessageSize(options.most_receive_bytes);
  for (const ServedService& served : services) builder.RegisterService(served.service);
  started.server = builder.BuildAndStart();
  if (started.server == nullptr || started.port == 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", options.address,
        " for gRPC: the port is in use, or the host is not of this machine; choose another address in "
        "listen"));
  }
  for (const ServedService& served : services) SetServing(*started.server, served.name, true);
  return started;
}

void SetServing(grpc::Server& server, const std::string& service, bool is_serving) {
  server.GetHealthCheckService()->SetServingStatus(service, is_serving);
}

}  // namespace kansoku::aggregator
