// SPDX-License-Identifier: Apache-2.0
//
// A real store, a small register, and a method whose figures can be checked by eye: octets of all points,
// divided by the first contract count; growth is the difference to a year before.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/register/register_text.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/month_keeper.h"
#include "aggregator/vintage/month_method.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/month.h"
#include "proto/contract/statistics_lookup.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {

using Texts = std::vector<std::string>;

// Contributor isp-1 with its points, a member since 2023-11.
inline Register SmallRegister(const std::string& digest, uint64_t contracts = 10,
                              const Texts& points = {"osaka", "tokyo"}) {
  Register small;
  small.digest = digest;
  v1::StatisticsRegister& settings = *small.statistics.mutable_register_();
  settings.set_octets_basis(v1::OCTETS_BASIS_L3);
  settings.set_grace_days(20);
  v1::Contributor& contributor = *settings.add_contributors();
  contributor.set_isp("isp-1");
  contributor.set_series(v1::SERIES_FIXED);
  contributor.set_member_since("2023-11");
  for (const std::string& name : points) {
    v1::MeasuredPoint& point = *contributor.add_points();
    point.set_point(name);
    point.set_group(v1::GROUP_A1);
  }
  small.statistics.add_contracts()->set_contracts(contracts);
  return small;
}

inline void Mean(const std::string& month, const std::string& because, Register& with) {
  v1::MeantRevision& revision = *with.statistics.mutable_register_()->add_revisions();
  revision.set_series(v1::SERIES_FIXED);
  revision.set_month(month);
  revision.set_because(because);
  revision.set_by("hanako");
}

inline absl::StatusOr<v1::MonthInputs> ReadSmallInputs(const StoreReader& store,
                                                       const v1::Statistics& statistics, v1::Series series,
                                                       Month month) {
  std::map<std::string, v1::PointMonth> points;
  Texts names;
  for (const SeriesPoint& asked : PointsOf(statistics, series, month)) {
    names.push_back(asked.point->point());
    v1::PointMonth& point = points[asked.point->point()];
    point.set_point(asked.point->point());
    point.set_isp(asked.contributor->isp());
    point.set_group(asked.point->group());
  }
  const absl::Status scanned = store.Scan(
      Tier::kHour, StartUnixSeconds(month), EndUnixSeconds(month), names, [&](const Bucket& bucket) {
        v1::HourVolume& hour = *points[std::string(bucket.point)].add_hours();
        hour.set_start_unix_seconds(bucket.start_unix_seconds);
        hour.set_windows(static_cast<uint32_t>(bucket.measurement.windows()));
        for (const v1::Cell& cell : bucket.measurement.cells()) {
          hour.set_download_octets(hour.download_octets() + cell.ip_octets());
        }
      });
  if (!scanned.ok()) return scanned;
  v1::MonthInputs inputs;
  inputs.set_series(series);
  inputs.set_month(MonthText(month));
  inputs.set_octets_basis(statistics.register_().octets_basis());
  for (const auto& [name, point] : points) *inputs.add_points() = point;
  return inputs;
}

inline std::vector<v1::Figure> SmallFigures(const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
  uint64_t octets = 0;
  for (const v1::PointMonth& point : inputs.points()) {
    for (const v1::HourVolume& hour : point.hours()) octets += hour.download_octets();
  }
  const uint64_t contracts = statistics.contracts(0).contracts();
  std::vector<v1::Figure> figures(2);
  for (v1::Figure& figure : figures) figure.set_month(inputs.month());
  figures[0].set_id("fixed_per_contract_volume");
  figures[0].set_unit("B");
  if (contracts == 0) {
    figures[0].set_withheld_because("contracts are missing");
  } else {
    figures[0].set_exact(absl::StrCat(octets / contracts));
    figures[0].set_value(figures[0].exact());
  }
  figures[1].set_id("fixed_download_growth");
  (*figures[1].mutable_labels())["lag"] = "12_months";
  figures[1].set_withheld_because("nothing a year before");
  for (const v1::Figure& earlier : inputs.earlier()) {
    const Month before = AddMonths(*ParseMonth(inputs.month()), -12);
    if (earlier.id() != figures[0].id() || earlier.month() != MonthText(before)) continue;
    figures[1].clear_withheld_because();
    figures[1].set_value(absl::StrCat(std::stoll(figures[0].exact()) - std::stoll(earlier.exact())));
  }
  return figures;
}

class KeptMonths : public testing::Test {
 protected:
  KeptMonths() {
    store_ = *SqliteStore::Open({.path = folder_.File()});
    for (const char* point : {"osaka", "tokyo", "nagoya"}) {
      EXPECT_TRUE(store_->Welcome(SampleHello(point), absl::UnixEpoch()).ok());
    }
  }

  // Windows of a thousand octets each, from `start` on.
  void Send(const std::string& point, int64_t start, int count) {
    CollectorBatch batch{.collector = point, .epoch = 1};
    for (int i = 0; i < count; ++i) {
      v1::SequencedReport report = SampleTombstone(++sent_[point], point, start + i * kSampleWindowSeconds);
      v1::WindowReport window;
      window.set_point(point);
      window.set_window_start_unix_seconds(start + i * kSampleWindowSeconds);
      window.set_window_seconds(kSampleWindowSeconds);
      window.mutable_measurement()->set_windows(1);
      v1::Cell& cell = *window.mutable_measurement()->add_cells();
      cell.mutable_traffic_class()->set_direction(v1::DIRECTION_DOWNLOAD);
      cell.set_packets(1);
      cell.set_ip_octets(1'000);
      *report.mutable_report() = window;
      batch.reports.push_back(report);
    }
    const auto committed = store_->Commit({&batch, 1}, absl::UnixEpoch());
    ASSERT_TRUE(committed.ok()) << committed.status();
  }

  MonthMethod Method(const std::string& version = "1") {
    return {.version = version,
            .read =
                [this](const auto& store, const auto& statistics, v1::Series series, Month month) {
                  ++reads_;
                  return ReadSmallInputs(store, statistics, series, month);
                },
            .compute = SmallFigures};
  }

  // What was added, each as "fixed 2024-11 1 provisional, by kansoku-aggregator: the month is over"; and why
  // it ended, if that was an error.
  Texts Keep(MonthKeeper& keeper, const Register& with, absl::Time now) {
    Texts added;
    const absl::Status kept = keeper.Keep(*store_, with, now, [&](const v1::Vintage& vintage) {
      added.push_back(absl::StrCat(EnumLabel(vintage.series()), " ", vintage.month(), " ", vintage.number(),
                                   " ", EnumLabel(vintage.state()), ", by ", vintage.by(), ": ",
                                   vintage.because()));
    });
    if (!kept.ok()) added.push_back(std::string(kept.message()));
    return added;
  }

  // Values of the first figure of each vintage of a month, by number.
  Texts Volumes(const std::string& month) {
    Texts values;
    const auto vintages = store_->Vintages({.first_month = month, .last_month = month, .with_figures = true});
    for (const v1::Vintage& vintage : *vintages) {
      values.push_back(vintage.figures(0).value());
    }
    return values;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
  std::map<std::string, uint64_t> sent_;
  int reads_ = 0;
};

inline const int64_t kNovember = StartUnixSeconds({2024, 11});
inline const absl::Time kNovemberEnd = absl::FromUnixSeconds(EndUnixSeconds({2024, 11}));
inline constexpr absl::Duration kDay = absl::Hours(24);

}  // namespace kansoku::aggregator
