// SPDX-License-Identifier: Apache-2.0
//
// One question to an aggregator over gRPC, on a connection of its own. Blocks until the answer or the
// timeout; any thread. Errors say what to do; their code is that of the RPC.
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

absl::StatusOr<v1::ListPointsResponse> Ask(const Server& server, const v1::ListPointsRequest& request);
absl::StatusOr<v1::GetTrafficResponse> Ask(const Server& server, const TrafficQuestion& question);
absl::StatusOr<v1::GetTrafficResponse> Ask(const Server& server, const FlowsQuestion& question);
absl::StatusOr<v1::GetDarknetResponse> Ask(const Server& server, const v1::GetDarknetRequest& request);
absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const v1::GetFiguresRequest& request);
// Those of the labels asked for. NOT_FOUND: there are others, and no such.
absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const MonthsQuestion& question);
// Those of the population asked for, and those of none.
absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const TelescopeQuestion& question);
absl::StatusOr<v1::GetFiguresResponse> Ask(const Server& server, const ExportQuestion& question);
absl::StatusOr<v1::ListFigureKindsResponse> Ask(const Server& server,
                                                const v1::ListFigureKindsRequest& request);
absl::StatusOr<v1::ListVintagesResponse> Ask(const Server& server, const v1::ListVintagesRequest& request);
absl::StatusOr<v1::RecomputeVintageResponse> Ask(const Server& server,
                                                 const v1::RecomputeVintageRequest& request);
absl::StatusOr<v1::GetMatchedPanelResponse> Ask(const Server& server,
                                                const v1::GetMatchedPanelRequest& request);
absl::StatusOr<v1::GetLedgerResponse> Ask(const Server& server, const v1::GetLedgerRequest& request);
// As many pages as there are, or as it takes to have request.page_size() records, where that is not 0.
absl::StatusOr<v1::ListFlowRecordsResponse> Ask(const Server& server,
                                                const v1::ListFlowRecordsRequest& request);

// All pages.
absl::StatusOr<v1::ListQuarantineResponse> Ask(const Server& server,
                                               const v1::ListQuarantineRequest& request);
absl::StatusOr<v1::QuarantinedReport> Ask(const Server& server, const v1::GetQuarantinedRequest& request);
// The reports as they are afterwards. What was decided before one that fails stays decided; the error says
// so.
absl::StatusOr<v1::ListQuarantineResponse> Ask(const Server& server, const DecideQuestion& question);

}  // namespace kansoku::aggregator
