// SPDX-License-Identifier: Apache-2.0
//
// What single sources of dark packets did on one day, over all sensors: gathered window by window, judged
// once the day is over. Survey scans (METRICS 5.7), marks of tools, backscatter and victims of floods
// (DARKNET 1 and 2.3). Survey scans, ports, lists and tools are of IPv4 sources alone, and of those whose
// family was not said; answers and victims are of both families (METRICS 5.1).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// Of SourcesDay.judgement. Raise it whenever the same sources would be judged otherwise: by what counts for a
// survey scanner, a tool or a victim, or by which sources and ports are told of.
inline constexpr uint32_t kJudgement = 1;

// METRICS 5.7. NICT's 300,000 packets at some 300,000 addresses are one for each.
struct SurveyThresholds {
  uint64_t packets = 1;  // TCP SYNs and UDP probes, at least: one for each monitored address, and never none
  uint32_t ports = 30;   // pairs of protocol and destination port, at least
};

// One thread. Memory: some 150 octets for each source, 16 for each of its ports, and while answers come from
// it some 60 and 16 for each time within a minute at which windows of them begin: of windows of ten seconds
// six, at most 60.
class DaySources {
 public:
  // Beyond so many sources those with the fewest packets are forgotten, and what they had sent is counted.
  explicit DaySources(size_t most_sources);

  // One sensor's sources in one window: windows in the order in which they begin, as the store has them, each
  // window and sensor of a point once. When within it a victim answered is not known: in windows of more than
  // a minute no minute is sure to have more than its share.
  // INVALID_ARGUMENT: it begins before one that came before; nothing is added.
  // FAILED_PRECONDITION: their key or rules are not those of what came before; nothing is added. Lists and
  // versions of them beyond the 63rd are one list: "further lists".
  absl::Status Add(int64_t window_start_unix_seconds, uint32_t window_seconds,
                   const v1::DarknetSources& sources);

  // Judges every source. Fills `day` but for the sketches of all packets and untold ones, and of `ports`,
  // which is sorted by protocol and port, what is told of sources.
  void Judge(const SurveyThresholds& thresholds, v1::SourcesDay& day,
             google::protobuf::RepeatedPtrField<v1::PortDay>& ports) const;

  bool empty() const { return rules_ == 0 && source_key_ == 0; }

 private:
  struct PortCount {
    uint32_t port = 0;  // with its protocol in the upper half
    uint64_t packets = 0;
  };
  // Backscatter packets of the windows that begin at one time, so many of them in some minute at least.
  struct Answers {
    int64_t window_start = 0;
    uint64_t in_a_minute = 0;
  };
  // The answers that no pause has ended yet.
  struct Flood {
    int64_t first_window = 0;
    uint64_t packets = 0;
    std::vector<Answers> last_minute;  // by time, from windows that begin at different times
    uint64_t in_last_minute = 0;       // of these, together
    bool had_peak = false;
  };
  struct Source {
    uint64_t probes = 0, further = 0, backscatter = 0, other = 0, syns = 0, pairs = 0;
    std::array<uint64_t, 5> marks{};  // mirai, zmap, masscan, nmap, unicornscan
    uint64_t addresses = 0;           // the bits of DarknetSource.addresses
    uint64_t lists = 0;               // bit i: lists_[i]
    v1::Family family = v1::FAMILY_UNSPECIFIED;
    std::vector<PortCount> ports;  // by port
    std::unique_ptr<Flood> flood;  // of who answers, and is no victim yet
    bool is_victim = false;

    uint64_t packets() const { return probes + backscatter + other; }
  };
  struct Totals;

  absl::Status CheckSame(const v1::DarknetSources& sources);
  std::vector<uint64_t> PlacesOf(const v1::DarknetSources& sources);
  void AddSource(int64_t window_start, uint32_t window_seconds, uint64_t lists,
                 const v1::DarknetSource& from);
  void ForgetTheSmallest();
  static bool UsesTool(const Source& source, size_t tool);
  static void AddAnswers(const Answers& answers, uint64_t packets, Source& source);

  const size_t most_sources_;
  uint64_t source_key_ = 0;
  uint32_t rules_ = 0;
  int64_t last_window_start_ = 0;
  std::vector<v1::SurveyList> lists_;
  absl::flat_hash_map<uint64_t, Source> sources_;
  uint64_t unjudged_packets_ = 0;
  uint64_t most_unjudged_of_one_ = 0;
};

}  // namespace kansoku::aggregator
