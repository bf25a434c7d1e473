// SPDX-License-Identifier: Apache-2.0
//
// Whose sensors and links are behind what days tell of single sources and of subscribers. No group of
// small_parts.h says it: those are of packets, and packets say neither whether their sources were told apart
// nor whose subscribers sent them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// Of the ISPs that packets reached on a day, those that told their sources apart and those that did not, and
// those that examined packets for flags and those that did not. One may do both.
struct SourceIsps {
  std::set<std::string> telling;
  std::set<std::string> not_telling;
  std::set<std::string> examining;
  std::set<std::string> not_examining;
  std::map<std::string, std::set<std::string>> flagged;  // by flag: to whom packets came that have it
};

struct TelescopeContributors {
  std::map<std::string, SourceIsps> days;  // by date
  // Of days of which more came since they were judged, by date: whose packets were there by then. None: it is
  // not known.
  std::map<std::string, std::set<std::string>> in_time;
  std::set<std::string> reached;  // whose subscribers did
  std::set<std::string> scanning;
  v1::DarknetSubscribers subscribers;  // of all hours
};

// What a point of `isp` measured in an hour of a day joins; null: it is not known whose it is. Pure; any
// thread.
void AddHour(const std::string& day, const v1::Measurement& measurement, const std::string* isp,
             TelescopeContributors& contributors);

// Where more came of a day since it was judged, by the days of single `isps` who was in time: what they say
// was judged adds up to what was judged of all, unless somebody came in between. Errors are the store's. Any
// thread.
absl::Status AddInTime(const StoreReader& store, const std::set<std::string>& isps, const std::string& day,
                       TelescopeContributors& contributors);

// Those of one day join those of others.
void Merge(const TelescopeContributors& from, TelescopeContributors& into);

// Whether on any day some told sources apart, or some did not, that are fewer than `fewest`: what was judged
// is of the ones, and what is left of all packets is of the others. Or fewer were in time.
bool AreSourcesOfFew(const TelescopeContributors& contributors, uint32_t fewest);

// Whether on any day some examined packets, or some did not, that are fewer than `fewest`: how many packets
// were examined is what reached the ones, and the rest of all what reached the others. Or fewer had a packet
// with some flag, which the other flags and `any` would tell.
bool AreExaminersFew(const TelescopeContributors& contributors, uint32_t fewest);

}  // namespace kansoku::aggregator
