// SPDX-License-Identifier: Apache-2.0
//
// A telescope's year, made up and known packet by packet, through capture files, collectors, real gRPC and a
// real store to the figures: it grows and shrinks, one sensor is away for ten days, and every figure is right
// to the last digit; those that are estimated, within what they state.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/aggregator.h"
#include "aggregator/ingest/ingest_service.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/telescope_keeper.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "proto/contract/message_size.h"
#include "tests/end_to_end/harness.h"
#include "tests/telescope_year/watched_year.h"
#include "tests/telescope_year/year_feed.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::telescope_year {
namespace {

using Labels = std::map<std::string, std::string>;
constexpr size_t kLeading = 10;

// An answer, and which of its figures were compared with the truth.
struct Figures {
  std::vector<v1::Figure> all;
  mutable std::set<size_t> compared;
};

// Rounded once, half away from zero.
std::string Quotient(uint64_t numerator, uint64_t denominator, int digits) {
  uint64_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  const auto scaled = absl::uint128(numerator) * power * 2 + denominator;
  const auto rounded = absl::Uint128Low64(scaled / (absl::uint128(denominator) * 2));
  std::string fraction = std::to_string(rounded % power);
  if (digits == 0) return std::to_string(rounded);
  return absl::StrCat(rounded / power, ".", std::string(static_cast<size_t>(digits) - fraction.size(), '0'),
                      fraction);
}

std::string Rounded(long double value) { return std::to_string(static_cast<uint64_t>(value + 0.5L)); }

v1::Figure Find(const Figures& figures, const std::string& id, const Labels& labels = {}) {
  std::vector<v1::Figure> found;
  for (size_t i = 0; i < figures.all.size(); ++i) {
    const v1::Figure& figure = figures.all[i];
    if (figure.id() != id || Labels(figure.labels().begin(), figure.labels().end()) != labels) continue;
    found.push_back(figure);
    figures.compared.insert(i);
  }
  EXPECT_EQ(found.size(), 1u) << id;
  return found.empty() ? v1::Figure() : found.front();
}

void ExpectAllCompared(const Figures& figures) {
  for (size_t i = 0; i < figures.all.size(); ++i)
    EXPECT_TRUE(figures.compared.contains(i)) << figures.all[i].ShortDebugString();
}

std::string Value(const Figures& figures, const std::string& id, const Labels& labels = {}) {
  return Find(figures, id, labels).value();
}

// Packets or hosts.
std::vector<std::pair<Port, uint64_t>> LeadingPorts(std::map<Port, uint64_t> ports,
                                                    const std::map<Port, uint64_t>& taken) {
  for (const auto& [port, count] : taken) ports[port] -= count;
  std::vector<std::pair<Port, uint64_t>> ranked(ports.begin(), ports.end());
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  ranked.resize(std::min(ranked.size(), kLeading));
  return ranked;
}

// As the shipped table has those that lead here.
std::string CategoryOf(const Port& port) {
  static const std::map<Port, std::string> categories = {
      {{6, 23}, "iot"},      {{6, 2323}, "iot"},    {{6, 22}, "iot"},   {{6, 5555}, "iot"},
      {{17, 5060}, "iot"},   {{6, 80}, "http"},     {{6, 443}, "http"}, {{6, 8080}, "http"},
      {{6, 445}, "windows"}, {{6, 3389}, "windows"}};
  const auto found = categories.find(port);
  return found == categories.end() ? "" : found->second;
}

class TelescopeYear : public ::testing::Test {
 protected:
  // Once for all tests.
  static void SetUpTestSuite() {
    folder_ = new testing::TempDir;
    Receive();
    Keep();
    aggregator_ = Start();
    query_ = testing::QueryStub(aggregator_->grpc_address());
    for (absl::CivilDay day = kFirstDay; day <= kLastDay; ++day) year_.push_back(SeenOn(day));
  }
  static void TearDownTestSuite() {
    query_.reset();
    aggregator_.reset();
    delete folder_;
  }

  static Figures Ask(absl::CivilDay first, absl::CivilDay last, v1::TelescopeSelection::Step step) {
    v1::GetFiguresRequest request;
    v1::TelescopeSelection& telescope = *request.mutable_telescope();
    telescope.set_first_day(absl::FormatCivilTime(first));
    telescope.set_last_day(absl::FormatCivilTime(last));
    telescope.set_step(step);
    grpc::ClientContext context;
    v1::GetFiguresResponse response;
    const grpc::Status status = query_->GetFigures(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {{response.figures().begin(), response.figures().end()}, {}};
  }

  static Seen SeenFrom(absl::CivilDay first, absl::CivilDay last) {
    Seen seen;
    for (absl::CivilDay day = first; day <= last; ++day)
      seen.Add(year_[static_cast<size_t>(day - kFirstDay)]);
    return seen;
  }

  static inline testing::TempDir* folder_ = nullptr;
  static inline std::unique_ptr<aggregator::Aggregator> aggregator_;
  static inline std::unique_ptr<v1::Query::Stub> query_;
  static inline std::vector<Seen> year_;

 private:
  static std::unique_ptr<aggregator::Aggregator> Start() {
    v1::AggregatorConfig config = testing::AggregatorConfigIn(folder_->path());
    config.set_port_categories_path(KANSOKU_SOURCE_DIR "/deploy/telescope/port_categories.csv");
    auto started = aggregator::Aggregator::Start(config);
    EXPECT_TRUE(started.ok()) << started.status();
    return *std::move(started);
  }

  // The aggregator's receiving half. A year comes in within a minute, and nobody judges its days meanwhile:
  // so nothing is to be forgotten either.
  static void Receive() {
    const auto store = aggregator::SqliteStore::Open({.path = folder_->File("store.db")});
    ASSERT_TRUE(store.ok()) << store.status();
    aggregator::CommitQueue queue(**store, {.expire_every = absl::Hours(24)}, absl::Now);
    aggregator::LimitCounts limit_counts;
    const aggregator::AccessControl access = aggregator::AccessControl::Open();
    aggregator::IngestService service(
        queue, access, {.behind = absl::InfiniteDuration()}, absl::Now, [](const std::string&) {},
        limit_counts);
    queue.Start();
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
    builder.RegisterService(&service);
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    FeedYear(folder_->path(), absl::StrCat("127.0.0.1:", port));
    service.EndStreams();
    server->Shutdown();
    server->Wait();
    queue.Stop();
  }

  static void Keep() {
    const auto store = aggregator::SqliteStore::Open({.path = folder_->File("store.db")});
    ASSERT_TRUE(store.ok()) << store.status();
    aggregator::TelescopeKeeper keeper;
    const absl::Time now = absl::FromUnixSeconds(StartOf(kLastDay + 2));
    // A day waits until a call finds nothing more of it than the one before.
    absl::Status kept = keeper.Keep(**store, now, [](const v1::TelescopeDay&) {});
    kept.Update(keeper.Keep(**store, now, [](const v1::TelescopeDay&) {}));
    ASSERT_TRUE(kept.ok()) << kept;
  }
};

// Seconds from one packet to the next at an address.
void ExpectIntervals(const Figures& figures, const Seen& seen) {
  const auto seconds = static_cast<long double>(seen.days * 86'400);
  const auto packets = static_cast<long double>(seen.packets);
  const auto interval = [&](const char* method) {
    return Value(figures, "darknet_seconds_per_packet_per_ip", {{"method", method}});
  };
  EXPECT_EQ(interval("daily"), Rounded(seconds / seen.packets_per_address));
  EXPECT_EQ(interval("mean"), Rounded(seconds * static_cast<long double>(seen.address_days) /
                                      static_cast<long double>(seen.days) / packets));
  EXPECT_EQ(interval("lastday"),
            Rounded(seconds * static_cast<long double>(seen.last_day_addresses) / packets));
}

void ExpectCounts(const Figures& figures, const Seen& seen) {
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), std::to_string(seen.packets));
  for (const auto& [name, packets] : seen.classes) {
    EXPECT_EQ(Value(figures, "darknet_class_packets", {{"class", name}, {"family", "ipv4"}}),
              std::to_string(packets));
  }
  EXPECT_EQ(Value(figures, "darknet_addresses"), Quotient(seen.address_days, seen.days, 1));
  for (const auto& [prefix, address_days] : seen.prefix_days) {
    EXPECT_EQ(Value(figures, "darknet_prefix_address_seconds",
                    {{"sensor", prefix.first}, {"prefix", prefix.second}}),
              std::to_string(address_days * 86'400));
  }
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "daily"}}),
            Rounded(seen.packets_per_address));
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "mean"}}),
            Quotient(seen.packets * seen.days, seen.address_days, 0));
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "lastday"}}),
            Quotient(seen.packets, seen.last_day_addresses, 0));
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "behaviour"}}),
            Quotient(seen.survey_packets, seen.packets, 4));
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "listed"}}),
            Quotient(seen.listed_packets, seen.packets, 4));
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "listed"}, {"list", "known 2024"}}),
            Quotient(seen.listed_packets, seen.packets, 4));
  for (const auto& [flag, packets] : seen.flags)
    EXPECT_EQ(Value(figures, "darknet_flagged_packets", {{"flag", flag}}), std::to_string(packets)) << flag;
  for (const auto& [tool, packets] : seen.tool_packets)
    EXPECT_EQ(Value(figures, "darknet_tool_packets", {{"tool", tool}}), std::to_string(packets)) << tool;
  EXPECT_EQ(Value(figures, "darknet_victim_packets"), std::to_string(seen.victim_packets));
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "no_room"}}), "0");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "untold"}}), "0");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "no_port"}}), "0");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "undecided"}}), "0");
  // 30 packets in 60 seconds of 2^32 addresses.
  EXPECT_EQ(Value(figures, "darknet_detectable_flood_rate"),
            Quotient((uint64_t{1} << 31) * seen.days, seen.address_days, 0));
  ExpectIntervals(figures, seen);
}

Labels RankLabels(size_t index, const Port& port, const std::string& population) {
  return {{"rank", std::to_string(index + 1)},
          {"protocol", port.first == 6 ? "tcp" : "udp"},
          {"port", std::to_string(port.second)},
          {"population", population}};
}

void ExpectPorts(const Figures& figures, const Seen& seen, const std::string& population,
                 uint64_t taken_packets, const std::map<Port, uint64_t>& taken_ports) {
  const uint64_t packets = seen.packets - taken_packets;
  const auto ranked = LeadingPorts(seen.ports, taken_ports);
  std::map<std::string, uint64_t> categories = {{"iot", 0}, {"http", 0}, {"windows", 0}, {"other", packets}};
  for (size_t i = 0; i < ranked.size(); ++i) {
    const auto& [port, of_port] = ranked[i];
    const Labels labels = RankLabels(i, port, population);
    EXPECT_EQ(Value(figures, "darknet_port_share", labels), Quotient(of_port, packets, 4)) << population;
    EXPECT_EQ(Value(figures, "darknet_port_packets", labels), std::to_string(of_port));
    categories[CategoryOf(port)] += of_port;
    categories["other"] -= of_port;
  }
  if (categories.contains("")) {
    const v1::Figure withheld = Find(figures, "darknet_category_share", {{"population", population}});
    EXPECT_EQ(withheld.withheld_reason(), v1::WITHHELD_REASON_PORT_WITHOUT_CATEGORY);
    return;
  }
  for (const auto& [category, of_category] : categories) {
    EXPECT_EQ(Value(figures, "darknet_category_share", {{"category", category}, {"population", population}}),
              Quotient(of_category, packets, 4));
  }
}

void ExpectAllPorts(const Figures& figures, const Seen& seen) {
  ExpectPorts(figures, seen, "all", 0, {});
  ExpectPorts(figures, seen, "non_survey", seen.survey_packets, seen.survey_ports);
  ExpectPorts(figures, seen, "non_listed", seen.listed_packets, seen.listed_ports);
}

// Of a single day.
void ExpectPortHosts(const Figures& figures, const Seen& seen) {
  for (const std::string population : {"all", "non_survey"}) {
    const auto ranked = LeadingPorts(
        seen.port_hosts, population == "all" ? std::map<Port, uint64_t>() : seen.survey_port_hosts);
    ASSERT_EQ(ranked.size(), kLeading);
    for (size_t i = 0; i < ranked.size(); ++i) {
      EXPECT_EQ(Value(figures, "darknet_port_hosts", RankLabels(i, ranked[i].first, population)),
                std::to_string(ranked[i].second));
    }
  }
}

// Within five standard errors of the sketch.
void ExpectNear(const std::string& hosts, const std::set<uint32_t>& sources) {
  const auto truth = static_cast<double>(sources.size());
  EXPECT_NEAR(std::stod(hosts), truth, 5 * 0.0081 * truth + 1);
}

void ExpectHosts(const Figures& figures, const Seen& seen) {
  ExpectNear(Value(figures, "darknet_unique_hosts", {{"family", "ipv4"}}), seen.sources);
  ExpectNear(Value(figures, "darknet_non_survey_hosts", {{"family", "ipv4"}}), seen.non_survey_sources);
  static const std::map<uint32_t, std::string> protocols = {{1, "icmp"}, {6, "tcp"}, {17, "udp"}};
  for (const auto& [kind, sources] : seen.class_sources) {
    ExpectNear(Value(figures, "darknet_unique_hosts",
                     {{"family", "ipv4"}, {"class", kind.first}, {"protocol", protocols.at(kind.second)}}),
               sources);
  }
}

TEST_F(TelescopeYear, TheYearIsRightToTheLastDigit) {
  const Figures figures = Ask(kFirstDay, kLastDay, v1::TelescopeSelection::STEP_YEAR);
  const Seen year = SeenFrom(kFirstDay, kLastDay);
  ExpectCounts(figures, year);
  ExpectAllPorts(figures, year);
  ExpectHosts(figures, year);
  const v1::Figure packets = Find(figures, "darknet_packets", {{"family", "ipv4"}});
  EXPECT_EQ(packets.windows(), (366 * 3 - 10) * 288u);
  EXPECT_EQ(packets.expected_windows(), 366 * 3 * 288u);
  // Nothing is kept of other years.
  for (const char* growth : {"darknet_yoy", "darknet_ratio_to_base_year"})
    EXPECT_EQ(Find(figures, growth).withheld_reason(), v1::WITHHELD_REASON_NO_EARLIER);
  ExpectAllCompared(figures);
}

TEST_F(TelescopeYear, EachMonthIsRightToTheLastDigit) {
  for (absl::CivilMonth month(kFirstDay); month <= absl::CivilMonth(kLastDay); ++month) {
    SCOPED_TRACE(absl::FormatCivilTime(month));
    const absl::CivilDay first(month), last = absl::CivilDay(month + 1) - 1;
    const Figures figures = Ask(first, last, v1::TelescopeSelection::STEP_MONTH);
    const Seen seen = SeenFrom(first, last);
    ExpectCounts(figures, seen);
    ExpectAllPorts(figures, seen);
    ExpectHosts(figures, seen);
    ExpectAllCompared(figures);
  }
}

// Days of every kind: of three sizes of the telescope, with a storm and a weekly survey, in the outage.
TEST_F(TelescopeYear, EachDayIsRightToTheLastDigit) {
  for (absl::CivilDay day = kFirstDay; day <= kLastDay; ++day) {
    SCOPED_TRACE(absl::FormatCivilTime(day));
    const Figures figures = Ask(day, day, v1::TelescopeSelection::STEP_DAY);
    const Seen& seen = year_[static_cast<size_t>(day - kFirstDay)];
    ExpectCounts(figures, seen);
    ExpectAllPorts(figures, seen);
    ExpectPortHosts(figures, seen);
    EXPECT_EQ(Value(figures, "darknet_survey_sources", {{"rule", "behaviour"}}),
              std::to_string(seen.survey_sources));
    EXPECT_EQ(Value(figures, "darknet_survey_sources", {{"rule", "listed"}}),
              std::to_string(seen.listed_sources));
    EXPECT_EQ(Value(figures, "darknet_survey_sources", {{"rule", "listed"}, {"list", "known 2024"}}),
              std::to_string(seen.listed_sources));
    EXPECT_EQ(seen.tools.size(), 5u);
    for (const auto& [tool, sources] : seen.tools)
      EXPECT_EQ(Value(figures, "darknet_tool_sources", {{"tool", tool}}), std::to_string(sources)) << tool;
    EXPECT_EQ(Value(figures, "darknet_most_unjudged_of_one"), "0");
    ExpectHosts(figures, seen);
    EXPECT_EQ(Value(figures, "darknet_victims"), std::to_string(seen.victims));
    EXPECT_EQ(Value(figures, "darknet_backscatter_sources"), std::to_string(seen.backscatter_sources));
    ExpectAllCompared(figures);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace kansoku::telescope_year
