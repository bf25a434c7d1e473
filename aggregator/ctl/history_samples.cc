// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/history_samples.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "aggregator/publish/history_choice.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/metric_catalog.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

struct PublishedRate {
  v1::Series series;
  const char* id;  // in the tables
  const char* direction;
};

constexpr PublishedRate kRates[] = {
    {v1::SERIES_FIXED, "fixed_download_national_estimate", "download"},
    {v1::SERIES_FIXED, "fixed_upload_national_estimate", "upload"},
    {v1::SERIES_MOBILE, "mobile_download_avg", "download"},
    {v1::SERIES_MOBILE, "mobile_upload_avg", "upload"},
    {v1::SERIES_MOBILE, "mobile_total_avg", "total"},
};

// Of a year of dark addresses.
struct PublishedTotal {
  const Metric* metric;
  const char* id;  // in the tables
  const char* unit;
};

const PublishedTotal kTotals[] = {
    {&metrics::kHistoryDarknetPackets, "total_packets", "packets"},
    {&metrics::kHistoryDarknetPacketsPerAddress, "packets_per_ip_per_year", "packets per address"},
};

const char* Word(Evidence evidence) {
  switch (evidence) {
    case Evidence::kSeen:
      return "seen";
    case Evidence::kDerived:
      return "derived";
    case Evidence::kRecalled:
      return "recalled";
  }
  return "";
}

absl::Status Unusable(const HistoryRow& row, const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("--history: ", row.series, " of ", row.period, ": ", why));
}

// The printed digits with their power of ten, read once: no rounding but a double's.
absl::StatusOr<double> BitsPerSecond(const HistoryRow& row) {
  static const std::map<std::string, const char*> kPowers = {{"bit/s", ""},  {"bps", ""},    {"kbps", "e3"},
                                                             {"Mbps", "e6"}, {"Gbps", "e9"}, {"Tbps", "e12"}};
  const auto power = kPowers.find(row.unit);
  double value = 0;
  if (power == kPowers.end() || !absl::SimpleAtod(absl::StrCat(row.value, power->second), &value)) {
    return Unusable(row, absl::StrCat("\"", row.value, " ", row.unit,
                                      "\": expected bit/s, bps, kbps, Mbps, Gbps or Tbps"));
  }
  return value;
}

absl::StatusOr<TimedSample> SampleOf(const PublishedRate& rate, const HistoryRow& row) {
  const absl::StatusOr<Month> month = ParseMonth(row.period);
  if (!month.ok()) return Unusable(row, std::string(month.status().message()));
  const absl::StatusOr<double> value = BitsPerSecond(row);
  if (!value.ok()) return value.status();
  return TimedSample{{&metrics::kHistoryTrafficRate,
                      {EnumLabel(rate.series), rate.direction, row.basis, Word(row.evidence), row.source},
                      *value},
                     LastUnixSecond(*month)};
}

absl::StatusOr<TimedSample> SampleOf(const PublishedTotal& total, const HistoryRow& row, Month month) {
  double value = 0;
  if (row.unit != total.unit || !absl::SimpleAtod(row.value, &value)) {
    return Unusable(row, absl::StrCat("\"", row.value, " ", row.unit, "\": expected ", total.unit));
  }
  return TimedSample{{total.metric, {row.basis, Word(row.evidence), row.source}, value},
                     LastUnixSecond(month)};
}

std::set<std::string> BasesOf(const std::vector<HistoryFile>& history, const std::string& id) {
  std::set<std::string> bases;
  for (const HistoryFile& file : history) {
    for (const HistoryRow& row : file.rows) {
      if (row.series == id) bases.insert(row.basis);
    }
  }
  return bases;
}

}  // namespace

absl::StatusOr<std::vector<TimedSample>> HistorySamples(const std::vector<HistoryFile>& history,
                                                        const v1::MonthSelection& months) {
  std::vector<TimedSample> samples;
  for (const PublishedRate& rate : kRates) {
    if (rate.series != months.series()) continue;
    for (const std::string& basis : BasesOf(history, rate.id)) {
      const RowByPeriod rows =
          LastStated(history, rate.id, [&](const HistoryRow& row) { return row.basis == basis; });
      for (const auto& [period, row] : rows) {
        absl::StatusOr<TimedSample> sample = SampleOf(rate, row);
        if (!sample.ok()) return sample.status();
        // Months are compared as they are written.
        if (months.first() <= period && period <= months.last()) samples.push_back(*std::move(sample));
      }
    }
  }
  return samples;
}

absl::StatusOr<std::vector<TimedSample>> TelescopeHistorySamples(const std::vector<HistoryFile>& history,
                                                                 const v1::MonthSelection& months) {
  std::vector<TimedSample> samples;
  for (const PublishedTotal& total : kTotals) {
    for (const std::string& basis : BasesOf(history, total.id)) {
      const RowByPeriod rows =
          LastStated(history, total.id, [&](const HistoryRow& row) { return row.basis == basis; });
      for (const auto& [period, row] : rows) {
        const std::string last_month = absl::StrCat(period, "-12");
        const absl::StatusOr<Month> month = ParseMonth(last_month);
        if (!month.ok()) continue;  // of a quarter
        if (last_month < months.first() || last_month > months.last()) continue;
        absl::StatusOr<TimedSample> sample = SampleOf(total, row, *month);
        if (!sample.ok()) return sample.status();
        samples.push_back(*std::move(sample));
      }
    }
  }
  return samples;
}

}  // namespace kansoku::aggregator
