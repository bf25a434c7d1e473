// SPDX-License-Identifier: Apache-2.0
//
// Lists of addresses that belong to whoever scans the Internet for surveys, and on which of them an address
// is. What share of the packets is of surveys depends on the list as much as on the packets, so each list
// keeps its name, its version, and when it holds.
#pragma once

#include <bitset>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "collector/classify/prefix_map.h"

namespace kansoku::collector {

// A range of a list. A value.
struct SurveyRange {
  Prefix prefix;
  int64_t until_unix_ns = std::numeric_limits<int64_t>::max();  // that instant excluded
};

// A list as it is read. Its ranges may overlap, and the same may come twice. A value.
struct SurveyListing {
  std::string name;
  std::string version;
  int64_t from_unix_ns = std::numeric_limits<int64_t>::min();
  int64_t until_unix_ns = std::numeric_limits<int64_t>::max();  // that instant excluded
  std::vector<SurveyRange> ranges;
};

// Constant after construction; any thread. Look-ups do not allocate. A set of lists is a number: its bit i
// stands for lists()[i].
class SurveyLists {
 public:
  static constexpr size_t kMost = 32;

  struct List {
    std::string name;
    std::string version;
    int64_t from_unix_ns = 0;
    int64_t until_unix_ns = 0;  // that instant excluded; not later than that of its last range
    size_t ranges = 0;
  };

  SurveyLists() = default;

  // At most kMost, each with a range.
  explicit SurveyLists(const std::vector<SurveyListing>& listings);

  // The lists that the address is on at the instant: those of which any valid range holds it. A list that is
  // not in force has nobody on it.
  uint32_t ListsOf(const IpAddress& address, int64_t unix_ns) const {
    // Nearly all sources are on none: 8 KiB know that of IPv4.
    if (address.is_ipv4() && !has_listed_[address.ipv4() >> 16]) return 0;
    const Memberships* memberships = memberships_.Find(address);
    return memberships == nullptr ? 0 : InForce(*memberships, unix_ns);
  }

  // The lists whose validity covers the instant.
  uint32_t InForce(int64_t unix_ns) const;

  // In the order they were given.
  const std::vector<List>& lists() const { return lists_; }

 private:
  // That whoever is in a range is on a list for a time, half-open.
  struct Membership {
    uint32_t list = 0;
    int64_t from_unix_ns = 0;
    int64_t until_unix_ns = 0;
    friend auto operator<=>(const Membership&, const Membership&) = default;
  };
  using Memberships = std::vector<Membership>;  // by list, each once

  static uint32_t InForce(const Memberships& memberships, int64_t unix_ns) {
    uint32_t lists = 0;
    for (const Membership& membership : memberships) {
      const bool holds = (membership.from_unix_ns <= unix_ns) & (unix_ns < membership.until_unix_ns);
      lists |= uint32_t{holds} << membership.list;
    }
    return lists;
  }

  std::vector<List> lists_;
  PrefixMap<Memberships> memberships_;
  std::bitset<1 << 16> has_listed_;  // whether any range touches the IPv4 addresses with these first 16 bits
};

}  // namespace kansoku::collector
