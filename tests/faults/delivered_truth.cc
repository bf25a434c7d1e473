// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/delivered_truth.h"

#include <grpcpp/grpcpp.h>

#include <bit>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/measurement.h"

namespace kansoku::testing {
namespace {

using aggregator::Bucket;
using aggregator::Tier;

using BucketKey = std::pair<std::string, int64_t>;  // point, start
using Buckets = std::map<BucketKey, v1::Measurement>;

Buckets ReadTier(const aggregator::Store& store, Tier tier, std::vector<std::string>& problems) {
  Buckets buckets;
  const absl::Status status = store.Scan(tier, 0, INT64_MAX, {}, [&buckets](const Bucket& bucket) {
    buckets[{std::string(bucket.point), bucket.start_unix_seconds}] = bucket.measurement;
  });
  if (!status.ok()) problems.push_back(absl::StrCat("the store cannot be read: ", status.message()));
  return buckets;
}

// Whether the stored sum is that of each of these once, `evicted_windows` of them replaced by tombstones.
bool IsSumOf(const v1::Measurement& stored, const std::vector<const v1::Measurement*>& parts) {
  const uint64_t evicted = stored.evicted_windows();
  if (stored.windows() + evicted != parts.size()) return false;
  for (uint64_t lost = 0; lost < uint64_t{1} << parts.size(); ++lost) {
    if (static_cast<uint64_t>(std::popcount(lost)) != evicted) continue;
    v1::Measurement sum;
    for (size_t i = 0; i < parts.size(); ++i) {
      Merge((lost >> i & 1) != 0 ? EvictedWindow() : *parts[i], sum);
    }
    if (sum.SerializeAsString() == stored.SerializeAsString()) return true;
  }
  return false;
}

// What is known of one window of one point.
struct Parts {
  std::vector<const v1::Measurement*> whole;
  std::vector<const v1::Measurement*> cut_short;

  size_t count() const { return whole.size() + cut_short.size(); }
};

// The sum of the whole ones and of any beginning of the others. Which were lost is open, so with tombstones
// the least is nothing.
bool IsSumOfBeginnings(const v1::Measurement& stored, const Parts& parts) {
  if (stored.windows() + stored.evicted_windows() != parts.count()) return false;
  uint64_t least = 0, most = 0;
  for (const v1::Measurement* part : parts.whole) least += part->ledger().captured_packets();
  for (const v1::Measurement* part : parts.cut_short) most += part->ledger().captured_packets();
  most += least;
  if (stored.evicted_windows() > 0) least = 0;
  return stored.ledger().captured_packets() >= least && stored.ledger().captured_packets() <= most;
}

void CheckWindows(const Buckets& windows, const std::vector<SpooledReports>& expected,
                  std::vector<std::string>& problems) {
  std::map<BucketKey, Parts> parts;
  const auto parts_of = [&parts](const v1::WindowReport& report) -> Parts& {
    return parts[{report.point(), report.window_start_unix_seconds()}];
  };
  for (const SpooledReports& collector : expected) {
    for (const v1::WindowReport& report : collector.reports) {
      parts_of(report).whole.push_back(&report.measurement());
    }
    for (const v1::WindowReport& report : collector.cut_short) {
      parts_of(report).cut_short.push_back(&report.measurement());
    }
  }
  for (const auto& [key, of_window] : parts) {
    const auto stored = windows.find(key);
    const std::string where = absl::StrCat(key.first, ", window ", key.second, ": ");
    if (stored == windows.end()) {
      problems.push_back(absl::StrCat(where, "was on the collector's disk and is not in the store"));
    } else if (of_window.cut_short.empty() ? !IsSumOf(stored->second, of_window.whole)
                                           : !IsSumOfBeginnings(stored->second, of_window)) {
      problems.push_back(absl::StrCat(where, "is not the sum of its ", of_window.count(),
                                      " reports, each once; the store says ", stored->second.windows(),
                                      " windows and ", stored->second.evicted_windows(), " tombstones"));
    }
  }
  for (const auto& [key, measurement] : windows) {
    if (parts.contains(key)) continue;
    problems.push_back(
        absl::StrCat(key.first, ", window ", key.second, ": is in the store and never was on a disk"));
  }
}

void CheckRollups(const aggregator::Store& store, const Buckets& windows,
                  std::vector<std::string>& problems) {
  for (const Tier tier : {Tier::kFiveMinutes, Tier::kHour, Tier::kEver}) {
    Buckets sums;
    for (const auto& [key, measurement] : windows) {
      Merge(measurement, sums[{key.first, aggregator::BucketStart(tier, key.second)}]);
    }
    const Buckets stored = ReadTier(store, tier, problems);
    for (const auto& [key, sum] : sums) {
      const auto held = stored.find(key);
      if (held != stored.end() && held->second.SerializeAsString() == sum.SerializeAsString()) continue;
      problems.push_back(absl::StrCat(key.first, ", tier ", static_cast<int>(tier), ", start ", key.second,
                                      ": is not the sum of its windows"));
    }
    if (stored.size() != sums.size()) {
      problems.push_back(absl::StrCat("tier ", static_cast<int>(tier), " holds ", stored.size(),
                                      " buckets, not the ", sums.size(), " of its windows"));
    }
  }
}

}  // namespace

uint64_t CheckStore(const std::string& path, const std::vector<SpooledReports>& expected,
                    std::vector<std::string>& problems) {
  aggregator::SqliteStoreOptions options;
  options.path = path;
  const auto store = aggregator::SqliteStore::Open(options);
  if (!store.ok()) {
    problems.push_back(absl::StrCat("the store cannot be opened: ", store.status().message()));
    return 0;
  }
  const Buckets windows = ReadTier(**store, Tier::kWindow, problems);
  CheckWindows(windows, expected, problems);
  CheckRollups(**store, windows, problems);
  uint64_t tombstones = 0, counted = 0;
  for (const auto& [key, measurement] : windows) tombstones += measurement.evicted_windows();
  for (const SpooledReports& collector : expected) counted += collector.evicted;
  if (tombstones > counted) {
    problems.push_back(
        absl::StrCat("the store holds ", tombstones, " tombstones, the collectors counted ", counted));
  }
  return tombstones;
}

uint64_t CheckLedger(const std::string& address, const std::vector<SpooledReports>& expected,
                     std::vector<std::string>& problems) {
  const auto query = v1::Query::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::GetLedgerRequest request;
  request.set_stored_hours(true);
  v1::GetLedgerResponse ledger;
  if (const grpc::Status status = query->GetLedger(&context, request, &ledger); !status.ok()) {
    problems.push_back("the ledger cannot be read: " + status.error_message());
    return 0;
  }
  const auto check = [&problems](const std::string& subject, const auto& identities) {
    for (const v1::Identity& identity : identities) {
      if (identity.holds()) continue;
      problems.push_back(absl::StrCat(subject, ": ", identity.statement(), ": ", identity.left(), " against ",
                                      identity.right()));
    }
  };
  uint64_t duplicates = 0;
  std::map<std::string, const v1::CollectorLedger*> found;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    found[collector.collector()] = &collector;
    duplicates += collector.duplicate_reports();
    check(collector.collector(), collector.identities());
    for (const v1::PointLedger& point : collector.points()) check(point.point(), point.identities());
  }
  for (const SpooledReports& truth : expected) {
    if (!found.contains(truth.collector)) {
      problems.push_back(truth.collector + ": is not in the ledger");
      continue;
    }
    const v1::CollectorLedger& collector = *found[truth.collector];
    const auto equal = [&](absl::string_view what, uint64_t is, uint64_t should_be) {
      if (is == should_be) return;
      problems.push_back(
          absl::StrCat(truth.collector, ": in the ledger, ", what, " is ", is, ", not ", should_be));
    };
    equal("epoch", collector.epoch(), truth.epoch);
    equal("committed through", collector.committed_through(), truth.closed);
    equal("missing", collector.missing_reports(), 0);
    equal("closed", collector.reports_closed(), truth.closed);
    equal("acknowledged", collector.reports_acknowledged(), truth.acknowledged);
    equal("evicted", collector.reports_evicted(), truth.evicted);
    equal("in the spool", collector.reports_spooled(), 0);
  }
  return duplicates;
}

}  // namespace kansoku::testing
