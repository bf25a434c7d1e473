// SPDX-License-Identifier: Apache-2.0
//
// The two programs as objects in one process, over real gRPC, SQLite and capture files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aggregator/aggregator.h"
#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/ingest.pb.h"
#include "kansoku/v1/query.grpc.pb.h"

namespace kansoku::testing {

// Runs kansoku-generate; the capture is NAME.pcap, its truth NAME.json. Fails the test if it fails.
struct Generated {
  std::string capture;
  std::string truth;
};
Generated Generate(const std::string& folder, const std::string& name, std::vector<std::string> arguments);

// Listens on free ports of loopback; keeps every tier for as long as captures may be old.
v1::AggregatorConfig AggregatorConfigIn(const std::string& folder);

// One link that reads a file. Subscribers and telescopes are those of the generator's truth.
v1::CollectorConfig CollectorConfigFor(const std::string& folder, const std::string& name,
                                       const Generated& traffic, const std::string& aggregator_address);

// Reads the link's file to its end and waits for the last acknowledgement.
v1::Delivery Collect(const v1::CollectorConfig& config);

// Every bucket of every tier, as text; equal for equal stores.
std::string DumpStore(const std::string& path);

std::unique_ptr<v1::Query::Stub> QueryStub(const std::string& address);

// One row for the whole time, by every dimension of a class.
v1::GetTrafficResponse AllTraffic(v1::Query::Stub& query);
v1::GetDarknetResponse AllDarknet(v1::Query::Stub& query);

// Every figure of the whole time.
v1::GetFiguresResponse AllFigures(v1::Query::Stub& query);

v1::GetLedgerResponse LedgerOf(v1::Query::Stub& query);

// Fails the test for each identity of the ledger that does not hold, and if there are none.
void ExpectIdentitiesHold(v1::Query::Stub& query);

}  // namespace kansoku::testing
