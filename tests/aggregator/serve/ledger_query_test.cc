// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/ledger_query.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/point_identities.h"
#include "aggregator/serve/points_query.h"
#include "proto/contract/identity.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

v1::GetLedgerResponse Ledger(ServedStore& store, const LiveStatus& live = {}) {
  v1::GetLedgerRequest request;
  request.set_stored_hours(true);
  auto response = ReadLedger(*store, live, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? *std::move(response) : v1::GetLedgerResponse();
}

std::set<std::string> Names(const google::protobuf::RepeatedPtrField<v1::Identity>& identities,
                            bool holding) {
  std::set<std::string> names;
  for (const v1::Identity& identity : identities) {
    if (identity.holds() == holding) names.insert(identity.name());
  }
  return names;
}

TEST(LedgerQuery, StatesEveryIdentityOfPointsAndCollectors) {
  ServedStore store;
  store.Welcome("osaka");
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 30);
  v1::Delivery delivery;
  delivery.set_reports_closed(33);
  delivery.set_reports_acknowledged(30);
  delivery.set_reports_spooled(2);
  delivery.set_reports_evicted(1);
  ASSERT_TRUE(store->RecordDelivery("tokyo", 1, delivery, kSampleNow).ok());

  LiveStatus live;
  live.connected_collectors = {"tokyo"};
  const auto ledger = Ledger(store, live);
  ASSERT_EQ(ledger.collectors_size(), 2);
  EXPECT_FALSE(ledger.collectors(0).connected());
  const v1::CollectorLedger& tokyo = ledger.collectors(1);
  EXPECT_TRUE(tokyo.connected());
  EXPECT_EQ(tokyo.isp(), "isp-1");
  EXPECT_EQ(tokyo.committed_through(), 30u);
  EXPECT_EQ(tokyo.reports_closed(), 33u);
  EXPECT_EQ(tokyo.last_heard_unix_seconds(), absl::ToUnixSeconds(kSampleNow));
  EXPECT_EQ(Names(tokyo.identities(), true), (std::set<std::string>{"delivered_reports"}));
  ASSERT_EQ(tokyo.points_size(), 1);
  EXPECT_EQ(Names(tokyo.points(0).identities(), true),
            (std::set<std::string>{"received_packets", "captured_packets", "captured_wire_octets",
                                   "stored_packets", "stored_hours"}));
  EXPECT_EQ(
      tokyo.points(0).cell_packets() + tokyo.points(0).darknet_packets() + tokyo.points(0).refused_packets(),
      tokyo.points(0).ledger().captured_packets());
}

TEST(LedgerQuery, ShowsAViolatedIdentity) {
  ServedStore store;
  store.Welcome("tokyo");
  v1::Measurement lossy = SampleMeasurement(1);
  lossy.mutable_ledger()->set_captured_packets(lossy.ledger().captured_packets() + 1);
  store.Add("tokyo", kSampleStart, lossy);
  v1::Delivery delivery;
  delivery.set_reports_closed(2);
  delivery.set_reports_acknowledged(1);
  ASSERT_TRUE(store->RecordDelivery("tokyo", 1, delivery, kSampleNow).ok());

  const auto ledger = Ledger(store);
  EXPECT_EQ(Names(ledger.collectors(0).points(0).identities(), false),
            (std::set<std::string>{"received_packets", "captured_packets"}));
  EXPECT_EQ(Names(ledger.collectors(0).identities(), false), (std::set<std::string>{"delivered_reports"}));
}

TEST(LedgerQuery, JudgesTheInterfaceByTheHourOfTheLastWindow) {
  const auto window = [](uint64_t nic_packets) {
    v1::Measurement measurement = SampleMeasurement(1);
    measurement.mutable_ledger()->set_nic_packets(nic_packets);
    measurement.mutable_ledger()->set_tap_packets(1'000);
    return measurement;
  };
  ServedStore store({.hour_days = 1});
  store.Welcome("tokyo");
  store.Add("tokyo", kSampleStart + 3'580, window(1'500));
  const v1::PointLedger offloaded = Ledger(store).collectors(0).points(0);
  EXPECT_EQ(Names(offloaded.identities(), false), (std::set<std::string>{"nic_packets"}));
  EXPECT_EQ(offloaded.identities(3).left(), 1'500u);

  store.Add("tokyo", kSampleStart + 3'600, window(1'000));
  store.Add("tokyo", kSampleStart + 3'610, window(1'010));
  store.Add("tokyo", kSampleStart + 3'590, window(2'000));  // late: of the hour before
  const v1::PointLedger mended = Ledger(store).collectors(0).points(0);
  EXPECT_TRUE(Names(mended.identities(), false).empty());
  EXPECT_EQ(mended.identities(3).name(), "nic_packets");
  EXPECT_EQ(mended.identities(3).left(), 2'010u);
  EXPECT_EQ(mended.identities(3).right(), 2'000u);
  EXPECT_EQ(mended.ledger().nic_packets(), 5'510u);

  ASSERT_TRUE(store->Expire(kSampleNow + absl::Hours(48)).ok());
  EXPECT_FALSE(Names(Ledger(store).collectors(0).points(0).identities(), true).contains("nic_packets"));
}

TEST(LedgerQuery, CountsDuplicatesAndEvictedWindows) {
  ServedStore store;
  store.Welcome("tokyo");
  store.Commit("tokyo",
               {SampleReport(1, "tokyo", kSampleStart), SampleTombstone(2, "tokyo", kSampleStart + 10)});
  store.Commit("tokyo", {SampleReport(1, "tokyo", kSampleStart)});
  const auto ledger = Ledger(store);
  EXPECT_EQ(ledger.collectors(0).duplicate_reports(), 1u);
  EXPECT_EQ(ledger.collectors(0).points(0).evicted_windows(), 1u);
  EXPECT_TRUE(Names(ledger.collectors(0).points(0).identities(), false).empty());
}

TEST(LedgerQuery, JudgesStoredHoursOnlyWhereTheyAreAskedForAndNoneWasForgotten) {
  const auto judged = [](ServedStore& store, bool asked) {
    v1::GetLedgerRequest request;
    request.set_stored_hours(asked);
    const auto ledger = ReadLedger(*store, {}, request);
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    const auto& identities = ledger->collectors(0).points(0).identities();
    return Names(identities, true).contains("stored_hours") ||
           Names(identities, false).contains("stored_hours");
  };
  ServedStore store({.hour_days = 1});
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 3);
  EXPECT_FALSE(judged(store, false));
  EXPECT_TRUE(judged(store, true));
  ASSERT_TRUE(store->Expire(kSampleNow + absl::Hours(48)).ok());
  EXPECT_FALSE(judged(store, true));
}

TEST(PointTotals, AreOfOneMomentWhileReportsAreCommitted) {
  ServedStore store;
  store.Welcome("osaka");
  store.Welcome("tokyo");
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i)
      store.AddSamples(i % 2 == 0 ? "osaka" : "tokyo", kSampleStart + i * 10, 1, 6);
    done = true;
  });
  int readings = 0;
  while (!done || readings == 0) {
    const auto points = store->ReadTotals(/*with_hours=*/true);
    EXPECT_TRUE(points.ok()) << points.status();
    if (!points.ok()) break;
    ++readings;
    EXPECT_EQ(points->size(), 2u);
    for (const PointTotals& totals : *points) {
      EXPECT_TRUE(totals.hour_packets.has_value());
      for (const Identity& identity : PointIdentities(totals)) EXPECT_TRUE(identity.holds()) << identity.name;
    }
  }
  writer.join();
  const auto points = store->ReadTotals(/*with_hours=*/false);
  ASSERT_TRUE(points.ok()) << points.status();
  EXPECT_EQ((*points)[0].ever.windows(), 100u);
  EXPECT_FALSE((*points)[0].hour_packets.has_value());
}

TEST(PointsQuery, ListsPointsWithWhatIsHeld) {
  ServedStore store;
  store.Welcome("osaka", v1::GROUP_B1, "isp-2");
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 3);
  const auto points = ReadPoints(*store);
  ASSERT_TRUE(points.ok()) << points.status();
  ASSERT_EQ(points->points_size(), 2);
  EXPECT_EQ(points->points(0).group(), v1::GROUP_B1);
  EXPECT_EQ(points->points(0).isp(), "isp-2");
  EXPECT_FALSE(points->points(0).has_last_window());
  const v1::Point& tokyo = points->points(1);
  EXPECT_EQ(tokyo.window_seconds(), 10u);
  EXPECT_EQ(tokyo.windows(), 3u);
  EXPECT_EQ(tokyo.last_window().start_unix_seconds(), kSampleStart + 20);
  EXPECT_EQ(tokyo.held().start_unix_seconds(), kSampleStart);
  EXPECT_EQ(tokyo.held().end_unix_seconds(), kSampleStart + 30);
}

TEST(FiguresQuery, ComputesFromTheStore) {
  ServedStore store;
  store.Welcome("tokyo");
  store.AddSamples("tokyo", kSampleStart, 60);
  v1::GetFiguresRequest request;
  EXPECT_EQ(ReadFigures(*store, request).status().code(), absl::StatusCode::kInvalidArgument);
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kSampleStart + 600);
  const auto figures = ReadFigures(*store, request);
  ASSERT_TRUE(figures.ok()) << figures.status();
  std::set<std::string> ids;
  for (const v1::Figure& figure : figures->figures()) {
    ids.insert(figure.id());
    EXPECT_EQ(figure.windows(), 60u) << figure.id();
    EXPECT_EQ(figure.expected_windows(), 60u) << figure.id();
    // These collectors do not tell their dark prefixes.
    EXPECT_EQ(figure.value() == "", figure.id() == "darknet_prefix_address_seconds")
        << figure.ShortDebugString();
  }
  EXPECT_EQ(ids.size(), 8u);
}

}  // namespace
}  // namespace kansoku::aggregator
