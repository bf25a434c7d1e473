// SPDX-License-Identifier: Apache-2.0
//
// What it takes to answer for a year of telescopes: a store of ISPs with a sensor each, to which 200 ports'
// packets come in every hour of every day, asked by its owner, by one of the ISPs, and by a regulator from
// whom the numbers of few ISPs are withheld: at once after a start, again, and once the hours are read ahead,
// which takes what stands between. Worst for it: more came of each day since it was judged. Aim: less than
// 5 s, but at once.
//
// usage: telescope_year_bench [DAYS [ISPS]]   365 and 100 without; the store takes 1 GB then
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/serve/isp_view.h"
#include "aggregator/serve/withheld_telescope.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/day.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

constexpr absl::CivilDay kFirst(2025, 1, 1);
constexpr uint32_t kHour = 3'600, kPorts = 200;
constexpr uint32_t kFewest = 3;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

std::string IspName(int isp) { return absl::StrCat("isp-", isp); }

v1::Measurement Hour(int isp, int64_t hour) {
  v1::Measurement measurement;
  measurement.set_windows(1);
  measurement.set_covered_seconds(kHour);
  v1::DarknetTally& tally = *measurement.add_darknet();
  tally.set_sensor(absl::StrCat("dark-", isp));
  tally.set_address_seconds(256 * kHour);
  tally.set_source_key(7);
  tally.set_rules(2);
  for (uint32_t port = 1; port <= kPorts; ++port) {
    v1::DarknetCell& cell = *tally.add_cells();
    cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
    cell.set_family(v1::FAMILY_IPV4);
    cell.set_protocol(6);
    cell.set_destination_port(port);
    cell.set_packets(10 + (static_cast<uint64_t>(hour) * 7'919 + port * 104'729 + isp) % 997);
    cell.set_wire_octets(cell.packets() * 64);
    cell.set_ip_octets(cell.packets() * 40);
  }
  return measurement;
}

void Fill(Store& store, int days, int isps) {
  const int64_t start = DayStartUnixSeconds(kFirst), end = DayStartUnixSeconds(kFirst + days);
  const absl::Time now = absl::FromUnixSeconds(end);
  for (int isp = 0; isp < isps; ++isp) {
    v1::Hello hello = SampleHello(IspName(isp));
    hello.set_isp(IspName(isp));
    hello.mutable_points(0)->set_window_seconds(kHour);
    Check(store.Welcome(hello, now).status());
    std::vector<v1::SequencedReport> reports;
    uint64_t sequence = 0;
    for (int64_t hour = start; hour < end; hour += kHour) {
      v1::SequencedReport& report = reports.emplace_back();
      report.set_sequence(++sequence);
      report.mutable_report()->set_point(IspName(isp));
      report.mutable_report()->set_window_start_unix_seconds(hour);
      report.mutable_report()->set_window_seconds(kHour);
      *report.mutable_report()->mutable_measurement() = Hour(isp, hour / kHour);
      if (reports.size() < 240 && hour + kHour < end) continue;
      const CollectorBatch batch{IspName(isp), 1, std::exchange(reports, {})};
      Check(store.Commit(std::vector{batch}, now).status());
      Check(store.Expire(now));
    }
  }
}

// As judged, and then made again without what sources it does not have.
void KeepDay(Store& store, absl::CivilDay day, int isps) {
  auto points = SumByPoint(store, {DayStartUnixSeconds(day), DayStartUnixSeconds(day + 1), 0});
  Check(points.status());
  const auto keep = [&](const std::string& isp, std::span<const PointSum> of, uint64_t judged_packets) {
    v1::TelescopeDay made = MakeTelescopeDay(DayText(day), of);
    made.set_isp(isp);
    v1::SourcesDay& sources = *made.mutable_sources();
    sources.set_source_key(7);
    sources.set_rules(2);
    sources.set_judged_in_revision(1);
    sources.set_judged_packets(judged_packets);
    *sources.add_sketches() = SampleSketch(200);
    for (const uint32_t revision : {1u, 2u}) {
      made.set_revision(revision);
      Check(store.AddTelescopeDay(made));
    }
  };
  for (const PointSum& point : *points) keep(point.point.isp, {&point, 1}, 1);
  keep("", *points, static_cast<uint64_t>(isps));
}

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

uint64_t MostResidentMib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) / 1'024;
}

void Ask(const char* who, const StoreReader& store, uint32_t fewest, int days, RememberedHours& remembered) {
  v1::TelescopeSelection asked;
  asked.set_first_day(DayText(kFirst));
  asked.set_last_day(DayText(kFirst + days - 1));
  const PortCategories categories = SampleCategories();
  const double started = Seconds();
  const auto answer = ReadTelescope(store, asked, &categories, fewest, remembered);
  const double took = Seconds() - started;
  Check(answer.status());
  int told = 0;
  for (const v1::Figure& figure : answer->figures()) told += !figure.value().empty();
  std::printf("%-24s %9.3f %9d %9d %9llu\n", who, took, answer->figures_size(), told,
              static_cast<unsigned long long>(MostResidentMib()));
  std::fflush(stdout);
}

void ReadAhead(const StoreReader& store, int days, RememberedHours& remembered) {
  const double started = Seconds();
  Check(remembered.ReadAhead(store, {kFirst, kFirst + days - 1}, kFewest, [] { return true; }));
  std::printf("%-24s %9.3f %9s %9s %9llu\n", "(reading ahead)", Seconds() - started, "", "",
              static_cast<unsigned long long>(MostResidentMib()));
  std::fflush(stdout);
}

int Main(int days, int isps) {
  const StoreFolder folder;
  auto opened = SqliteStore::Open({.path = folder.File()});
  Check(opened.status());
  const std::unique_ptr<Store> store = *std::move(opened);
  Fill(*store, days, isps);
  for (int day = 0; day < days; ++day) KeepDay(*store, kFirst + day, isps);
  RememberedHours remembered, ahead;
  std::printf("%d days, %d ISPs\n%-24s %9s %9s %9s %9s\n", days, isps, "asked by", "seconds", "figures",
              "told", "MiB");
  Ask("an ISP", IspView(*store, IspName(0)), 1, days, remembered);
  Ask("the owner", *store, 1, days, remembered);
  Ask("a regulator at once", *store, kFewest, days, remembered);
  Ask("a regulator, again", *store, kFewest, days, remembered);
  ReadAhead(*store, days, ahead);
  ReadAhead(*store, days, ahead);
  Ask("a regulator after that", *store, kFewest, days, ahead);
  return 0;
}

}  // namespace
}  // namespace kansoku::aggregator

int main(int argc, char** argv) {
  return kansoku::aggregator::Main(argc > 1 ? std::atoi(argv[1]) : 365, argc > 2 ? std::atoi(argv[2]) : 100);
}
