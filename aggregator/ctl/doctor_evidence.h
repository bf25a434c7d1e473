// SPDX-License-Identifier: Apache-2.0
//
// What the stages of `kansokuctl doctor` are judged from. Plain data.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// How far one came on the way to the aggregator. What lies behind the first error was not tried.
struct Reached {
  absl::Status name;        // its host has an address
  absl::Status connection;  // somebody listens there
  absl::Status answer;      // in TLS where that is spoken
  absl::Status role;        // it tells who asks of measurements
};

// The answer to a GET; without `error` there was one.
struct HttpAnswer {
  int status = 0;
  std::string body;
  std::string error;
};

// A GET of each address that is looked at.
struct PrometheusAnswers {
  HttpAnswer instances;  // of the query kansoku_build_info
  HttpAnswer targets;
  HttpAnswer rules;
};

struct AggregatorAnswers {
  absl::StatusOr<bool> takes_reports;  // gRPC's health of kansoku.v1.Ingest
  absl::StatusOr<v1::ListPointsResponse> points;
  absl::StatusOr<v1::GetLedgerResponse> ledger;
  absl::StatusOr<v1::GetTrafficResponse> latest;  // of the last minutes by point; a regulator is not told
  absl::StatusOr<v1::ListVintagesResponse> vintages;
};

}  // namespace kansoku::aggregator
