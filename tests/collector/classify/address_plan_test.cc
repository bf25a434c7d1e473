// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/address_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/contract/report_limits.h"
#include "tests/collector/classify/addresses.h"
#include "tests/collector/classify/planning.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNovember = 1'730'419'200;  // 2024-11-01T00:00:00Z

std::string ErrorOf(const std::string& yaml) {
  const auto plan = CompilePlan(yaml);
  if (plan.ok()) return "ok";
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(plan.status().message());
}

// The sensor of which an address is dark at an instant; "" for none.
std::string SensorOf(const AddressPlan& plan, const char* address, int64_t unix_ns) {
  const AddressPlan::Use* use = plan.Find(AddressOf(address));
  const int sensor = use == nullptr ? -1 : plan.SensorAt(*use, unix_ns);
  return sensor < 0 ? "" : plan.sensors()[static_cast<size_t>(sensor)];
}

TEST(AddressPlan, OfNothingKnowsNothing) {
  const auto plan = CompilePlan("");
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ((*plan)->Find(AddressOf("192.0.2.1")), nullptr);
  EXPECT_EQ((*plan)->Find(AddressOf("2001:db8::1")), nullptr);
  EXPECT_TRUE((*plan)->sensors().empty());
}

TEST(AddressPlan, NestedSubscribersTakeTheLongest) {
  const auto plan = CompilePlan(R"(subscribers:
  - {prefix: 192.0.2.0/24, access: fixed, technology: ftth}
  - {prefix: 192.0.2.128/25, access: mobile, technology: nr}
  - {prefix: "2001:db8::/32", access: fixed, technology: catv}
  - {prefix: "2001:db8:1::/48", access: mobile, technology: lte}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto expect = [&](const char* address, v1::Access access, v1::Technology technology) {
    const AddressPlan::Use* use = (*plan)->Find(AddressOf(address));
    ASSERT_NE(use, nullptr) << address;
    EXPECT_TRUE(use->is_subscriber) << address;
    EXPECT_EQ(use->access, access) << address;
    EXPECT_EQ(use->technology, technology) << address;
  };
  expect("192.0.2.127", v1::ACCESS_FIXED, v1::TECHNOLOGY_FTTH);
  expect("192.0.2.128", v1::ACCESS_MOBILE, v1::TECHNOLOGY_NR);
  expect("2001:db8::1", v1::ACCESS_FIXED, v1::TECHNOLOGY_CATV);
  expect("2001:db8:1::1", v1::ACCESS_MOBILE, v1::TECHNOLOGY_LTE);
}

TEST(AddressPlan, NamesSensorsSortedAndOnce) {
  const auto plan = CompilePlan(R"(telescopes:
  - {sensor: west, prefix: 192.0.2.0/25}
  - {sensor: east, prefix: "2001:db8::/48"}
  - {sensor: west, prefix: 198.51.100.0/24}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ((*plan)->sensors(), (std::vector<std::string>{"east", "west"}));
  EXPECT_EQ(SensorOf(**plan, "192.0.2.1", 0), "west");
  EXPECT_EQ(SensorOf(**plan, "198.51.100.1", 0), "west");
  EXPECT_EQ(SensorOf(**plan, "2001:db8::1", 0), "east");
  EXPECT_EQ(SensorOf(**plan, "192.0.2.128", 0), "");
}

TEST(AddressPlan, ValidityIsHalfOpen) {
  const auto plan = CompilePlan(R"(telescopes:
  - {sensor: a, prefix: 192.0.2.0/24, valid_from: "2024-11-01T00:00:00Z", valid_until: "2024-11-02T00:00:00Z"}
  - {sensor: b, prefix: "2001:db8::/48", valid_from: "2024-11-01T09:00:00+09:00"}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const int64_t from = kNovember * kSecond, until = (kNovember + 86'400) * kSecond;
  EXPECT_EQ(SensorOf(**plan, "192.0.2.1", from - 1), "");
  EXPECT_EQ(SensorOf(**plan, "192.0.2.1", from), "a");
  EXPECT_EQ(SensorOf(**plan, "192.0.2.1", until - 1), "a");
  EXPECT_EQ(SensorOf(**plan, "192.0.2.1", until), "");
  EXPECT_EQ(SensorOf(**plan, "2001:db8::1", from - 1), "");
  EXPECT_EQ(SensorOf(**plan, "2001:db8::1", from), "b");
}

TEST(AddressPlan, ARangeMayChangeItsSensorOverTime) {
  const auto plan = CompilePlan(R"(telescopes:
  - {sensor: old, prefix: 192.0.2.0/24, valid_until: "2024-11-01T00:00:00Z"}
  - {sensor: new, prefix: 192.0.2.0/24, valid_from: "2024-11-01T00:00:00Z", valid_until: "2024-11-02T00:00:00Z"}
  - {sensor: part, prefix: 192.0.2.0/25, valid_from: "2024-11-02T00:00:00Z"}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const int64_t day1 = kNovember * kSecond, day2 = (kNovember + 86'400) * kSecond;
  for (const char* address : {"192.0.2.1", "192.0.2.200"}) {
    EXPECT_EQ(SensorOf(**plan, address, day1 - 1), "old");
    EXPECT_EQ(SensorOf(**plan, address, day1), "new");
    EXPECT_EQ(SensorOf(**plan, address, day2 - 1), "new");
  }
  EXPECT_EQ(SensorOf(**plan, "192.0.2.1", day2), "part");
  EXPECT_EQ(SensorOf(**plan, "192.0.2.200", day2), "");
}

// "192.0.2.0/24 2560" for each prefix of the sensor that was dark in some of the window.
using Seconds = std::vector<std::string>;
Seconds SecondsOf(const AddressPlan& plan, size_t sensor, int64_t start, uint32_t window_seconds = 10) {
  Seconds seconds;
  for (const v1::DarkPrefix& prefix : plan.AddressSeconds(sensor, start, window_seconds)) {
    seconds.push_back(ToString(IpAddress::Ipv4(prefix.address())) + "/" + std::to_string(prefix.length()) +
                      " " + std::to_string(prefix.address_seconds()));
  }
  return seconds;
}

TEST(AddressPlan, AddressSecondsCountIpv4WithinItsValidity) {
  const auto plan = CompilePlan(R"(telescopes:
  - {sensor: a, prefix: 198.51.100.0/25, valid_from: "2024-11-01T00:00:03Z", valid_until: "2024-11-01T00:00:17Z"}
  - {sensor: a, prefix: 192.0.2.0/24}
  - {sensor: b, prefix: "2001:db8::/48"}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  const Seconds before = {"192.0.2.0/24 2560"};
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember - 10), before);
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember), (Seconds{"192.0.2.0/24 2560", "198.51.100.0/25 896"}));
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember + 10), (Seconds{"192.0.2.0/24 2560", "198.51.100.0/25 896"}));
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember + 20), before);
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember, 300), (Seconds{"192.0.2.0/24 76800", "198.51.100.0/25 1792"}));
  EXPECT_EQ(SecondsOf(**plan, 1, kNovember), Seconds{});
}

// An address is never dark twice at a time, and so never counted twice.
TEST(AddressPlan, AddressSecondsAreOfEachPrefixWhileItWasTheDarkOne) {
  const auto plan = CompilePlan(R"(telescopes:
  - {sensor: a, prefix: 10.0.0.0/8, valid_until: "2024-11-01T00:00:02Z"}
  - {sensor: a, prefix: 10.0.0.0/9, valid_from: "2024-11-01T00:00:02Z", valid_until: "2024-11-01T00:00:06Z"}
  - {sensor: b, prefix: 10.0.0.0/8, valid_from: "2024-11-01T00:00:06Z", valid_until: "2024-11-01T00:00:07Z"}
  - {sensor: a, prefix: 10.0.0.0/8, valid_from: "2024-11-01T00:00:07Z"}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember), (Seconds{"10.0.0.0/8 83886080", "10.0.0.0/9 33554432"}));
  EXPECT_EQ(SecondsOf(**plan, 1, kNovember), Seconds{"10.0.0.0/8 16777216"});
}

// Where subscribers are within a telescope, it is configured around them.
TEST(AddressPlan, AddressSecondsLeaveOutSubscribers) {
  const auto plan = CompilePlan(R"(subscribers:
  - {prefix: 192.0.2.64/26, access: fixed}
telescopes:
  - {sensor: a, prefix: 192.0.2.0/26}
  - {sensor: a, prefix: 192.0.2.128/25}
)");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember), (Seconds{"192.0.2.0/26 640", "192.0.2.128/25 1280"}));
  EXPECT_NE(ErrorOf("subscribers: [{prefix: 192.0.2.64/26, access: fixed}]\n"
                    "telescopes: [{sensor: a, prefix: 192.0.2.0/24}]\n")
                .find("an address is either dark or a subscriber's"),
            std::string::npos);
}

TEST(AddressPlan, AddressSecondsOfTheWholeInternetFit) {
  const auto plan = CompilePlan("telescopes: [{sensor: a, prefix: 0.0.0.0/0}]\n");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(SecondsOf(**plan, 0, kNovember, 300), Seconds{"0.0.0.0/0 1288490188800"});
}

TEST(AddressPlan, RefusesTheSameSubscriberPrefixTwice) {
  EXPECT_EQ(ErrorOf("subscribers:\n"
                    "  - {prefix: 192.0.2.0/24, access: fixed}\n"
                    "  - {prefix: 198.51.100.0/24, access: fixed}\n"
                    "  - {prefix: 192.0.2.0/24, access: mobile}\n"),
            "c.yaml:12: subscribers[2].prefix: 192.0.2.0/24 is the same range as subscribers[0].prefix "
            "(192.0.2.0/24); keep one of them");
  EXPECT_EQ(ErrorOf("subscribers:\n"
                    "  - {prefix: \"2001:db8::/32\", access: fixed}\n"
                    "  - {prefix: \"2001:0db8:0::/32\", access: fixed}\n"),
            "c.yaml:11: subscribers[1].prefix: 2001:db8::/32 is the same range as subscribers[0].prefix "
            "(2001:db8::/32); keep one of them");
}

TEST(AddressPlan, RefusesARangeThatIsDarkTwiceAtOnce) {
  EXPECT_EQ(ErrorOf("telescopes:\n"
                    "  - {sensor: a, prefix: 192.0.2.0/24, valid_until: \"2024-11-01T00:00:01Z\"}\n"
                    "  - {sensor: b, prefix: 192.0.2.64/26, valid_from: \"2024-11-01T00:00:00Z\"}\n"),
            "c.yaml:11: telescopes[1].prefix: 192.0.2.64/26 lies inside telescopes[0].prefix (192.0.2.0/24), "
            "which is "
            "dark at the same time; keep one of them, or part their valid_from and valid_until");
  EXPECT_EQ(
      ErrorOf("telescopes:\n"
              "  - {sensor: a, prefix: \"2001:db8:1::/48\"}\n"
              "  - {sensor: a, prefix: \"2001:db8::/32\"}\n"),
      "c.yaml:11: telescopes[1].prefix: 2001:db8::/32 holds telescopes[0].prefix (2001:db8:1::/48), which is "
      "dark at the same time; keep one of them, or part their valid_from and valid_until");
}

TEST(AddressPlan, RefusesAnAddressThatIsBothDarkAndASubscribers) {
  const std::string ending =
      "; an address is either dark or a subscriber's: take one out, or split the larger range";
  EXPECT_EQ(ErrorOf("subscribers:\n"
                    "  - {prefix: 192.0.2.0/24, access: fixed}\n"
                    "telescopes:\n"
                    "  - {sensor: a, prefix: 192.0.2.0/24, valid_from: \"2030-01-01T00:00:00Z\"}\n"),
            "c.yaml:12: telescopes[0].prefix: 192.0.2.0/24 is the same range as subscribers[0].prefix "
            "(192.0.2.0/24)" +
                ending);
  EXPECT_EQ(ErrorOf("subscribers:\n"
                    "  - {prefix: \"2001:db8:5::/48\", access: fixed}\n"
                    "telescopes:\n"
                    "  - {sensor: a, prefix: \"2001:db8::/32\"}\n"),
            "c.yaml:12: telescopes[0].prefix: 2001:db8::/32 holds subscribers[0].prefix (2001:db8:5::/48)" +
                ending);
  EXPECT_EQ(
      ErrorOf("telescopes:\n"
              "  - {sensor: a, prefix: 192.0.2.128/25}\n"
              "subscribers:\n"
              "  - {prefix: 192.0.2.0/24, access: fixed}\n"),
      "c.yaml:10: telescopes[0].prefix: 192.0.2.128/25 lies inside subscribers[0].prefix (192.0.2.0/24)" +
          ending);
}

TEST(AddressPlan, LooksThroughTheRangesBetween) {
  EXPECT_EQ(ErrorOf("subscribers:\n"
                    "  - {prefix: 10.0.0.0/8, access: fixed}\n"
                    "  - {prefix: 10.1.0.0/16, access: fixed}\n"
                    "telescopes:\n"
                    "  - {sensor: a, prefix: 10.1.2.0/24}\n"),
            "c.yaml:13: telescopes[0].prefix: 10.1.2.0/24 lies inside subscribers[0].prefix (10.0.0.0/8); an "
            "address "
            "is either dark or a subscriber's: take one out, or split the larger range");
}

TEST(AddressPlan, RefusesADarkRangeWithinSubscribersWhateverIsBetween) {
  EXPECT_THAT(
      ErrorOf(R"(subscribers:
  - {prefix: "::/0", access: fixed, technology: ftth}
  - {prefix: 10.0.0.0/8, access: fixed, technology: ftth}
telescopes:
  - {prefix: "2001:db8:dead::/48", sensor: east}
)"),
      testing::HasSubstr("telescopes[0].prefix: 2001:db8:dead::/48 lies inside subscribers[0].prefix"));
  EXPECT_THAT(ErrorOf(R"(subscribers:
  - {prefix: "2001:db8::/32", access: fixed, technology: ftth}
telescopes:
  - {prefix: "::/0", sensor: east}
  - {prefix: 203.0.113.0/24, sensor: east}
)"),
              testing::HasSubstr("telescopes[0].prefix: ::/0 holds subscribers[0].prefix"));
}

TEST(AddressPlan, RefusesBadPrefixes) {
  EXPECT_EQ(
      ErrorOf("subscribers:\n"
              "  - {prefix: 192.0.2.1/24, access: fixed}\n"),
      "c.yaml:10: subscribers[0].prefix: \"192.0.2.1/24\" is not an address range: bits are set after its "
      "length; 192.0.2.0/24 was probably meant");
  EXPECT_EQ(
      ErrorOf("telescopes:\n"
              "  - sensor: a\n"
              "    prefix: \"2001:db8::1/32\"\n"),
      "c.yaml:11: telescopes[0].prefix: \"2001:db8::1/32\" is not an address range: bits are set after its "
      "length; 2001:db8::/32 was probably meant");
}

TEST(AddressPlan, RefusesMoreSensorsThanAReportHolds) {
  std::string yaml = "telescopes:\n";
  for (int i = 0; i <= kMaxSensors; ++i) {
    yaml += "  - {sensor: s" + std::to_string(i) + ", prefix: 198.51." + std::to_string(i) + ".0/24}\n";
  }
  EXPECT_EQ(
      ErrorOf(yaml),
      "c.yaml:9: telescopes: 101 sensors; at most 100 fit into a report: give ranges the same name, or run "
      "another collector");
  EXPECT_EQ(CompilePlan(yaml.substr(0, yaml.rfind("  - "))).value()->sensors().size(), 100u);
}

TEST(AddressPlan, RefusesAValidityWithoutTime) {
  EXPECT_EQ(ErrorOf("telescopes:\n"
                    "  - sensor: a\n"
                    "    prefix: 192.0.2.0/24\n"
                    "    valid_from: \"2024-11-01T00:00:00Z\"\n"
                    "    valid_until: \"2024-11-01T09:00:00+09:00\"\n"),
            "c.yaml:13: telescopes[0].valid_until: must be later than valid_from, 2024-11-01T00:00:00Z");
  EXPECT_EQ(ErrorOf("telescopes:\n"
                    "  - sensor: a\n"
                    "    prefix: 192.0.2.0/24\n"
                    "    valid_from: \"2024-11-01T00:00:00.5Z\"\n"),
            "c.yaml:12: telescopes[0].valid_from: expected whole seconds");
}

TEST(AddressPlan, TakesManyPrefixes) {
  v1::CollectorConfig config;
  constexpr int kPrefixes = 100'000;
  for (int i = 0; i < kPrefixes; ++i) {
    v1::SubscriberPrefix& subscriber = *config.add_subscribers();
    subscriber.set_prefix(
        ToString(Prefix{IpAddress::Ipv4(0x0a000000u + static_cast<uint32_t>(i) * 16), 96 + 28}));
    subscriber.set_access(v1::ACCESS_FIXED);
    subscriber.set_technology(static_cast<v1::Technology>(i % 8));
  }
  const auto plan = AddressPlan::Compile(config, ConfigPlaces("c.yaml"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (int i = 0; i < kPrefixes; ++i) {
    const AddressPlan::Use* use =
        (*plan)->Find(IpAddress::Ipv4(0x0a000000u + static_cast<uint32_t>(i) * 16 + 7));
    ASSERT_NE(use, nullptr);
    ASSERT_EQ(use->technology, i % 8);
  }
}

TEST(AddressPlan, KnowsAddressesThatStandForIpv4) {
  const auto plan = CompilePlan(
      "tunnels: {nat64_prefixes: [\"2001:db8:64::/96\"], mapt_prefixes: [\"2001:db8:a000::/36\"]}\n");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ((*plan)->TranslationOf(AddressOf("64:ff9b::192.0.2.1")), v1::CARRIER_NAT64);
  EXPECT_EQ((*plan)->TranslationOf(AddressOf("64:ff9b::1:c000:201")), v1::CARRIER_UNSPECIFIED);
  EXPECT_EQ((*plan)->TranslationOf(AddressOf("2001:db8:64::c000:201")), v1::CARRIER_NAT64);
  EXPECT_EQ((*plan)->TranslationOf(AddressOf("2001:db8:afff::1")), v1::CARRIER_MAPT);
  EXPECT_EQ((*plan)->TranslationOf(AddressOf("2001:db8:b000::1")), v1::CARRIER_UNSPECIFIED);
}

TEST(AddressPlan, RefusesTranslationPrefixesThatCannotBe) {
  EXPECT_EQ(ErrorOf("tunnels: {nat64_prefixes: [\"2001:db8::/64\"]}\n"),
            "c.yaml:9: tunnels.nat64_prefixes[0]: expected a /96");
  EXPECT_EQ(ErrorOf("tunnels: {mapt_prefixes: [192.0.2.0/24]}\n"),
            "c.yaml:9: tunnels.mapt_prefixes[0]: expected an IPv6 range");
}

}  // namespace
}  // namespace kansoku::collector
