// SPDX-License-Identifier: Apache-2.0
#include "tests/nation/national_traffic.h"

#include <array>
#include <map>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"

namespace kansoku::nation {
namespace {

constexpr Month kOldDefinition{2022, 11};
constexpr Month kFirst{2023, 11};
constexpr Month kSecond{2024, 11};
constexpr Month kLate{2024, 12};
constexpr Month kWounded{2025, 1};

// By the hour of the day in Japan: least before dawn, most in the evening.
constexpr std::array<uint64_t, 24> kHourWeights = {70, 52, 40, 33, 30, 31, 38, 48, 55,  60,  63,  66,
                                                   72, 69, 66, 67, 70, 76, 84, 93, 100, 104, 103, 90};

// Of the day of the week, counted from Thursday, 1 January 1970.
constexpr std::array<uint64_t, 7> kDayWeights = {100, 102, 110, 113, 100, 99, 100};

// What goes over a link, in hundredths of the ISP's subscribers' traffic. What its subscribers and other
// customers receive comes in over B1 to B3, so that both sides balance.
uint64_t HundredthsOf(v1::Group group) {
  switch (group) {
    case v1::GROUP_A2:
      return 10;
    case v1::GROUP_B1:
      return 30;
    case v1::GROUP_B2:
      return 45;
    case v1::GROUP_B3:
      return 35;
    default:
      return 100;
  }
}

absl::uint128 OctetsOf(uint64_t bits_per_second, const Operator& isp, v1::Group group, Month month) {
  const auto seconds = static_cast<uint64_t>(EndUnixSeconds(month) - StartUnixSeconds(month));
  return absl::uint128(bits_per_second) / 8 * seconds * isp.thousandths * HundredthsOf(group) / 100'000;
}

}  // namespace

std::span<const Operator> Operators() {
  static const std::vector<Operator> kOperators = {
      {"isp-1", v1::SERIES_FIXED, 140, {2020, 1}},     {"isp-2", v1::SERIES_FIXED, 120, {2020, 1}},
      {"isp-3", v1::SERIES_FIXED, 100, {2020, 1}},     {"isp-4", v1::SERIES_FIXED, 80, {2020, 1}},
      {"isp-5", v1::SERIES_FIXED, 70, {2020, 1}},      {"isp-6", v1::SERIES_FIXED, 60, {2020, 1}},
      {"isp-7", v1::SERIES_FIXED, 50, {2020, 1}},      {"isp-8", v1::SERIES_FIXED, 40, {2020, 1}},
      {"isp-9", v1::SERIES_FIXED, 30, {2024, 4}},      {"mobile-1", v1::SERIES_MOBILE, 360, {2020, 1}},
      {"mobile-2", v1::SERIES_MOBILE, 270, {2020, 1}}, {"mobile-3", v1::SERIES_MOBILE, 240, {2020, 1}},
      {"mobile-4", v1::SERIES_MOBILE, 100, {2020, 1}}, {"mobile-5", v1::SERIES_MOBILE, 30, {2020, 1}},
  };
  return kOperators;
}

uint64_t NationalDownload(v1::Series series, Month month) {
  static const std::map<std::pair<v1::Series, Month>, uint64_t> kGigabits = {
      {{v1::SERIES_FIXED, kOldDefinition}, 30'600}, {{v1::SERIES_FIXED, kFirst}, 34'520},
      {{v1::SERIES_FIXED, kSecond}, 38'900},        {{v1::SERIES_FIXED, kLate}, 39'300},
      {{v1::SERIES_FIXED, kWounded}, 39'800},       {{v1::SERIES_MOBILE, {2023, 9}}, 6'000},
      {{v1::SERIES_MOBILE, {2024, 9}}, 6'936},
  };
  const auto found = kGigabits.find({series, month});
  return found == kGigabits.end() ? 0 : found->second * 1'000'000'000;
}

uint64_t NationalUpload(v1::Series series, Month month) { return NationalDownload(series, month) / 8; }

std::vector<MeasuredLink> LinksOf(const Operator& isp) {
  const auto link = [&](v1::Group group, v1::Access access, std::vector<Month> months) {
    std::erase_if(months, [&](Month month) { return month < isp.member_since; });
    return MeasuredLink{absl::StrCat(isp.isp, "-", EnumLabel(group)), isp.isp, group, access,
                        std::move(months)};
  };
  if (isp.series == v1::SERIES_MOBILE) {
    return {link(v1::GROUP_A1, v1::ACCESS_MOBILE, {{2023, 9}, {2024, 9}})};
  }
  std::vector<MeasuredLink> links = {
      link(v1::GROUP_A1, v1::ACCESS_FIXED, {kOldDefinition, kFirst, kSecond, kLate, kWounded})};
  for (const v1::Group group : {v1::GROUP_A2, v1::GROUP_B1, v1::GROUP_B2, v1::GROUP_B3})
    links.push_back(link(group, v1::ACCESS_NONE, {kFirst, kSecond}));
  return links;
}

LinkMonth::LinkMonth(const MeasuredLink& link, const Operator& isp, Month month, uint64_t seed)
    : start_(StartUnixSeconds(month)),
      download_(OctetsOf(NationalDownload(isp.series, month), isp, link.group, month)),
      upload_(OctetsOf(NationalUpload(isp.series, month), isp, link.group, month)) {
  std::seed_seq seeds{seed, static_cast<uint64_t>(start_), std::hash<std::string>()(link.point)};
  std::mt19937_64 random(seeds);
  const auto count = static_cast<size_t>((EndUnixSeconds(month) - start_) / kWindowSeconds);
  weights_until_ = {0};
  for (size_t window = 0; window < count; ++window) {
    const int64_t in_japan = start_unix_seconds(window) + kTokyoOffsetSeconds;
    const uint64_t shape = kHourWeights[static_cast<size_t>(in_japan / 3600 % 24)] *
                           kDayWeights[static_cast<size_t>(in_japan / 86'400 % 7)];
    weights_until_.push_back(weights_until_.back() + shape * (985 + random() % 31));
  }
}

int64_t LinkMonth::start_unix_seconds(size_t window) const {
  return start_ + static_cast<int64_t>(window) * kWindowSeconds;
}

uint64_t LinkMonth::Share(absl::uint128 total, size_t window) const {
  const auto until = [&](size_t end) { return total * weights_until_[end] / weights_until_.back(); };
  return static_cast<uint64_t>(until(window + 1) - until(window));
}

}  // namespace kansoku::nation
