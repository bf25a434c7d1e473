// SPDX-License-Identifier: Apache-2.0
//
// Subscribers who send to dark addresses, from frames to a link's reports: through the chain of each worker,
// and joined as the workers of a link are.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collector/meter_burst.h"
#include "collector/window_merge.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "tests/collector/classify/planning.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMidnight = 1'730'386'800;  // in Japan: 2024-10-31T15:00:00Z

constexpr char kSubscribers[] = R"(subscribers:
  - {prefix: 192.0.2.0/24, access: fixed}
  - {prefix: "2001:db8:1::/48", access: mobile}
)";
constexpr char kTelescopes[] = R"(telescopes:
  - {sensor: s, prefix: 203.0.113.0/24, valid_from: "2024-10-31T14:00:00Z"}
  - {sensor: s, prefix: "2001:db8:dead::/48"}
)";

using Frame = std::vector<uint8_t>;

Frame Syn(const std::string& from, const std::string& to, uint32_t sequence = 1) {
  PacketBuilder frame = PacketBuilder().Ethernet();
  const bool is_ipv6 = from.find(':') != std::string::npos;
  return (is_ipv6 ? frame.Ipv6(from, to) : frame.Ipv4(from, to)).Tcp(40000, 23, kTcpSyn, sequence).Build();
}

// A link whose frames go to any of its workers. One with an interface is live.
class Link {
 public:
  explicit Link(const std::string& plan = absl::StrCat(kSubscribers, kTelescopes), size_t workers = 1,
                const v1::LinkConfig& link = {})
      : plan_(CompilePlan(plan).value()),
        merge_(WindowMergeOptions{.workers = workers},
               [this](v1::WindowReport report) { reports_.push_back(std::move(report)); }) {
    for (size_t i = 0; i < workers; ++i) {
      LinkMeterOptions options;
      options.point = "p";
      options.flow_hash_seed = i;
      options.every_window = !link.interface().empty();
      options.sensors = plan_->sensors();
      options.has_subscribers = plan_->subscriber_ranges() > 0;
      Worker& worker = workers_.emplace_back(
          Worker{Classifier(plan_, link),
                 LinkMeter(options, [this, i](v1::WindowReport report) { merge_.Add(i, std::move(report)); }),
                 CaptureStats()});
      worker.meter.LookForSubscribers(
          hash_, [this, i](DarkSubscribers seen) { merge_.AddSubscribers(i, std::move(seen)); });
    }
  }

  void Send(int64_t unix_ns, const Frame& frame, size_t to_worker = 0, Side side = Side::kUnknown) {
    Worker& worker = workers_[to_worker];
    PacketView view = testing::ViewOf(frame);
    view.captured_unix_ns = unix_ns;
    view.side = side;
    ++worker.stats.received_packets;
    MeterBurst(
        std::span(&view, 1), DecodeOptions(), worker.classifier, worker.meter, [&] { return worker.stats; },
        [](const PacketView&, Refusal, const DecodedPacket&) {});
  }

  // As SIGHUP has it: from the window on that begins so many seconds after midnight.
  void Reload(int64_t from_seconds, const std::string& plan) {
    const std::shared_ptr<const AddressPlan> next = CompilePlan(plan).value();
    for (Worker& worker : workers_) {
      worker.meter.Reclassify(
          {.from_unix_seconds = kMidnight + from_seconds,
           .sensors = next->sensors(),
           .address_seconds = nullptr,
           .has_subscribers = next->subscriber_ranges() > 0,
           .taken = [&worker, next] { worker.classifier = Classifier(next, v1::LinkConfig()); }});
    }
  }

  // Closes all windows. The reports keep the accounts.
  const std::vector<v1::WindowReport>& Finish() {
    for (size_t i = 0; i < workers_.size(); ++i) {
      workers_[i].meter.Finish(workers_[i].stats, false);
      merge_.End(i);
    }
    v1::Measurement sum;
    for (const v1::WindowReport& report : reports_) Merge(report.measurement(), sum);
    for (const Identity& identity : CaptureIdentities(sum))
      EXPECT_TRUE(identity.holds()) << identity.statement;
    return reports_;
  }

  // "120: 2/1" is the window that begins so many seconds after midnight: reached, scanning. Those without any
  // are left out.
  std::string Told() {
    std::string told;
    for (const v1::WindowReport& report : Finish()) {
      const v1::Measurement& measurement = report.measurement();
      const int64_t seconds = report.window_start_unix_seconds() - kMidnight;
      if (!measurement.has_darknet_subscribers()) {
        absl::StrAppend(&told, told.empty() ? "" : ", ", seconds, ": nobody looked");
        continue;
      }
      const v1::DarknetSubscribers& seen = measurement.darknet_subscribers();
      EXPECT_EQ(seen.further_packets(), 0u);
      if (seen.reached() + seen.scanning() == 0) continue;
      absl::StrAppend(&told, told.empty() ? "" : ", ", seconds, ": ", seen.reached(), "/", seen.scanning());
    }
    return told;
  }

 private:
  struct Worker {
    Classifier classifier;
    LinkMeter meter;
    CaptureStats stats;
  };

  std::shared_ptr<const AddressPlan> plan_;
  std::vector<v1::WindowReport> reports_;
  WindowMerge merge_;
  const DarkSubscriberHash hash_{77};
  std::deque<Worker> workers_;
};

int64_t At(int64_t seconds) { return (kMidnight + seconds) * kSecond; }

TEST(InfectedSubscribers, CountInTheWindowOfTheirFirstProbeAndInThatOfTheirThirdAddress) {
  Link link;
  link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"));
  link.Send(At(11), Syn("192.0.2.7", "203.0.113.2"));
  link.Send(At(12), Syn("192.0.2.7", "203.0.113.1"));
  link.Send(At(13), Syn("192.0.2.8", "203.0.113.1"));
  link.Send(At(21), Syn("192.0.2.7", "203.0.113.3"));
  link.Send(At(31), Syn("192.0.2.7", "203.0.113.4"));
  EXPECT_EQ(link.Told(), "0: 1/0, 10: 1/0, 20: 0/1");
}

// They are no darknet packets: METRICS 5.1.
TEST(InfectedSubscribers, TheirProbesAreTraffic) {
  Link link;
  link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"));
  const v1::Measurement& measurement = link.Finish().at(0).measurement();
  ASSERT_EQ(measurement.cells_size(), 1);
  EXPECT_EQ(measurement.cells(0).traffic_class().direction(), v1::DIRECTION_UPLOAD);
  EXPECT_EQ(measurement.cells(0).packets(), 1u);
  EXPECT_EQ(measurement.darknet_size(), 0);
  EXPECT_EQ(measurement.darknet_subscribers().reached(), 1u);
}

TEST(InfectedSubscribers, AreToldByUdpToo) {
  Link link;
  link.Send(At(1), PacketBuilder().Ethernet().Ipv4("192.0.2.7", "203.0.113.1").Udp(40000, 1900).Build());
  EXPECT_EQ(link.Told(), "0: 1/0");
}

TEST(InfectedSubscribers, MiraiIsToldByItsFirstProbe) {
  Link link;
  link.Send(At(1), Syn("192.0.2.7", "203.0.113.1", 0xcb00'7101));
  EXPECT_EQ(link.Told(), "0: 1/1");
}

TEST(InfectedSubscribers, BehindAPrefixAreOneHousehold) {
  Link link;
  link.Send(At(1), Syn("2001:db8:1::1", "2001:db8:dead::1"));
  link.Send(At(2), Syn("2001:db8:1::2", "2001:db8:dead::2"));
  link.Send(At(3), Syn("2001:db8:1:1::1", "2001:db8:dead::1"));
  link.Send(At(11), Syn("2001:db8:1::3", "2001:db8:dead::3"));
  EXPECT_EQ(link.Told(), "0: 2/0, 10: 0/1");
}

TEST(InfectedSubscribers, BehindATunnelAreThemselves) {
  Link link;
  link.Send(At(1), PacketBuilder()
                       .Ethernet()
                       .Ipv4("198.51.100.1", "198.51.100.2")
                       .Udp(2152, 2152)
                       .Gtpu()
                       .Ipv4("192.0.2.7", "203.0.113.1")
                       .Tcp(40000, 23, kTcpSyn)
                       .Build());
  EXPECT_EQ(link.Told(), "0: 1/0");
}

TEST(InfectedSubscribers, AreNobodyElse) {
  Link link;
  const auto ipv4 = [](const char* from, const char* to) {
    return PacketBuilder().Ethernet().Ipv4(from, to);
  };
  link.Send(At(1), Syn("198.51.100.1", "203.0.113.1"));                 // the Internet's
  link.Send(At(2), Syn("192.0.2.7", "198.51.100.1"));                   // not dark
  link.Send(At(3), Syn("192.0.2.7", "192.0.2.8"));                      // to each other
  link.Send(At(4) - 4'000 * kSecond, Syn("192.0.2.7", "203.0.113.1"));  // not dark yet
  link.Send(At(5), ipv4("192.0.2.7", "203.0.113.1").Tcp(80, 40000, kTcpSyn | kTcpAck).Build());
  link.Send(At(6), ipv4("192.0.2.7", "203.0.113.1").Icmp(8, 0).Payload(8).Build());
  EXPECT_EQ(link.Told(), "");
}

// Whoever forges a subscriber's address from outside does not make it infected.
TEST(InfectedSubscribers, SendFromTheirOwnSideOfTheLink) {
  v1::LinkConfig sides;
  sides.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  sides.mutable_side()->set_sent(v1::DIRECTION_UPLOAD);
  Link link(absl::StrCat(kSubscribers, kTelescopes), 1, sides);
  link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"), 0, Side::kReceived);
  link.Send(At(2), Syn("192.0.2.8", "203.0.113.1"), 0, Side::kSent);
  EXPECT_EQ(link.Told(), "0: 1/0");
}

TEST(InfectedSubscribers, CountOnceADayOfJapan) {
  Link link;
  link.Send(At(-3'600), Syn("192.0.2.7", "203.0.113.1"));
  link.Send(At(0) - 1, Syn("192.0.2.7", "203.0.113.2"));
  link.Send(At(0), Syn("192.0.2.7", "203.0.113.3"));
  link.Send(At(86'399), Syn("192.0.2.7", "203.0.113.3"));
  link.Send(At(86'400), Syn("192.0.2.7", "203.0.113.3"));
  EXPECT_EQ(link.Told(), "-3600: 1/0, 0: 1/0, 86400: 1/0");
}

TEST(InfectedSubscribers, AreNotLookedForWithoutSubscribersOrTelescopes) {
  for (const char* plan : {kSubscribers, kTelescopes}) {
    Link link(plan);
    link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"));
    EXPECT_FALSE(link.Finish().at(0).measurement().has_darknet_subscribers()) << plan;
  }
}

TEST(InfectedSubscribers, CountOnceThoughTheClockIsSetBackOverMidnight) {
  v1::LinkConfig live;
  live.set_interface("eth0");
  Link link(absl::StrCat(kSubscribers, kTelescopes), 1, live);
  link.Send(At(-1), Syn("192.0.2.7", "203.0.113.1"));
  link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"));
  link.Send(At(-8), Syn("192.0.2.7", "203.0.113.2"));
  link.Send(At(-7), Syn("192.0.2.7", "203.0.113.3"));
  link.Send(At(2), Syn("192.0.2.7", "203.0.113.2"));
  link.Send(At(3), Syn("192.0.2.8", "203.0.113.1"));
  EXPECT_EQ(link.Told(), "-10: 1/0, 0: 1/0, -10: 0/1, 0: 1/0");
}

// A range comes, whose subscribers are told anew; who was counted stays counted.
TEST(InfectedSubscribers, CountOnceThoughTheConfigurationIsReadAgain) {
  Link link(absl::StrCat(kSubscribers, kTelescopes), 2);
  link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"), 0);
  link.Send(At(2), Syn("192.0.2.7", "203.0.113.2"), 1);
  link.Reload(10, absl::StrCat(kSubscribers, "  - {prefix: 192.0.2.7/32, access: mobile}\n", kTelescopes,
                               "  - {sensor: a, prefix: 198.51.100.0/24}\n"));
  link.Send(At(11), Syn("192.0.2.7", "198.51.100.1"), 0);
  link.Send(At(12), Syn("192.0.2.8", "198.51.100.1"), 1);
  link.Send(At(21), Syn("192.0.2.7", "198.51.100.2"), 1);
  link.Send(At(22), Syn("192.0.2.8", "203.0.113.1"), 0);
  EXPECT_EQ(link.Told(), "0: 1/0, 10: 1/1");
}

// Who takes the telescopes away, or the subscribers, has no use for who was seen. They count anew thereafter.
TEST(InfectedSubscribers, AreForgottenOnceNobodyLooksForThem) {
  for (const char* plan : {kSubscribers, kTelescopes}) {
    Link link(absl::StrCat(kSubscribers, kTelescopes), 2);
    for (const size_t worker : {0u, 1u}) link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"), worker);
    link.Reload(10, plan);
    for (const size_t worker : {0u, 1u}) link.Send(At(11), Syn("192.0.2.7", "203.0.113.1"), worker);
    link.Reload(20, absl::StrCat(kSubscribers, kTelescopes));
    for (const size_t worker : {0u, 1u}) link.Send(At(21), Syn("192.0.2.7", "203.0.113.1"), worker);
    EXPECT_EQ(link.Told(), "0: 1/0, 10: nobody looked, 20: 1/0") << plan;
  }
}

// Links are not joined, and no report of one knows of another.
TEST(InfectedSubscribers, CountAtEachLinkThatTheySendThrough) {
  v1::Measurement sum;
  for (int links = 0; links < 2; ++links) {
    Link link(absl::StrCat(kSubscribers, kTelescopes), 2);
    for (const size_t worker : {0u, 1u}) link.Send(At(1), Syn("192.0.2.7", "203.0.113.1"), worker);
    for (const v1::WindowReport& report : link.Finish()) Merge(report.measurement(), sum);
  }
  EXPECT_EQ(sum.darknet_subscribers().ShortDebugString(), "reached: 2");
}

TEST(InfectedSubscribers, WhoFindNoRoomAreToldByTheirPackets) {
  Link link(absl::StrCat(kSubscribers, kTelescopes), 2);
  const auto send_households = [&](int64_t seconds, bool to_both) {
    for (size_t i = 0; i < kMostDarkSubscribers; ++i) {
      const std::string household = absl::StrCat("2001:db8:1:", absl::Hex(i), "::1");
      link.Send(At(seconds), Syn(household, "2001:db8:dead::1"), to_both ? i % 2 : 0);
    }
  };
  send_households(1, true);
  // None is left for others that day...
  for (const size_t worker : {0u, 1u, 0u}) {
    for (int host = 1; host <= 5; ++host)
      link.Send(At(11), Syn(absl::StrCat("192.0.2.", host), "203.0.113.1"), worker);
  }
  // ...nor in a window of one worker.
  send_households(21, false);
  for (int host = 1; host <= 4; ++host)
    link.Send(At(22), Syn(absl::StrCat("192.0.2.", host), "203.0.113.1"), 0);
  link.Send(At(86'400), Syn("192.0.2.1", "203.0.113.1"));
  std::vector<std::string> told;
  for (const v1::WindowReport& report : link.Finish())
    told.push_back(report.measurement().darknet_subscribers().ShortDebugString());
  EXPECT_EQ(told, (std::vector<std::string>{"reached: 65536", "further_packets: 15", "further_packets: 4",
                                            "reached: 1"}));
}

// Against sets of addresses, whichever worker each packet comes to.
TEST(InfectedSubscribers, OfAnyNumberOfWorkersAreThoseThatWereThere) {
  for (const uint64_t seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    std::mt19937_64 random(seed);
    Link link(absl::StrCat(kSubscribers, kTelescopes), seed);
    std::map<std::string, std::set<std::string>> reached;  // since midnight
    std::map<int64_t, std::pair<int, int>> expected;
    for (int64_t seconds = -600; seconds < 600; ++seconds) {
      if (seconds == 0) reached.clear();
      for (int i = 0; i < 3; ++i) {
        const std::string from = absl::StrCat("192.0.2.", random() % 250);
        const std::string to = absl::StrCat("203.0.113.", random() % 8);
        link.Send(At(seconds), Syn(from, to), random() % seed);
        std::set<std::string>& addresses = reached[from];
        auto& [first, third] = expected[(seconds + 600) / 10 * 10 - 600];
        if (addresses.empty()) ++first;
        if (addresses.insert(to).second && addresses.size() == 3) ++third;
      }
    }
    std::string text;
    for (const auto& [start, counts] : expected) {
      if (counts.first + counts.second == 0) continue;
      absl::StrAppend(&text, text.empty() ? "" : ", ", start, ": ", counts.first, "/", counts.second);
    }
    EXPECT_EQ(link.Told(), text) << seed << " workers";
  }
}

}  // namespace
}  // namespace kansoku::collector
