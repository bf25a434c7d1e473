// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/metrics_server.h"

#include <httplib.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <latch>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "proto/exposition/metrics_protection.h"

namespace kansoku {
namespace {

// Exposition format 0.0.4 of Prometheus.
constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kPlainType[] = "text/plain; charset=utf-8";
constexpr size_t kThreads = 4;
// Of a connection: one that is kept would occupy a thread between its scrapes.
constexpr size_t kMostRequests = 1;

struct HostPort {
  std::string host;
  int port = 0;
};

absl::StatusOr<HostPort> ParseHostPort(const std::string& address) {
  HostPort parsed;
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is not host:port, such as 127.0.0.1:9464"));
  }
  parsed.host = address.substr(0, colon);
  if (parsed.host.starts_with('[') && parsed.host.ends_with(']')) {
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  }
  if (parsed.host.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" names no host; write 127.0.0.1", address));
  }
  parsed.port = static_cast<int>(port);
  return parsed;
}

}  // namespace

struct MetricsServer::Listener {
  explicit Listener(std::unique_ptr<httplib::Server> made) : server(std::move(made)) {}

  std::unique_ptr<httplib::Server> server;
  std::latch listening{1};
  std::thread thread;
};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    MetricsText metrics_text,
                                                                    const v1::MetricsConfig& protection,
                                                                    absl::Time now) {
  const auto host_port = ParseHostPort(address);
  if (!host_port.ok()) return host_port.status();
  if (const auto expected = ExpectedAuthorization(protection); !expected.ok()) return expected.status();
  auto made = MakeMetricsHttpServer(protection, now);
  if (!made.ok()) return made.status();
  auto listener = std::make_unique<Listener>(*std::move(made));
  httplib::Server& server = *listener->server;

  // The library's default lets a second server share the port and take half of the scrapes.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_keep_alive_max_count(kMostRequests);
  // Before the library reads a body, which it would do for anyone and to any length. As it is the
  // connection's only request, nothing of the body is read at all.
  server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& res) {
    using Decision = httplib::Server::HandlerResponse;
    if (request.method == "GET" || request.method == "HEAD") return Decision::Unhandled;
    res.status = 405;
    res.set_header("Allow", "GET, HEAD");
    return Decision::Handled;
  });
  server.set_payload_max_length(0);
  server.Get("/metrics", [metrics_text = std::move(metrics_text), protection](const httplib::Request& request,
                                                                              httplib::Response& res) {
    const absl::StatusOr<std::string> expected = ExpectedAuthorization(protection);
    if (!expected.ok()) {
      res.status = 503;  // whoever asks is not known yet, and is not told where the file lies
      return res.set_content("The file of metrics.password_path cannot be used any more.\n", kPlainType);
    }
    if (!IsAuthorized(request, *expected)) {
      res.status = 401;
      res.set_header("WWW-Authenticate", "Basic realm=\"kansoku\"");
      return res.set_content("This needs the user and password of metrics.user.\n", kPlainType);
    }
    const absl::StatusOr<std::string> text = metrics_text();
    if (text.ok()) {
      res.set_content(*text, kMetricsType);
    } else {
      res.status = 503;
      res.set_content(absl::StrCat(text.status().ToString(), "\n"), kPlainType);
    }
  });
  server.Get("/healthz",
             [](const httplib::Request&, httplib::Response& res) { res.set_content("ok\n", kPlainType); });
  server.set_error_handler([](const httplib::Request&, httplib::Response& res) {
    if (res.status == 404) res.set_content("This server has GET /metrics and GET /healthz.\n", kPlainType);
  });

  errno = 0;
  int port = host_port->port;
  const bool bound = port == 0 ? (port = server.bind_to_any_port(host_port->host)) > 0
                               : server.bind_to_port(host_port->host, port);
  if (!bound) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address, " for /metrics: ",
                                               errno == 0 ? "no such address" : std::strerror(errno),
                                               "; choose another address in metrics_listen"));
  }
  // The library makes its threads when it has begun to listen; to stop it any earlier would do nothing.
  server.new_task_queue = [&listening = listener->listening] {
    listening.count_down();
    return new httplib::ThreadPool(kThreads);
  };
  listener->thread = std::thread([&server] { server.listen_after_bind(); });
  listener->listening.wait();
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(listener), port));
}

MetricsServer::MetricsServer(std::unique_ptr<Listener> listener, int port)
    : listener_(std::move(listener)), port_(port) {}

MetricsServer::~MetricsServer() { Stop(); }

void MetricsServer::Stop() {
  if (!listener_->thread.joinable()) return;
  listener_->server->stop();
  listener_->thread.join();
}

}  // namespace kansoku
