// SPDX-License-Identifier: Apache-2.0
//
// Which ISPs contributed to what in each hour, for small_parts.h. Hours, because every range and step that is
// told is made of them: two questions about the same hour must not meet different groups. One hour is held at
// a time: a month of a large telescope has as many parts as memory has octets. Of each part `fewest` ISPs are
// named, who are enough, if there are as many. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "aggregator/figures/time_steps.h"
#include "aggregator/serve/small_parts.h"
#include "aggregator/store/store.h"
#include "proto/contract/traffic_class.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {

struct HourTable {
  int64_t start_unix_seconds = 0;
  std::vector<TablePart> parts;
};

// Called for each hour that has a packet, in the order of time. Must not keep the table.
using VisitHour = absl::FunctionRef<void(const HourTable&)>;

// By class: group, access, direction, family, transport, technology, carrier. `range` is of whole hours.
absl::Status TrafficByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest,
                           VisitHour visit);
TrafficClass TrafficClassOf(const TablePart& part);

// By family, class, protocol, port and version of the rules of dark packets, over all sensors. The version is
// the finest: where one is few ISPs', as while they upgrade, their sums over versions may still be told.
absl::Status DarknetByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest,
                           VisitHour visit);

// The same, and in the same pass what each point measured in an hour, before that hour's table. `isp` is null
// of a point that came while this reads.
using VisitPoint = absl::FunctionRef<void(const v1::Measurement&, const std::string* isp)>;
absl::Status DarknetByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest, VisitHour visit,
                           VisitPoint visit_point);

}  // namespace kansoku::aggregator
