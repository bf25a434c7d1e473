// SPDX-License-Identifier: Apache-2.0
#include "collector/export/export_sayings.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "collector/export/spool_files.h"

namespace kansoku::collector {

std::string EvictionText(const v1::SpoolConfig& spool, bool is_full) {
  return absl::StrCat("spool ", spool.path(),
                      is_full ? absl::StrCat(" is full (", spool.max_bytes(), " bytes)")
                              : absl::StrCat(" holds reports that have waited for more than ",
                                             spool.max_age_hours(), " hours"),
                      ": tombstones replace its oldest reports");
}

std::string RepairText(const v1::SpoolConfig& spool, const Spool::Repair& repair) {
  return absl::StrCat(repair.reason, "; it was rebuilt: ", repair.kept, " entries are kept, ", repair.lost,
                      " reports are lost and have tombstones; the damaged file is ",
                      DamagedPath(spool.path()));
}

std::string NewEpochText(const v1::SpoolConfig& spool, uint64_t kept_reports, uint64_t undecided_reports) {
  return absl::StrCat("spool ", spool.path(), " starts a new epoch with the ", kept_reports,
                      " reports it holds that were never sent; ", undecided_reports,
                      " that may have been counted are lost and have tombstones");
}

std::string LossText(const v1::AggregatorAddress& aggregator, const absl::Status& reason, bool was_connected,
                     absl::Duration pause) {
  // So ends, without a word, the connection of one whose certificate is refused.
  const bool may_be_refused =
      aggregator.has_tls() && !was_connected && absl::StrContains(reason.message(), "Socket closed");
  return absl::StrCat(was_connected ? "lost " : "cannot reach ", aggregator.address(), ": ", reason.message(),
                      may_be_refused ? " (if it runs, it may refuse this certificate: its log says so)" : "",
                      "; next try in ", absl::FormatDuration(absl::Ceil(pause, absl::Milliseconds(100))));
}

}  // namespace kansoku::collector
