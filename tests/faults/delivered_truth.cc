// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/delivered_truth.h"

#include <grpcpp/grpcpp.h>

#include <bit>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/store/ever_bucket.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/measurement.h"
#include "proto/transport/credentials.h"

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

// Whether the stored sum is that of some of these, each once, and of tombstones for others.
bool IsSumOf(const v1::Measurement& stored, const std::vector<const v1::Measurement*>& parts) {
  if (stored.windows() + stored.evicted_windows() > parts.size()) return false;
  for (uint64_t there = 0; there < uint64_t{1} << parts.size(); ++there) {
    if (static_cast<uint64_t>(std::popcount(there)) != stored.windows()) continue;
    v1::Measurement sum;
    for (size_t i = 0; i < parts.size(); ++i) {
      if ((there >> i & 1) != 0) Merge(*parts[i], sum);
    }
    for (uint64_t i = 0; i < stored.evicted_windows(); ++i) Merge(EvictedWindow(), sum);
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

// The sum of the whole ones and of any beginning of the others. Which were lost is open, so where some were
// the least is nothing.
bool IsSumOfBeginnings(const v1::Measurement& stored, const Parts& parts) {
  if (stored.windows() + stored.evicted_windows() > parts.count()) return false;
  uint64_t least = 0, most = 0;
  for (const v1::Measurement* part : parts.whole) least += part->ledger().captured_packets();
  for (const v1::Measurement* part : parts.cut_short) most += part->ledger().captured_packets();
  most += least;
  if (stored.windows() < parts.count()) least = 0;
  return stored.ledger().captured_packets() >= least && stored.ledger().captured_packets() <= most;
}

void CheckWindows(const Buckets& windows, const std::vector<SpooledReports>& expected, uint64_t missing,
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
  std::vector<std::string> absent;
  uint64_t absent_reports = 0;
  for (const auto& [key, of_window] : parts) {
    const auto found = windows.find(key);
    const v1::Measurement stored = found == windows.end() ? v1::Measurement() : found->second;
    const std::string where = absl::StrCat(key.first, ", window ", key.second, ": ");
    const uint64_t known = stored.windows() + stored.evicted_windows();
    if (known < of_window.count()) {
      absent_reports += of_window.count() - known;
      absent.push_back(absl::StrCat(where, of_window.count(), " reports were on the collector's disk, ",
                                    known, " are in the store"));
    }
    if (of_window.cut_short.empty() ? !IsSumOf(stored, of_window.whole)
                                    : !IsSumOfBeginnings(stored, of_window)) {
      problems.push_back(absl::StrCat(where, "is not the sum of its ", of_window.count(),
                                      " reports, each once; the store says ", stored.windows(),
                                      " windows and ", stored.evicted_windows(), " tombstones"));
    }
  }
  if (absent_reports != missing) {
    problems.push_back(
        absl::StrCat(absent_reports, " reports are not in the store, which misses ", missing, ":"));
    problems.insert(problems.end(), absent.begin(), absent.end());
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
    if (tier == Tier::kEver) {
      for (auto& [key, sum] : sums) aggregator::MakeEver(sum);
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

uint64_t CheckStore(const std::string& path, const std::vector<SpooledReports>& expected, uint64_t missing,
                    std::vector<std::string>& problems) {
  aggregator::SqliteStoreOptions options;
  options.path = path;
  const auto store = aggregator::SqliteStore::Open(options);
  if (!store.ok()) {
    problems.push_back(absl::StrCat("the store cannot be opened: ", store.status().message()));
    return 0;
  }
  const Buckets windows = ReadTier(**store, Tier::kWindow, problems);
  CheckWindows(windows, expected, missing, problems);
  CheckRollups(**store, windows, problems);
  uint64_t tombstones = 0, counted = 0;
  for (const auto& [key, measurement] : windows) tombstones += measurement.evicted_windows();
  for (const SpooledReports& collector : expected) counted += collector.evicted;
  if (tombstones + missing > counted) {
    problems.push_back(absl::StrCat("the store holds ", tombstones, " tombstones and misses ", missing,
                                    " reports, the collectors counted ", counted, " evicted"));
  }
  return tombstones;
}

LedgerCounts CheckLedger(const std::string& address, const v1::TlsConfig* tls,
                         const std::vector<SpooledReports>& expected, std::vector<std::string>& problems) {
  const auto credentials = MakeChannelCredentials(tls);
  if (!credentials.ok()) {
    problems.push_back(std::string(credentials.status().message()));
    return {};
  }
  const auto query = v1::Query::NewStub(grpc::CreateChannel(address, *credentials));
  grpc::ClientContext context;
  v1::GetLedgerRequest request;
  request.set_stored_hours(true);
  v1::GetLedgerResponse ledger;
  if (const grpc::Status status = query->GetLedger(&context, request, &ledger); !status.ok()) {
    problems.push_back("the ledger cannot be read: " + status.error_message());
    return {};
  }
  const auto check = [&problems](const std::string& subject, const auto& identities) {
    for (const v1::Identity& identity : identities) {
      if (identity.holds()) continue;
      problems.push_back(absl::StrCat(subject, ": ", identity.statement(), ": ", identity.left(), " against ",
                                      identity.right()));
    }
  };
  LedgerCounts counts;
  std::map<std::string, const v1::CollectorLedger*> found;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    found[collector.collector()] = &collector;
    counts.duplicates += collector.duplicate_reports();
    counts.missing += collector.missing_reports();
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
    equal("closed", collector.reports_closed(), truth.closed);
    equal("acknowledged", collector.reports_acknowledged(), truth.acknowledged);
    equal("evicted", collector.reports_evicted(), truth.evicted);
    equal("in the spool", collector.reports_spooled(), 0);
  }
  return counts;
}

}  // namespace kansoku::testing
