// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "kansoku/v1/config.pb.h"
#include "proto/contract/config_text.h"

namespace kansoku::aggregator {

// What more than one key of the registry decides: it goes with tls, names and points are given once,
// operators have an ISP and others none. Pure; any thread.
absl::Status CheckRegistry(const v1::AggregatorConfig& config, const ConfigPlaces& places);

}  // namespace kansoku::aggregator
