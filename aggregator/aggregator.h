// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::aggregator {

// The program as an object: the store, the commit thread, the gRPC server with its services, and /metrics.
// Started and stopped by one thread.
class Aggregator {
 public:
  // Takes a line for people about what goes wrong later; any thread calls it, one at a time.
  using Say = std::function<void(const std::string&)>;

  // Opens the store and both ports, so that what is wrong is known at once, and serves.
  static absl::StatusOr<std::unique_ptr<Aggregator>> Start(
      const v1::AggregatorConfig& config, Say say = [](const std::string&) {});
  ~Aggregator();

  // Takes the registry of `config` in the place of the present one: from now on it says who may report and
  // ask, and streams of those who may no longer end. Everything else of `config` is ignored.
  // Without tls there is no registry, then or now: nothing happens. FAILED_PRECONDITION: there is tls then or
  // now alone. Any thread.
  absl::Status ReplaceRegistry(const v1::AggregatorConfig& config);

  // Reads the register of statistics again and takes it for the figures of months, unless it would change
  // what was published. On an error the present one stays in force. FAILED_PRECONDITION also: the
  // configuration had no statistics when the program started. Any thread.
  absl::Status ReadStatisticsAgain();

  // Reads the table of port categories again. On an error the present one stays in force.
  // FAILED_PRECONDITION: the configuration named none when the program started. Any thread.
  absl::Status ReadPortCategoriesAgain();

  // Ends the streams, commits what was received and closes the store. Idempotent. What was not acknowledged
  // stays in the collectors' spools.
  void Stop();

  // As bound, with the port that was taken where the configuration says 0.
  const std::string& grpc_address() const;
  const std::string& metrics_address() const;

 private:
  struct Parts;
  explicit Aggregator(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace kansoku::aggregator
