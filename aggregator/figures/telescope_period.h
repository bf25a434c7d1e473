// SPDX-License-Identifier: Apache-2.0
//
// What the days of a telescope add up to. Day by day, for a year of them does not fit into memory: the sums
// take some 20 MB for ports and 2 MB for sketches, however many days there are. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/civil_time.h"
#include "aggregator/figures/rational.h"
#include "aggregator/figures/unique_hosts.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// Whole days in Japan, both included.
struct DayPeriod {
  absl::CivilDay first;
  absl::CivilDay last;

  int64_t days() const { return last - first + 1; }
};

// An IANA protocol number and a port.
using ProtocolPort = std::pair<uint32_t, uint32_t>;

struct PortSum {
  uint64_t packets = 0;
  uint64_t judged_packets = 0;  // of days on which sources were told apart; and of these the next two
  uint64_t survey_packets = 0;
  uint64_t listed_packets = 0;
  // Of the day that had the most of each, for they do not add up over days.
  uint64_t probe_hosts = 0;
  uint64_t survey_hosts = 0;  // of these
  uint64_t non_survey_hosts = 0;
  bool is_survey_uncounted = false;  // of some day that is not in the last two: it does not say how many were
};

// Sources do not add up over days either, their packets do.
struct SourcesSum {
  uint64_t sources = 0;
  Integer packets;
};

// Of the days on which sources were told apart.
struct JudgedSum {
  uint64_t days = 0;
  uint64_t windows = 0;
  std::set<int> flags;
  std::set<uint64_t> keys;
  std::set<uint32_t> rules;
  std::set<uint32_t> judgements;  // versions of how sources were judged; 0: of days that do not say it
  Integer packets;                // of IPv4, as all that is told of survey scanners, lists and tools
  SourcesSum survey;
  SourcesSum listed;  // on any list
  // Of their probes those that stand in the packets of ports and cannot be taken out there.
  Integer survey_portless_packets;
  Integer listed_portless_packets;          // 0 of days that were judged before it was counted
  std::map<std::string, SourcesSum> lists;  // by name and version
  std::map<std::string, SourcesSum> tools;
  SourcesSum victims;
  std::optional<uint64_t> backscatter_sources;  // none: of no day it is known
  Integer no_room_packets;
  Integer untold_packets;
  SourcesSum undecided;               // IPv4 sources that may be survey scanners, and count as none
  uint64_t most_unjudged_of_one = 0;  // of the last such day
  std::map<v1::Family, v1::SourceSketch> non_survey;  // who is no survey scanner on some day
  uint64_t days_without_non_survey = 0;               // on which packets came, and nobody sketched these

  // Whether all were judged by one set of rules. Packets of days with several keys add up: each day judged
  // its sources under its own one, and keys change every month or so (METRICS 10).
  bool is_of_one_rule() const { return rules.size() <= 1; }
  // Sketches of several keys never meet: their union would count a host once for each.
  bool is_one_way() const { return is_of_one_rule() && keys.size() <= 1; }
};

// Of the days that have sketches of their sources, judged or not.
struct HostsSum {
  uint64_t windows = 0;
  std::set<int> flags;
  std::set<uint64_t> keys;
  std::set<uint32_t> rules;
  // On some day sources were told apart, of several keys or rules or in part, and what came has no sketches.
  bool is_any_missing = false;
  HostSketches sketches;

  bool is_one_way() const { return !is_any_missing && keys.size() == 1 && rules.size() == 1; }
};

// Of the days on which IPv4 addresses were monitored: packets of others are no address's (METRICS 5.3).
struct WatchedSum {
  int64_t days = 0;
  Rational addresses;       // over the days, each the day's mean
  Rational last_addresses;  // of the last such day
  Rational packets_per_address;
  Integer ipv4_packets;
};

struct TelescopePeriod {
  DayPeriod period;
  std::string last_day;                            // that there is: 2024-11-30; empty: none
  int64_t days = 0;                                // with a window
  std::map<std::string, Integer> packets_of_days;  // by date
  uint64_t windows = 0;
  // A day that is not there expects as many as the one before it; nothing is known of what came before the
  // first.
  uint64_t expected_windows = 0;
  uint64_t expected_of_last = 0;
  std::set<int> flags;
  std::set<uint32_t> rules;   // that packets were told apart by, whether or not their sources were
  bool is_any_mixed = false;  // on a day that does not say by which, sources were told apart in several ways
  uint64_t revisions = 0;     // of the days, added up
  int64_t computed_unix_seconds = 0;  // when the latest of them was
  std::map<std::pair<v1::DarknetClass, v1::Family>, Integer> classes;
  v1::SoftFlags soft_flags;
  // By sensor how long it was monitored, and by prefix: within 64 bits for 136 years of all of IPv4.
  std::map<std::string, v1::SensorDay> sensors;
  absl::flat_hash_map<ProtocolPort, PortSum> ports;
  WatchedSum watched;
  JudgedSum judged;
  HostsSum hosts;
  std::optional<v1::DarknetSubscribers> subscribers;  // of the last day

  Integer PacketsOf(v1::Family family) const;
  // Whether the classes of all days are told by one version of the rules, as far as the days say by which.
  bool is_of_one_rule() const { return !is_any_mixed && rules.size() <= 1; }
  // Sources are judged by the day: their number is told of a day alone.
  bool is_one_day() const { return period.days() == 1; }
};

// A day of the period, by date and each once.
void AddDay(const v1::TelescopeDay& day, TelescopePeriod& sum);

// Without a number: the period, windows, quality flags and rules of all days there are, or of those alone on
// which sources were told apart and judged (these say by which version, too), or that have sketches. Each
// says the revisions of all days, and when the latest of them was computed.
v1::Figure FrameOf(const TelescopePeriod& sum);
v1::Figure FrameOfJudged(const TelescopePeriod& sum);
v1::Figure FrameOfHosts(const TelescopePeriod& sum);

}  // namespace kansoku::aggregator
