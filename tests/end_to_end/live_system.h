// SPDX-License-Identifier: Apache-2.0
//
// The programs on live links, and what kansokuctl says of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/testing/child_process.h"
#include "tests/testing/live_network.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {

class LiveSystemTest : public LiveNetworkTest {
 protected:
  // On free ports of loopback. Fails the test if it does not listen.
  void StartAggregator();

  // Of a collector with windows of one second, to which `links` adds the rest.
  std::string CollectorConfig(const std::string& capture, const std::string& links) const;

  // On the interface "right", by the packet ring, as point "p"; once it is connected.
  std::unique_ptr<ChildProcess> StartCollector() const;

  // The ledger of each point, as kansokuctl prints it. Between the readings of several workers its identities
  // need not hold.
  std::map<std::string, nlohmann::json> Ledgers() const;
  // That kansokuctl finds every identity to hold: once the collector has stopped.
  void ExpectIdentitiesHold() const;
  static uint64_t Number(const nlohmann::json& ledger, const char* name);

  // Until each point has captured so many packets at least; false after twenty seconds.
  bool WaitForPackets(const std::map<std::string, uint64_t>& of_points) const;

  // That a point was offered, captured and lost nothing of so many packets, as its interface counted them.
  void ExpectCounted(const std::string& point, uint64_t packets) const;

  std::string address_;
  std::string metrics_address_;
  TempDir dir_;
  std::unique_ptr<ChildProcess> aggregator_;
};

}  // namespace kansoku::testing
