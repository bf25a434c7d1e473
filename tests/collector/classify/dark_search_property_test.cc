// SPDX-License-Identifier: Apache-2.0
//
// The search that every packet goes through, for the sensor that its destination is dark of, against reading
// the whole list: prefixes within prefixes, dark at different times, close together and far apart.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collector/classify/address_plan.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kFirst = 1'730'419'200;  // from when on ranges begin and end to be dark
constexpr uint64_t kSeconds = 1'000, kSensors = 5;

// As an operator writes it.
struct Dark {
  Prefix prefix;
  int sensor = 0;
  std::optional<int64_t> from, until;  // in seconds

  bool IsAt(int64_t unix_ns) const {
    return (!from.has_value() || *from * kSecond <= unix_ns) &&
           (!until.has_value() || unix_ns < *until * kSecond);
  }
  bool Meets(const Dark& other) const {
    const auto begins_before_end = [](const Dark& a, const Dark& b) {
      return !a.from.has_value() || !b.until.has_value() || *a.from < *b.until;
    };
    return (prefix.Contains(other.prefix) || other.prefix.Contains(prefix)) &&
           begins_before_end(*this, other) && begins_before_end(other, *this);
  }
};

class DarkSearch : public ::testing::TestWithParam<uint64_t> {
 protected:
  uint64_t Draw(uint64_t below) { return random_() % below; }

  // In one of three neighbourhoods of each family, two of them close, so that prefixes nest and touch.
  IpAddress DrawAddress(bool ipv4) {
    const uint64_t near = random_() & random_();
    if (ipv4) {
      constexpr std::array<uint32_t, 3> kAround = {0x0a000000, 0x0a100000, 0xcb007000};
      return IpAddress::Ipv4(kAround[Draw(3)] + static_cast<uint32_t>(near % 4'096));
    }
    constexpr std::array<uint64_t, 3> kAround = {0x20010db8'00000000, 0x20010db8'00100000,
                                                 0x3fff0000'00000000};
    return {kAround[Draw(3)] + near % 4'096, random_() & random_()};
  }

  Prefix DrawPrefix(bool ipv4) {
    Prefix prefix;
    prefix.length = static_cast<uint8_t>(ipv4 ? 96 + 18 + Draw(15) : 48 + Draw(81));
    const IpAddress address = DrawAddress(ipv4), mask = prefix.Mask();
    prefix.address = {address.high & mask.high, address.low & mask.low};
    return prefix;
  }

  Dark DrawDark(bool ipv4) {
    Dark dark{.prefix = DrawPrefix(ipv4), .sensor = static_cast<int>(Draw(kSensors))};
    const auto from = static_cast<int64_t>(Draw(kSeconds));
    if (Draw(4) > 0) dark.from = kFirst + from;
    if (Draw(4) > 0) dark.until = kFirst + from + 1 + static_cast<int64_t>(Draw(kSeconds / 5));
    return dark;
  }

  static void Configure(const Dark& dark, v1::CollectorConfig& config) {
    const auto text = [](int64_t seconds) { return absl::FormatTime(absl::FromUnixSeconds(seconds)); };
    v1::Telescope& telescope = *config.add_telescopes();
    telescope.set_sensor(absl::StrCat("s", dark.sensor));
    telescope.set_prefix(ToString(dark.prefix));
    if (dark.from.has_value()) telescope.set_valid_from(text(*dark.from));
    if (dark.until.has_value()) telescope.set_valid_until(text(*dark.until));
  }

  // Takes those that may stand together with what was taken before; of the others each alone is refused.
  void DrawPlan(int candidates) {
    v1::CollectorConfig config;
    for (int i = 0; i < candidates; ++i) {
      const Dark dark = DrawDark(Draw(2) == 0);
      const bool meets =
          std::any_of(taken_.begin(), taken_.end(), [&](const Dark& other) { return dark.Meets(other); });
      if (meets) {
        v1::CollectorConfig refused = config;
        Configure(dark, refused);
        EXPECT_FALSE(AddressPlan::Compile(refused, ConfigPlaces("c")).ok()) << ToString(dark.prefix);
        continue;
      }
      taken_.push_back(dark);
      Configure(dark, config);
    }
    const auto plan = AddressPlan::Compile(config, ConfigPlaces("c"));
    ASSERT_TRUE(plan.ok()) << plan.status();
    plan_ = *plan;
  }

  std::string NaiveSensor(const IpAddress& address, int64_t unix_ns) const {
    for (const Dark& dark : taken_) {
      if (dark.prefix.Contains({address, 128}) && dark.IsAt(unix_ns)) return absl::StrCat("s", dark.sensor);
    }
    return "";
  }
  std::string FoundSensor(const IpAddress& address, int64_t unix_ns) const {
    const AddressPlan::Use* use = plan_->FindDark(address);
    const int sensor = use == nullptr ? -1 : plan_->SensorAt(*use, unix_ns);
    return sensor < 0 ? "" : plan_->sensors()[static_cast<size_t>(sensor)];
  }

  // At the ends of a range, beside them, and anywhere.
  std::vector<IpAddress> AddressesOf(const Prefix& prefix) {
    const auto after = [](IpAddress a) { return IpAddress{a.high + uint64_t{++a.low == 0}, a.low}; };
    const auto before = [](IpAddress a) { return IpAddress{a.high - uint64_t{a.low == 0}, a.low - 1}; };
    const IpAddress first = prefix.first(), last = prefix.last();
    return {first, last, before(first), after(last), DrawAddress(true), DrawAddress(false)};
  }
  // From the first that there is to the last that lies before an end.
  std::vector<int64_t> InstantsOf(const Dark& dark) {
    std::vector<int64_t> instants = {std::numeric_limits<int64_t>::min(),
                                     std::numeric_limits<int64_t>::max() - 1,
                                     (kFirst + static_cast<int64_t>(Draw(kSeconds))) * kSecond};
    for (const std::optional<int64_t>& end : {dark.from, dark.until}) {
      if (!end.has_value()) continue;
      instants.push_back(*end * kSecond);
      instants.push_back(*end * kSecond - 1);
    }
    return instants;
  }

  std::mt19937_64 random_{GetParam()};
  std::vector<Dark> taken_;
  std::shared_ptr<const AddressPlan> plan_;
};

TEST_P(DarkSearch, FindsWhatReadingTheWholeListFinds) {
  SCOPED_TRACE(absl::StrCat("seed ", GetParam()));
  ASSERT_NO_FATAL_FAILURE(DrawPlan(static_cast<int>(10 + Draw(400))));
  int dark = 0, not_dark = 0;
  for (const Dark& around : taken_) {
    for (const IpAddress& address : AddressesOf(around.prefix)) {
      for (const int64_t unix_ns : InstantsOf(around)) {
        const std::string expected = NaiveSensor(address, unix_ns);
        ASSERT_EQ(FoundSensor(address, unix_ns), expected) << ToString(address) << " at " << unix_ns;
        ++(expected.empty() ? not_dark : dark);
      }
    }
  }
  EXPECT_GT(dark, 20);
  EXPECT_GT(not_dark, 20);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DarkSearch, ::testing::Range(uint64_t{1}, uint64_t{21}));

}  // namespace
}  // namespace kansoku::collector
