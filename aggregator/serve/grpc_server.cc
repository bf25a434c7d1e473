// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/keepalive.h"
#include "proto/transport/credentials.h"

namespace kansoku::aggregator {
namespace {

// Of calls at a time on one connection: a collector has one. A question that does not end is in no share yet.
constexpr int kMostStreams = 16;
// Of the headers of one call.
constexpr int kMostMetadataBytes = 8 << 10;
// Who connects has so long to show its certificate.
constexpr int kHandshakeMilliseconds = 10'000;
// Each of ten thousand connections holds its buffers all the time: as large as a report of fifty cells, not
// as large as TLS allows.
constexpr int kConnectionBufferBytes = 2048;

// To link the library adds its plugin to every server of the process.
class Reflection final : public grpc::ServerBuilderOption {
 public:
  explicit Reflection(bool is_on) : is_on_(is_on) {}

  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto own = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    std::erase_if(*plugins, [&](const auto& plugin) { return plugin->name() == own->name(); });
    if (is_on_) plugins->push_back(std::move(own));
  }

 private:
  const bool is_on_;
};

void SetLimits(const GrpcServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.most_receive_bytes);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMilliseconds);
  grpc::ResourceQuota quota("transport");
  quota.Resize(options.most_transport_bytes);
  builder.SetResourceQuota(quota);
}

}  // namespace

absl::StatusOr<GrpcServer> StartGrpcServer(const GrpcServerOptions& options,
                                           std::span<const ServedService> services) {
  grpc::EnableDefaultHealthCheckService(true);  // a switch of the whole process

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
  SetLimits(options, builder);
  builder.SetOption(std::make_unique<Reflection>(options.with_reflection));
  // Measuring a connection's bandwidth would cost a ping for each message, to let a collector send further
  // ahead than 64 KiB: memory that 10,000 of them would fill at once after an outage.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_TSI_MAX_FRAME_SIZE, kConnectionBufferBytes);
  builder.AddChannelArgument(GRPC_ARG_TCP_READ_CHUNK_SIZE, kConnectionBufferBytes);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);  // it would keep a history of each connection
  for (const ServedService& served : services) builder.RegisterService(served.service);
  started.strangers = std::make_unique<grpc::CallbackGenericService>();
  builder.RegisterCallbackGenericService(started.strangers.get());
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
