// SPDX-License-Identifier: Apache-2.0
//
// The store as Prometheus sees it. Counters are those of the kEver tier: sums over all committed windows, so
// they survive a restart of the aggregator and never count an open window. Series are bounded by
// configuration: traffic is summed over technology, carrier and transport, the darknet over protocol and
// port. Every point and collector has its series from its first introduction on, at zero rather than absent.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/serve/live_status.h"
#include "aggregator/serve/own_use.h"
#include "aggregator/serve/port_table.h"
#include "aggregator/serve/telescope_samples.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

class MetricsCollectable : public prometheus::Collectable {
 public:
  // `store` and `ports` must outlive this. Any thread may collect. Without `own_use` nothing is said of it;
  // `say` writes to the log, on that thread.
  MetricsCollectable(
      const Store& store, const PortTable& ports, LiveStatusReader live, OwnUseReader own_use = nullptr,
      TelescopeSamples::Say say = [](const std::string&) {})
      : store_(store),
        live_(std::move(live)),
        own_use_(std::move(own_use)),
        telescope_(store, ports, std::move(say)) {}

  // All rows of AggregatorMetrics(). An error if the store cannot be read; a damaged record of the
  // telescopes' last day costs its own samples alone.
  absl::StatusOr<std::vector<prometheus::MetricFamily>> Read() const;

  // Read(); if that fails, what does not need the store.
  std::vector<prometheus::MetricFamily> Collect() const override;

  // Read() in Prometheus's text format.
  absl::StatusOr<std::string> Text() const;

 private:
  // With the days that could not be read here among those that could not be brought up to date.
  LiveStatus Live() const;

  const Store& store_;
  const LiveStatusReader live_;
  const OwnUseReader own_use_;
  mutable TelescopeSamples telescope_;
};

}  // namespace kansoku::aggregator
