// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_period.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_frame.h"
#include "aggregator/figures/telescope_day.h"
#include "proto/contract/dark_prefixes.h"
#include "proto/contract/day.h"
#include "proto/contract/measurement.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::aggregator {
namespace {

void AddSources(uint64_t sources, uint64_t packets, SourcesSum& sum) {
  sum.sources += sources;
  sum.packets += ToInteger(packets);
}

// Whose sources were told apart, and not forgotten before anyone judged them.
bool IsJudged(const v1::TelescopeDay& day) { return day.sources().judged_in_revision() != 0; }

void AddNonSurvey(const v1::TelescopeDay& day, JudgedSum& sum) {
  const auto& sketches = day.sources().non_survey_sketches();
  const v1::SourcesDay& of_day = day.sources();
  sum.days_without_non_survey += sketches.empty() && of_day.judged_packets() > of_day.ipv6_packets();
  // With several keys there is no figure of them.
  if (!sum.is_one_way()) return;
  for (const v1::SourceSketch& sketch : sketches) Merge(sketch, sum.non_survey[sketch.family()]);
}

std::string NameOf(const v1::SurveyList& list) {
  return list.version().empty() ? list.name() : absl::StrCat(list.name(), " ", list.version());
}

void AddJudged(const v1::TelescopeDay& day, JudgedSum& sum) {
  const v1::SourcesDay& sources = day.sources();
  ++sum.days;
  sum.windows += day.windows();
  sum.flags.insert(day.flags().begin(), day.flags().end());
  sum.keys.insert(sources.source_key());
  sum.rules.insert(sources.rules());
  sum.judgements.insert(sources.judgement());
  sum.packets += ToInteger(Ipv4PacketsOf(day));
  AddSources(sources.survey_sources(), sources.survey_packets(), sum.survey);
  AddSources(sources.listed_sources(), sources.listed_packets(), sum.listed);
  sum.survey_portless_packets += ToInteger(sources.portless_packets());
  sum.listed_portless_packets += ToInteger(sources.listed_portless_packets());
  for (const v1::ListedDay& of : sources.listed()) {
    AddSources(of.sources(), of.packets(), sum.lists[NameOf(of.list())]);
  }
  for (const v1::ToolDay& of : sources.tools()) AddSources(of.sources(), of.packets(), sum.tools[of.tool()]);
  AddSources(sources.victims(), sources.victim_packets(), sum.victims);
  // Where answers came, 0 is of a day that was judged before their senders were counted.
  if (sources.backscatter_sources() > 0 || !HasBackscatter(day)) {
    sum.backscatter_sources = sum.backscatter_sources.value_or(0) + sources.backscatter_sources();
  }
  sum.no_room_packets += ToInteger(sources.unjudged_packets());
  sum.untold_packets += ToInteger(sources.untold_packets());
  AddSources(sources.undecided_sources(), sources.undecided_packets(), sum.undecided);
  AddNonSurvey(day, sum);
  sum.most_unjudged_of_one = sources.most_unjudged_of_one();
}

void AddHosts(const v1::TelescopeDay& day, HostsSum& sum) {
  const v1::SourcesDay& sources = day.sources();
  if (sources.sketches().empty()) {
    const bool is_told = day.has_sources() || !day.sources_withheld_because().empty();
    sum.is_any_missing |= is_told && PacketsOf(day) > 0;
    return;
  }
  sum.windows += day.windows();
  sum.flags.insert(day.flags().begin(), day.flags().end());
  sum.keys.insert(sources.source_key());
  sum.rules.insert(sources.rules());
  // Sketches of several keys never meet; with several there is no figure of them.
  if (!sum.is_one_way()) return;
  for (const v1::SourceSketch& sketch : sources.sketches()) sum.sketches.Add(sketch);
}

void AddWatched(const v1::TelescopeDay& day, WatchedSum& sum) {
  const Rational addresses = AddressesOf(day);
  if (addresses == 0) return;
  const Integer packets = ToInteger(Ipv4PacketsOf(day));
  ++sum.days;
  sum.addresses += addresses;
  sum.last_addresses = addresses;
  sum.packets_per_address += packets / addresses;
  sum.ipv4_packets += packets;
}

// Of a judged day. Before survey scanners were counted by port, it said what they sent alone.
void AddJudged(const v1::PortDay& port, PortSum& sum) {
  sum.judged_packets += port.packets();
  sum.survey_packets += port.survey_packets();
  sum.listed_packets += port.listed_packets();
  sum.probe_hosts = std::max<uint64_t>(sum.probe_hosts, port.probe_hosts());
  if (port.survey_packets() > 0 && port.survey_hosts() == 0) {
    sum.is_survey_uncounted = true;
    return;
  }
  const uint64_t others = port.probe_hosts() - std::min(port.probe_hosts(), port.survey_hosts());
  sum.survey_hosts = std::max<uint64_t>(sum.survey_hosts, port.survey_hosts());
  sum.non_survey_hosts = std::max(sum.non_survey_hosts, others);
}

uint64_t DaysBetween(const std::string& earlier, absl::CivilDay later) {
  const absl::StatusOr<absl::CivilDay> day = ParseDay(earlier);
  return day.ok() ? static_cast<uint64_t>(std::max<int64_t>(later - *day - 1, 0)) : 0;
}

// A day that says no version was made before days did, one that says 0 before collectors did: of neither is
// it known, unless its sources were judged by one.
void AddRules(const v1::TelescopeDay& day, TelescopePeriod& sum) {
  const bool is_said = day.rules_size() > 1 || (day.rules_size() == 1 && day.rules(0) != 0);
  if (is_said) return sum.rules.insert(day.rules().begin(), day.rules().end());
  if (!day.sources_withheld_because().empty()) sum.is_any_mixed = true;
  const uint32_t of_sources = day.sources().rules();
  if (of_sources != 0 || PacketsOf(day) > 0) sum.rules.insert(of_sources);
}

// `rules`: none are said where there are several.
v1::Figure Frame(const TelescopePeriod& sum, uint64_t windows, const std::set<int>& flags,
                 const std::set<uint32_t>& rules) {
  v1::Figure frame =
      FigureFrame({DayStartUnixSeconds(sum.period.first), DayStartUnixSeconds(sum.period.last + 1), 0});
  frame.set_windows(windows);
  frame.set_expected_windows(sum.expected_windows +
                             DaysBetween(sum.last_day, sum.period.last + 1) * sum.expected_of_last);
  frame.mutable_flags()->Assign(flags.begin(), flags.end());
  if (rules.size() == 1) frame.set_darknet_rules(*rules.begin());
  frame.set_darknet_revision(sum.revisions);
  frame.set_computed_unix_seconds(sum.computed_unix_seconds);
  return frame;
}

}  // namespace

Integer TelescopePeriod::PacketsOf(v1::Family family) const {
  Integer packets;
  for (const auto& [key, of_class] : classes) {
    if (key.second == family) packets += of_class;
  }
  return packets;
}

void AddDay(const v1::TelescopeDay& day, TelescopePeriod& sum) {
  if (const absl::StatusOr<absl::CivilDay> date = ParseDay(day.day()); date.ok()) {
    sum.expected_windows += DaysBetween(sum.last_day, *date) * sum.expected_of_last;
  }
  sum.last_day = day.day();
  sum.revisions += day.revision();
  sum.computed_unix_seconds = std::max<int64_t>(sum.computed_unix_seconds, day.computed_unix_seconds());
  sum.expected_of_last = day.expected_windows();
  sum.expected_windows += day.expected_windows();
  sum.windows += day.windows();
  sum.days += day.windows() > 0;
  sum.flags.insert(day.flags().begin(), day.flags().end());
  sum.packets_of_days[day.day()] = ToInteger(PacketsOf(day));
  for (const v1::SensorDay& sensor : day.sensors()) {
    Merge(sensor.soft_flags(), sum.soft_flags);
    MergeAddressSeconds(sensor, sum.sensors[sensor.sensor()]);
    for (const v1::ClassDay& of_class : sensor.classes()) {
      sum.classes[{of_class.darknet_class(), of_class.family()}] += ToInteger(of_class.packets());
    }
  }
  for (const v1::PortDay& port : day.ports()) {
    PortSum& of_port = sum.ports[{port.protocol(), port.port()}];
    of_port.packets += port.packets();
    if (IsJudged(day)) AddJudged(port, of_port);
  }
  AddRules(day, sum);
  AddWatched(day, sum.watched);
  if (IsJudged(day)) AddJudged(day, sum.judged);
  AddHosts(day, sum.hosts);
  sum.subscribers.reset();
  if (day.has_subscribers()) sum.subscribers = day.subscribers();
}

v1::Figure FrameOf(const TelescopePeriod& sum) {
  return Frame(sum, sum.windows, sum.flags, sum.is_of_one_rule() ? sum.rules : std::set<uint32_t>());
}

v1::Figure FrameOfJudged(const TelescopePeriod& sum) {
  v1::Figure frame = Frame(sum, sum.judged.windows, sum.judged.flags, sum.judged.rules);
  if (sum.judged.judgements.size() == 1) frame.set_darknet_judgement(*sum.judged.judgements.begin());
  return frame;
}

v1::Figure FrameOfHosts(const TelescopePeriod& sum) {
  return Frame(sum, sum.hosts.windows, sum.hosts.flags, sum.hosts.rules);
}

}  // namespace kansoku::aggregator
