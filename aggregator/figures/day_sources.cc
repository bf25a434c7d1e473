// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/day_sources.h"

#include <algorithm>
#include <bit>
#include <map>
#include <string_view>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::aggregator {
namespace {

// Bits of Source.lists. The last one is of all lists that have none of their own.
constexpr size_t kMostLists = 64;
constexpr std::array<std::string_view, 5> kTools = {"mirai", "zmap", "masscan", "nmap", "unicornscan"};
constexpr size_t kMirai = 0, kFirstOfPairs = 3;
// DARKNET 2.3: so many SYNs with a mark, or pairs of them, and nine in ten. Of Mirai's, which has 32 bits,
// one is enough where three addresses were probed.
constexpr uint64_t kFewestMarks = 3;
constexpr int kFewestAddresses = 3;
// DARKNET 1, after Corsaro: a flood's answers end where none comes for so long.
constexpr int64_t kFloodTimeoutSeconds = 300, kFloodSeconds = 60, kPeakSeconds = 60;
constexpr uint64_t kFloodPackets = 25, kPeakPackets = 30;

uint32_t PortKey(uint32_t protocol, uint32_t port) { return protocol << 16 | port; }
bool IsPortZero(uint32_t key) { return (key & 0xffff) == 0; }

v1::SurveyList FurtherLists() {
  v1::SurveyList list;
  list.set_name("further lists");
  return list;
}

// Of each family of which scanners are told from others, be it of scanners alone: their sketch is empty then,
// and says that there was no other.
class NonSurveySketches {
 public:
  void Add(uint64_t id, v1::Family family, bool is_survey) {
    SourceSketch& sketch = families_[family];
    if (!is_survey) sketch.Add(id);
  }

  void WriteTo(v1::SourcesDay& day) const {
    if (families_.contains(v1::FAMILY_UNSPECIFIED)) return;
    for (const auto& [family, sketch] : families_) {
      v1::SourceSketch& message = *day.add_non_survey_sketches();
      message.set_family(family);
      sketch.WriteTo(message);
    }
  }

 private:
  std::map<v1::Family, SourceSketch> families_;
};

}  // namespace

// What the judgement adds up for each port.
struct DaySources::Totals {
  absl::flat_hash_map<uint32_t, v1::PortDay*> ports;

  void Add(const Source& source, bool is_survey, bool is_listed, v1::SourcesDay& day) {
    uint64_t portless = source.further;
    for (const PortCount& count : source.ports) {
      const auto port = ports.find(count.port);
      if (port == ports.end()) {
        // Port 0 has a packet as any other, and is none of the ports that are told.
        if (!IsPortZero(count.port)) portless += count.packets;
        continue;
      }
      v1::PortDay& of_port = *port->second;
      of_port.set_probe_hosts(of_port.probe_hosts() + 1);
      if (is_survey) {
        of_port.set_survey_packets(of_port.survey_packets() + count.packets);
        of_port.set_survey_hosts(of_port.survey_hosts() + 1);
      }
      if (is_listed) of_port.set_listed_packets(of_port.listed_packets() + count.packets);
    }
    if (is_survey) day.set_portless_packets(day.portless_packets() + portless);
    if (is_listed) day.set_listed_portless_packets(day.listed_portless_packets() + portless);
  }
};

DaySources::DaySources(size_t most_sources) : most_sources_(std::max<size_t>(most_sources, 1)) {}

absl::Status DaySources::CheckSame(const v1::DarknetSources& sources) {
  if (empty()) {
    source_key_ = sources.source_key();
    rules_ = sources.rules();
  }
  if (sources.source_key() != source_key_) {
    return absl::FailedPreconditionError(
        absl::StrCat("sensor ", sources.sensor(),
                     ": its sources were hashed with another key than others of the same day; give all "
                     "collectors the same one"));
  }
  if (sources.rules() != rules_) {
    return absl::FailedPreconditionError(absl::StrCat(
        "sensor ", sources.sensor(), ": rules ", sources.rules(), " and ", rules_,
        " meet in one day; what they judge does not add up; run the same version on all collectors"));
  }
  return absl::OkStatus();
}

// The bits of one message's lists as those of the day.
std::vector<uint64_t> DaySources::PlacesOf(const v1::DarknetSources& sources) {
  std::vector<uint64_t> places;
  for (const v1::SurveyList& list : sources.lists()) {
    const auto known = std::find_if(lists_.begin(), lists_.end(), [&list](const v1::SurveyList& other) {
      return other.name() == list.name() && other.version() == list.version();
    });
    const auto at = std::min(static_cast<size_t>(known - lists_.begin()), kMostLists - 1);
    if (at == lists_.size()) lists_.push_back(at < kMostLists - 1 ? list : FurtherLists());
    places.push_back(uint64_t{1} << at);
  }
  return places;
}

absl::Status DaySources::Add(int64_t window_start_unix_seconds, uint32_t window_seconds,
                             const v1::DarknetSources& sources) {
  if (window_start_unix_seconds < last_window_start_) {
    return absl::InvalidArgumentError(
        absl::StrCat("sensor ", sources.sensor(), ": a window of its sources begins at ",
                     window_start_unix_seconds, ", and one that begins at ", last_window_start_,
                     " came before; add windows in the order in which they begin"));
  }
  if (absl::Status same = CheckSame(sources); !same.ok()) return same;
  last_window_start_ = window_start_unix_seconds;
  const std::vector<uint64_t> places = PlacesOf(sources);
  unjudged_packets_ += sources.further_packets();
  most_unjudged_of_one_ += sources.most_of_one();
  for (const v1::DarknetSource& source : sources.sources()) {
    uint64_t lists = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      if ((source.lists() >> i & 1) != 0) lists |= places[i];
    }
    AddSource(window_start_unix_seconds, window_seconds, lists, source);
  }
  if (sources_.size() > most_sources_) ForgetTheSmallest();
  return absl::OkStatus();
}

void DaySources::AddSource(int64_t window_start, uint32_t window_seconds, uint64_t lists,
                           const v1::DarknetSource& from) {
  Source& into = sources_[from.id()];
  into.probes += from.probe_packets();
  into.further += from.further_packets();
  into.backscatter += from.backscatter_packets();
  into.other += from.other_packets();
  into.syns += from.tcp_syns();
  const v1::ScanMarks& marks = from.marks();
  // Without pairs nobody knows of how many these marks are: a collector of before they were counted.
  const bool tells_pairs = marks.pairs() > 0;
  into.pairs += marks.pairs();
  const std::array<uint64_t, kTools.size()> counts = {marks.mirai(), marks.zmap(), marks.masscan(),
                                                      tells_pairs ? marks.nmap() : 0,
                                                      tells_pairs ? marks.unicornscan() : 0};
  for (size_t i = 0; i < counts.size(); ++i) into.marks[i] += counts[i];
  into.addresses |= from.addresses();
  into.lists |= lists;
  into.family = std::max(into.family, from.family());
  if (const uint64_t packets = from.backscatter_packets(); packets > 0) {
    const uint64_t spread_seconds = std::max<uint64_t>(window_seconds, kPeakSeconds);
    AddAnswers({window_start, packets * kPeakSeconds / spread_seconds}, packets, into);
  }

  // Both are sorted by port. New ones are appended and moved to their place once.
  const size_t known = into.ports.size();
  size_t at = 0;
  for (const v1::PortPackets& port : from.ports()) {
    const uint32_t key = PortKey(port.protocol(), port.port());
    while (at < known && into.ports[at].port < key) ++at;
    if (at < known && into.ports[at].port == key) {
      into.ports[at].packets += port.packets();
    } else {
      into.ports.push_back({key, port.packets()});
    }
  }
  std::inplace_merge(into.ports.begin(), into.ports.begin() + static_cast<std::ptrdiff_t>(known),
                     into.ports.end(),
                     [](const PortCount& a, const PortCount& b) { return a.port < b.port; });
}

// Half of them, so that it is not due again at once: the "frequent items" of Misra and Gries (1982), with the
// packets that are denied to a source counted as a bound.
void DaySources::ForgetTheSmallest() {
  std::vector<uint64_t> packets;
  packets.reserve(sources_.size());
  for (const auto& [id, source] : sources_) packets.push_back(source.packets());
  const auto median = packets.begin() + static_cast<std::ptrdiff_t>(packets.size() / 2);
  std::nth_element(packets.begin(), median, packets.end());
  const uint64_t most = *median;
  absl::erase_if(sources_, [&](const auto& entry) {
    const uint64_t of_source = entry.second.packets();
    if (of_source > most) return false;
    unjudged_packets_ += of_source;
    return true;
  });
  most_unjudged_of_one_ += most;
}

bool DaySources::UsesTool(const Source& source, size_t tool) {
  const uint64_t marks = source.marks[tool];
  if (tool == kMirai && marks > 0 && std::popcount(source.addresses) >= kFewestAddresses) return true;
  const uint64_t markable = tool < kFirstOfPairs ? source.syns : source.pairs;
  return marks >= kFewestMarks && marks * 10 >= markable * 9;
}

// A flood's answers are known to be those of one as soon as they are enough: later ones only add to them.
void DaySources::AddAnswers(const Answers& answers, uint64_t packets, Source& source) {
  if (source.is_victim) return;
  if (source.flood == nullptr) source.flood = std::make_unique<Flood>();
  std::vector<Answers>& minute = source.flood->last_minute;
  const bool is_another =
      minute.empty() || answers.window_start - minute.back().window_start > kFloodTimeoutSeconds;
  if (is_another) *source.flood = {.first_window = answers.window_start};
  Flood& flood = *source.flood;
  flood.packets += packets;
  flood.in_last_minute += answers.in_a_minute;
  if (!minute.empty() && minute.back().window_start == answers.window_start) {
    minute.back().in_a_minute += answers.in_a_minute;
  } else {
    minute.push_back(answers);
  }
  const auto in_time = std::find_if(minute.begin(), minute.end(), [&](const Answers& earlier) {
    return answers.window_start - earlier.window_start < kPeakSeconds;
  });
  for (auto earlier = minute.begin(); earlier != in_time; ++earlier) {
    flood.in_last_minute -= earlier->in_a_minute;
  }
  minute.erase(minute.begin(), in_time);
  flood.had_peak |= flood.in_last_minute >= kPeakPackets;
  source.is_victim = flood.had_peak && flood.packets >= kFloodPackets &&
                     answers.window_start - flood.first_window >= kFloodSeconds;
  if (source.is_victim) source.flood.reset();
}

void DaySources::Judge(const SurveyThresholds& thresholds, v1::SourcesDay& day,
                       google::protobuf::RepeatedPtrField<v1::PortDay>& ports) const {
  day.set_source_key(source_key_);
  day.set_rules(rules_);
  day.set_judgement(kJudgement);
  day.set_survey_packets_at_least(std::max<uint64_t>(thresholds.packets, 1));
  day.set_survey_ports_at_least(thresholds.ports);
  day.set_unjudged_packets(unjudged_packets_);
  day.set_most_unjudged_of_one(most_unjudged_of_one_);
  for (const v1::SurveyList& list : lists_) *day.add_listed()->mutable_list() = list;
  for (const std::string_view tool : kTools) day.add_tools()->set_tool(std::string(tool));

  NonSurveySketches non_survey;
  Totals totals;
  for (v1::PortDay& port : ports) totals.ports[PortKey(port.protocol(), port.port())] = &port;
  for (const auto& [id, source] : sources_) {
    const uint64_t packets = source.packets();
    day.set_judged_packets(day.judged_packets() + packets);
    if (source.backscatter > 0) day.set_backscatter_sources(day.backscatter_sources() + 1);
    if (source.is_victim) {
      day.set_victims(day.victims() + 1);
      day.set_victim_packets(day.victim_packets() + source.backscatter);
    }
    // The threshold of packets is of IPv4 addresses, and so is what is told beside it (METRICS 5.1, 5.7).
    if (source.family == v1::FAMILY_IPV6) {
      day.set_ipv6_packets(day.ipv6_packets() + packets);
      continue;
    }
    const bool has_enough = source.probes >= day.survey_packets_at_least();
    const bool is_survey = has_enough && source.ports.size() >= thresholds.ports;
    // Each probe whose port found no room may have been to another one.
    if (has_enough && !is_survey && source.ports.size() + source.further >= thresholds.ports) {
      day.set_undecided_sources(day.undecided_sources() + 1);
      day.set_undecided_packets(day.undecided_packets() + packets);
    }
    non_survey.Add(id, source.family, is_survey);
    if (is_survey) {
      day.set_survey_sources(day.survey_sources() + 1);
      day.set_survey_packets(day.survey_packets() + packets);
    }
    if (source.lists != 0) {
      day.set_listed_sources(day.listed_sources() + 1);
      day.set_listed_packets(day.listed_packets() + packets);
    }
    for (size_t i = 0; i < lists_.size(); ++i) {
      if ((source.lists >> i & 1) == 0) continue;
      v1::ListedDay& listed = *day.mutable_listed(static_cast<int>(i));
      listed.set_sources(listed.sources() + 1);
      listed.set_packets(listed.packets() + packets);
    }
    for (size_t tool = 0; tool < kTools.size(); ++tool) {
      if (!UsesTool(source, tool)) continue;
      v1::ToolDay& of_tool = *day.mutable_tools(static_cast<int>(tool));
      of_tool.set_sources(of_tool.sources() + 1);
      of_tool.set_packets(of_tool.packets() + packets);
    }
    totals.Add(source, is_survey, source.lists != 0, day);
  }
  non_survey.WriteTo(day);
  std::sort(day.mutable_listed()->pointer_begin(), day.mutable_listed()->pointer_end(),
            [](const v1::ListedDay* a, const v1::ListedDay* b) {
              return std::tuple(a->list().name(), a->list().version()) <
                     std::tuple(b->list().name(), b->list().version());
            });
  std::sort(day.mutable_tools()->pointer_begin(), day.mutable_tools()->pointer_end(),
            [](const v1::ToolDay* a, const v1::ToolDay* b) { return a->tool() < b->tool(); });
}

}  // namespace kansoku::aggregator
