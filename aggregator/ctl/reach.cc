// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/reach.h"

#include <fcntl.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/channel.h"
#include "kansoku/v1/ingest.grpc.pb.h"

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kServing = 1;  // grpc.health.v1.HealthCheckResponse.ServingStatus

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// "localhost" and "50051" of localhost:50051; of [::1]:50051 the address without its brackets.
std::pair<std::string, std::string> Split(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, address.substr(colon + 1)};
}

absl::StatusOr<Addresses> LookUp(const std::string& address) {
  const auto [host, port] = Split(address);
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_socktype = SOCK_STREAM;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); error != 0) {
    return absl::NotFoundError(absl::StrCat(host, " has no address: ", gai_strerror(error)));
  }
  return Addresses(found, freeaddrinfo);
}

// 0, or an errno.
int Connect(const addrinfo& to, int milliseconds) {
  const int connection = socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol);
  if (connection < 0) return errno;
  int error = connect(connection, to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd ready{connection, POLLOUT, 0};
    socklen_t size = sizeof error;
    if (poll(&ready, 1, milliseconds) <= 0) {
      error = ETIMEDOUT;
    } else if (getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
  }
  close(connection);
  return error;
}

absl::Status ConnectToAny(const Server& server, const addrinfo* addresses) {
  int error = 0;
  for (const addrinfo* to = addresses; to != nullptr; to = to->ai_next) {
    error = Connect(*to, static_cast<int>(server.timeout_seconds) * 1000);
    if (error == 0) return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(server.address, ": ", std::strerror(error)));
}

// A message of one number has the bytes of a UInt32Value, and of one string those of a StringValue.
absl::StatusOr<uint32_t> Health(const Server& server, const std::string& service) {
  const auto channel = OpenChannel(server);
  if (!channel.ok()) return channel.status();
  grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::UInt32Value> stub(*channel);
  google::protobuf::StringValue request;
  request.set_value(service);
  google::protobuf::UInt32Value response;
  grpc::ClientContext context;
  SetDeadline(server, context);
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  if (const absl::Status status = Explain(server, done.get_future().get()); !status.ok()) return status;
  return response.value();
}

}  // namespace

Reached Reach(const Server& server) {
  Reached reached;
  const absl::StatusOr<Addresses> addresses = LookUp(server.address);
  reached.name = addresses.status();
  if (!addresses.ok()) return reached;
  reached.connection = ConnectToAny(server, addresses->get());
  if (!reached.connection.ok()) return reached;
  reached.answer = Health(server, "").status();
  return reached;
}

absl::StatusOr<bool> TakesReports(const Server& server) {
  const absl::StatusOr<uint32_t> health = Health(server, v1::Ingest::service_full_name());
  if (!health.ok()) return health.status();
  return *health == kServing;
}

}  // namespace kansoku::aggregator
