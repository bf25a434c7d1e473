// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/channel.h"

#include <chrono>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proto/transport/credentials.h"

namespace kansoku::aggregator {
namespace {

// So ends, without a word, a handshake that the other side refuses.
std::string WhyClosed(const Server& server) {
  return server.tls.has_value() ? "; it may also refuse this certificate: its log would say so"
                                : "; it may speak TLS: give --config a file with a tls section";
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const Server& server) {
  const auto credentials = MakeChannelCredentials(server.tls.has_value() ? &*server.tls : nullptr);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  // A proxy from the environment must not stand between two programs of one machine.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A month of ten-second rows is larger than gRPC's 4 MiB.
  arguments.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());
  return grpc::CreateCustomChannel(server.address, *credentials, arguments);
}

void SetDeadline(const Server& server, grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(server.timeout_seconds));
}

absl::Status Explain(const Server& server, const grpc::Status& status) {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return absl::OkStatus();
    case grpc::StatusCode::UNAVAILABLE: {
      const std::string& message = status.error_message();
      const bool refused = absl::StrContains(message, "Connection refused");
      return absl::Status(
          code, absl::StrCat("cannot reach the aggregator at ", server.address, " (",
                             refused ? "connection refused" : message, "); is it running? see --aggregator",
                             absl::StrContains(message, "Socket closed") ? WhyClosed(server) : ""));
    }
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::Status(code, absl::StrCat("the aggregator at ", server.address, " did not answer within ",
                                             server.timeout_seconds, " s; see --timeout"));
    default:
      return absl::Status(code, absl::StrCat("the aggregator at ", server.address, " answered ",
                                             absl::StatusCodeToString(code), ": ", status.error_message()));
  }
}

}  // namespace kansoku::aggregator
