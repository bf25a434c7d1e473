// SPDX-License-Identifier: Apache-2.0
//
// Which figures of a telescope tell of fewer than ten sources (METRICS 10), or infected subscribers: neither
// how many they are is told, nor what they sent.
//
// A port is told where it is not known that fewer are behind its packets: of one day as many as probed it, of
// several as many as on the day that had the most; where nobody probed it, as with answers of victims, or
// nobody told sources apart, its packets bound them. Of a population without survey scanners this holds both
// of what the port has there and of what it has not: their packets bound either, and without scanners by
// behaviour so do, where every day says it, how many of these probed the port and how many others did. Hosts
// of a port that are no scanners are not told where the scanners are few, since all its hosts are told.
//
// What all ports of a protocol together that are not told had is known by subtraction. Where each of them is
// of few, the told one with the fewest packets is withheld too. So is what is told of survey scanners where
// others are few, and of victims where other hosts that answered are; and where any leading port is, the
// shares of categories are, of which each is a sum of such ports or what is left of them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "aggregator/figures/telescope_period.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

inline constexpr uint64_t kFewestSources = 10;

// Why a figure of so few is withheld.
Withheld BecauseOfFewSources();

// Whether a figure is of hosts or subscribers, and of fewer.
bool AreHostsFew(const v1::Figure& figure);

// Of one period. `sum` must outlive it. Any thread.
class FewSources {
 public:
  explicit FewSources(const TelescopePeriod& sum);

  // Of a figure of the period that says something.
  bool Has(const v1::Figure& figure) const;

 private:
  const TelescopePeriod& sum_;
  const bool are_others_few_;                           // than survey scanners
  const std::set<std::string> ports_of_few_scanners_;   // of those that lead by other hosts
  std::map<std::string, std::set<std::string>> ports_;  // those of few that lead, "23/tcp", by population
};

}  // namespace kansoku::aggregator
