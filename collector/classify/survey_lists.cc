// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/survey_lists.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kansoku::collector {

SurveyLists::SurveyLists(const std::vector<SurveyListing>& listings) {
  struct Claim {
    Prefix prefix;
    Membership membership;
  };
  std::vector<Claim> claims;
  for (const SurveyListing& listing : listings) {
    const auto list = static_cast<uint32_t>(lists_.size());
    int64_t last_ns = std::numeric_limits<int64_t>::min();
    for (const SurveyRange& range : listing.ranges) {
      const int64_t until_ns = std::min(range.until_unix_ns, listing.until_unix_ns);
      claims.push_back({range.prefix, {list, listing.from_unix_ns, until_ns}});
      last_ns = std::max(last_ns, until_ns);
    }
    lists_.push_back({listing.name, listing.version, listing.from_unix_ns, last_ns, listing.ranges.size()});
  }
  // A family at a time: IPv4 lies amid IPv6, and would end the ranges around it.
  const auto rank = [](const Claim& claim) {
    return std::tuple(claim.prefix.is_ipv4(), claim.prefix.address, claim.prefix.length);
  };
  std::sort(claims.begin(), claims.end(), [&](const Claim& a, const Claim& b) { return rank(a) < rank(b); });

  // The longest match must know the lists of the ranges around it too.
  std::vector<PrefixMap<Memberships>::Entry> entries;
  std::vector<PrefixMap<Memberships>::Entry> around;  // ranges that hold the current one, the longest last
  const auto join = [](Memberships& memberships, const Membership& another) {
    const auto at = std::lower_bound(memberships.begin(), memberships.end(), another.list,
                                     [](const Membership& m, uint32_t list) { return m.list < list; });
    if (at == memberships.end() || at->list != another.list) {
      memberships.insert(at, another);
    } else {
      at->until_unix_ns = std::max(at->until_unix_ns, another.until_unix_ns);
    }
  };
  for (const Claim& claim : claims) {
    while (!around.empty() && !around.back().prefix.Contains(claim.prefix)) around.pop_back();
    if (around.empty() || around.back().prefix != claim.prefix) {
      around.push_back({claim.prefix, around.empty() ? Memberships() : around.back().value});
      entries.push_back(around.back());
    }
    join(around.back().value, claim.membership);
    entries.back().value = around.back().value;
    if (!claim.prefix.is_ipv4()) continue;
    for (uint32_t i = claim.prefix.first().ipv4() >> 16; i <= claim.prefix.last().ipv4() >> 16; ++i)
      has_listed_.set(i);
  }
  memberships_ = PrefixMap<Memberships>(std::move(entries));
}

uint32_t SurveyLists::InForce(int64_t unix_ns) const {
  uint32_t in_force = 0;
  for (size_t i = 0; i < lists_.size(); ++i) {
    const bool holds = lists_[i].from_unix_ns <= unix_ns && unix_ns < lists_[i].until_unix_ns;
    in_force |= uint32_t{holds} << i;
  }
  return in_force;
}

}  // namespace kansoku::collector
