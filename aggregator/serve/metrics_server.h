// SPDX-License-Identifier: Apache-2.0
//
// The HTTP server that Prometheus scrapes: GET /metrics and GET /healthz, nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

class MetricsServer {
 public:
  // Called for each scrape, on a thread of the server, possibly several at once. An error becomes status 503
  // with its message, which Prometheus shows as a failed scrape.
  using MetricsText = std::function<absl::StatusOr<std::string>()>;

  // Listens on "host:port" or "[host]:port", on a thread of its own; port 0 takes a free one.
  // INVALID_ARGUMENT: not such an address. UNAVAILABLE: the port is in use, or the host is not of this
  // machine.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              MetricsText metrics_text);

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

}  // namespace kansoku::aggregator
