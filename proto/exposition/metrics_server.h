// SPDX-License-Identifier: Apache-2.0
//
// The HTTP server that Prometheus scrapes: GET /metrics and GET /healthz, nothing else; one request to a
// connection. With a certificate it speaks TLS 1.3 only; with a password /metrics is told to who knows it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku {

class MetricsServer {
 public:
  // Called for each scrape, on a thread of the server, possibly several at once. An error becomes status 503
  // with its message, which Prometheus shows as a failed scrape.
  using MetricsText = std::function<absl::StatusOr<std::string>()>;

  // Listens on "host:port" or "[host]:port", on a thread of its own; port 0 takes a free one. `protection`:
  // its files are read anew for each connection; they must be right `now`. One that is no longer fails the
  // scrape: a password by status 503 and why, a certificate by its handshake.
  // INVALID_ARGUMENT: not such an address. UNAVAILABLE: the port is in use, or the host is not of this
  // machine. NOT_FOUND and FAILED_PRECONDITION: a file cannot be used; they say which and why.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              MetricsText metrics_text,
                                                              const v1::MetricsConfig& protection,
                                                              absl::Time now);

  ~MetricsServer();  // Stop()
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  int port() const { return port_; }

  // Ends open scrapes and joins the server's threads. A second call does nothing.
  void Stop();

 private:
  struct Listener;  // keeps the HTTP library out of this header

  MetricsServer(std::unique_ptr<Listener> listener, int port);

  std::unique_ptr<Listener> listener_;
  int port_;
};

}  // namespace kansoku
