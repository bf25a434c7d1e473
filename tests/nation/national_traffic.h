// SPDX-License-Identifier: Apache-2.0
//
// A made-up nation whose true traffic is known to the octet: nine ISPs and five mobile operators, every
// traffic group, a day's and a week's shape with a seeded noise. Nothing in it was measured.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "kansoku/v1/report.pb.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/month.h"

namespace kansoku::nation {

// Five-minute windows: the longest there are.
inline constexpr uint32_t kWindowSeconds = 300;

struct Operator {
  std::string isp;
  v1::Series series;
  uint64_t thousandths;  // of the market's contracts, and of the nation's traffic
  Month member_since;
};
// Fixed ones first.
std::span<const Operator> Operators();

// True download of all the nation's subscribers, in bit/s; that of a month which is not part of this is 0.
uint64_t NationalDownload(v1::Series series, Month month);
// An eighth of it.
uint64_t NationalUpload(v1::Series series, Month month);

struct MeasuredLink {
  std::string point;
  std::string isp;
  v1::Group group;
  v1::Access access;
  std::vector<Month> months;  // in which it reports
};
std::vector<MeasuredLink> LinksOf(const Operator& isp);

// What one link carries in one month, window by window, in octets (basis l3). The windows add up to the
// month's truth exactly.
class LinkMonth {
 public:
  LinkMonth(const MeasuredLink& link, const Operator& isp, Month month, uint64_t seed);

  size_t windows() const { return weights_until_.size() - 1; }
  int64_t start_unix_seconds(size_t window) const;
  uint64_t download_octets(size_t window) const { return Share(download_, window); }
  uint64_t upload_octets(size_t window) const { return Share(upload_, window); }

 private:
  uint64_t Share(absl::uint128 total, size_t window) const;

  const int64_t start_;
  absl::uint128 download_;
  absl::uint128 upload_;
  std::vector<uint64_t> weights_until_;  // sums of the weights of the windows before
};

}  // namespace kansoku::nation
