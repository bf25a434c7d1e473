// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/quarantine_query.h"

#include <utility>

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kMostReports = 1'000;

}  // namespace

absl::StatusOr<v1::ListQuarantineResponse> ListQuarantine(const StoreReader& store,
                                                          const v1::ListQuarantineRequest& request) {
  const bool is_sized = request.page_size() > 0 && request.page_size() < kMostReports;
  const uint32_t page_size = is_sized ? request.page_size() : kMostReports;
  // One more than is shown tells whether there are more.
  auto reports = store.Quarantine({.collector = request.collector(),
                                   .every_state = request.every_state(),
                                   .after_id = request.after_id(),
                                   .most = page_size + 1});
  if (!reports.ok()) return reports.status();
  v1::ListQuarantineResponse response;
  for (v1::QuarantinedReport& report : *reports) {
    if (response.reports_size() == static_cast<int>(page_size)) {
      response.set_next_after_id(response.reports().rbegin()->id());
      break;
    }
    *response.add_reports() = std::move(report);
  }
  return response;
}

}  // namespace kansoku::aggregator
