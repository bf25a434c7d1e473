// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/judge_collectors.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/ctl/quantity.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// A collector sends every window; nothing for so long means that its windows do not close.
constexpr absl::Duration kSilent = absl::Minutes(5);
// Behind by more than a few windows.
constexpr uint64_t kMuchWaitingSeconds = 60;
// Of captured packets refused: ARP and its like are far fewer.
constexpr uint64_t kFewRefused = 100;
// A window that is further ahead goes to quarantine by default, as does what a collector that is further
// behind sends (docs/operator.md, Quarantine).
constexpr absl::Duration kTooFarAhead = absl::Seconds(60), kTooFarBehind = absl::Minutes(30);
constexpr absl::Duration kGoodClock = absl::Seconds(1);

std::string Violated(const std::string& whose, const v1::Identity& identity) {
  const std::string which = absl::StrCat(whose, ": ", identity.name(), " is violated");
  if (identity.left() == identity.right()) return which;  // a regulator is not told the sides
  return absl::StrCat(which, ": ", identity.left(), " is not ", identity.right());
}

std::string Counted(uint64_t number, const char* of_one, const char* of_many) {
  return absl::StrCat(Grouped(number), " ", number == 1 ? of_one : of_many);
}

void FindFlags(const v1::TrafficRow& row, std::vector<Finding>& findings) {
  struct Flagged {
    v1::QualityFlag flag;
    Verdict verdict;
    const char* seen;
    const char* remedy;
  };
  static constexpr Flagged kFlagged[] = {
      {v1::QUALITY_FLAG_INTERFACE_DOWN, Verdict::kBroken, "'s interface is down or gone",
       "bring the interface up; kansoku-collector's log says which"},
      {v1::QUALITY_FLAG_OFFLOADED, Verdict::kBroken, "'s interface moves packets past the capture",
       "switch off what forwards in hardware (hw-tc-offload, flow offload), or measure at a tap"},
      {v1::QUALITY_FLAG_DROPS, Verdict::kLook, " lost packets in the last minutes",
       "give the capture a larger ring, more workers or a processor of its own"},
      {v1::QUALITY_FLAG_MERGED_PACKETS, Verdict::kLook, " counts too few packets: an offload merged them",
       "capture.method: packet_ring, or ethtool -K INTERFACE gro off lro off"},
      {v1::QUALITY_FLAG_ONE_SIDED, Verdict::kLook, " sees most TCP flows in one direction only",
       "capture both directions of the link at this point"},
      {v1::QUALITY_FLAG_FLOW_TABLE_FULL, Verdict::kLook,
       " has a full flow table: flow counts are upper bounds", "raise flow_table.entries"},
      {v1::QUALITY_FLAG_MERGING_INTERFACE, Verdict::kLook, "'s interface may merge packets",
       "capture.method: packet_ring, and ethtool -K INTERFACE lro off"},
      {v1::QUALITY_FLAG_BYPASS_POSSIBLE, Verdict::kLook, "'s interface may forward past the capture",
       "switch off flow offload, or measure at a tap"},
      {v1::QUALITY_FLAG_LITTLE_HEADROOM, Verdict::kLook, " has little headroom for its interface's speed",
       "give the capture a larger ring or more processors"},
      {v1::QUALITY_FLAG_CLOCK_UNSYNCHRONISED, Verdict::kLook, "'s clock is kept right by nothing",
       "install chrony on the collector's machine"},
  };
  for (const Flagged& it : kFlagged) {
    if (std::find(row.flags().begin(), row.flags().end(), it.flag) == row.flags().end()) continue;
    findings.push_back({it.verdict, absl::StrCat(row.point(), it.seen), it.remedy});
  }
}

void FindRefusals(const v1::PointLedger& point, std::vector<Finding>& findings) {
  const v1::Ledger& ledger = point.ledger();
  if (point.refused_packets() <= ledger.captured_packets() / kFewRefused) return;
  findings.push_back({Verdict::kLook,
                      absl::StrCat(point.point(), " refused ", Grouped(point.refused_packets()), " of ",
                                   Counted(ledger.captured_packets(), "packet", "packets"), ": ",
                                   absl::StrJoin(ledger.refused(), ", ",
                                                 [](std::string* out, const v1::Refused& refused) {
                                                   absl::StrAppend(out, EnumLabel(refused.reason()), " ",
                                                                   Grouped(refused.packets()));
                                                 })),
                      "is this the right link, and does its configuration name the tunnels that cross it?"});
}

absl::Duration OffsetOf(const v1::CollectorLedger& collector) {
  return absl::Microseconds(collector.clock_offset_microseconds());
}

std::string OffsetText(absl::Duration offset) {
  const absl::Duration size = absl::Trunc(absl::AbsDuration(offset), absl::Milliseconds(1));
  return absl::StrCat(absl::FormatDuration(size), offset < absl::ZeroDuration() ? " behind" : " ahead");
}

}  // namespace

Stage JudgeCollectors(const v1::GetLedgerResponse& ledger, absl::Time now) {
  std::vector<Finding> findings;
  int connected = 0;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    const absl::Time heard = absl::FromUnixSeconds(collector.last_heard_unix_seconds());
    const std::string heard_text = absl::StrCat("last heard ", Ago(heard, now));
    connected += collector.connected() ? 1 : 0;
    if (!collector.connected()) {
      findings.push_back(
          {now - heard > kTakenAway ? Verdict::kLook : Verdict::kBroken,
           absl::StrCat(collector.collector(), " is not connected, ", heard_text),
           "start it (systemctl status kansoku-collector) and read its log; a refused Hello or "
           "certificate is in the aggregator's log"});
    } else if (now - heard > kSilent) {
      findings.push_back({Verdict::kBroken,
                          absl::StrCat(collector.collector(), " is connected and silent, ", heard_text),
                          "read its log; restart it if it says nothing"});
    }
  }
  if (ledger.collectors().empty()) {
    findings.push_back({Verdict::kBroken, "no collector ever came",
                        "start one; its `aggregator.address` must lead here, and the registry must name it"});
  }
  return StageOf("collectors", absl::StrCat(connected, " of ", ledger.collectors_size(), " connected"),
                 findings);
}

Stage JudgeCapture(const v1::GetLedgerResponse& ledger,
                   const absl::StatusOr<v1::GetTrafficResponse>& latest) {
  std::vector<Finding> findings;
  uint64_t received = 0, captured = 0, dropped = 0;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    for (const v1::PointLedger& point : collector.points()) {
      for (const v1::Identity& identity : point.identities()) {
        if (identity.holds()) continue;
        findings.push_back({Verdict::kBroken, Violated(point.point(), identity),
                            absl::StrCat("packets are lost that nobody counts (", identity.statement(),
                                         "): kansokuctl ledger shows both sides")});
      }
      received += point.ledger().received_packets();
      captured += point.ledger().captured_packets();
      dropped += point.ledger().kernel_dropped_packets() + point.ledger().interface_dropped_packets();
      FindRefusals(point, findings);
    }
  }
  if (latest.ok()) {
    for (const v1::TrafficRow& row : latest->rows()) FindFlags(row, findings);
  }
  return StageOf("capture",
                 absl::StrCat(Counted(received, "packet", "packets"), " received, ", Grouped(captured),
                              " captured, ", Grouped(dropped), " dropped, in all"),
                 findings);
}

Stage JudgeDelivery(const v1::GetLedgerResponse& ledger, const v1::ListPointsResponse& points) {
  // Of the points of each collector. Windows divide an hour.
  std::map<std::string, uint64_t> windows_an_hour;
  for (const v1::Point& point : points.points()) {
    if (point.window_seconds() > 0) windows_an_hour[point.collector()] += 3600 / point.window_seconds();
  }
  std::vector<Finding> findings;
  uint64_t acknowledged = 0, waiting = 0;
  for (const v1::CollectorLedger& it : ledger.collectors()) {
    for (const v1::Identity& identity : it.identities()) {
      if (identity.holds()) continue;
      findings.push_back({Verdict::kBroken, Violated(it.collector(), identity),
                          "reports are lost that nobody counts: keep the spool's file, and report this"});
    }
    acknowledged += it.reports_acknowledged();
    waiting += it.reports_spooled();
    const uint64_t behind =
        it.reports_spooled() * 3600 / std::max<uint64_t>(windows_an_hour[it.collector()], 1);
    if (behind > kMuchWaitingSeconds) {
      findings.push_back(
          {Verdict::kLook,
           absl::StrCat(it.collector(), " has ", Counted(it.reports_spooled(), "report", "reports"),
                        " in its spool, ", absl::FormatDuration(absl::Seconds(behind)), " of windows"),
           "look again: it catches up after an outage; where it grows, the way to the aggregator "
           "or its disk is too slow"});
    }
    if (it.reports_evicted() > 0) {
      findings.push_back(
          {Verdict::kLook,
           absl::StrCat(it.collector(), " gave up ", Counted(it.reports_evicted(), "report", "reports"),
                        " for want of room"),
           "raise spool.max_bytes or spool.max_age_hours; what is lost is marked as missing"});
    }
    if (it.missing_reports() > 0) {
      findings.push_back({Verdict::kLook,
                          absl::StrCat(it.collector(), " cannot say what became of ",
                                       Counted(it.missing_reports(), "report", "reports")),
                          "its spool was lost or replaced: put it on a disk that lasts"});
    }
  }
  return StageOf("delivery",
                 absl::StrCat(Counted(acknowledged, "report", "reports"), " acknowledged, ", Grouped(waiting),
                              " in spools"),
                 findings);
}

Stage JudgeClock(const v1::GetLedgerResponse& ledger) {
  std::vector<Finding> findings;
  absl::Duration furthest = absl::ZeroDuration();
  int told = 0;
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    if (!collector.has_clock_offset_microseconds()) continue;
    ++told;
    const absl::Duration offset = OffsetOf(collector);
    if (absl::AbsDuration(offset) > absl::AbsDuration(furthest)) furthest = offset;
    if (absl::AbsDuration(offset) <= kGoodClock) continue;
    const bool quarantined = offset > kTooFarAhead || offset < -kTooFarBehind;
    findings.push_back({quarantined ? Verdict::kBroken : Verdict::kLook,
                        absl::StrCat(collector.collector(), "'s clock is ", OffsetText(offset),
                                     quarantined ? ": its windows go to quarantine" : ""),
                        "let NTP set the clocks of both machines (timedatectl)"});
  }
  if (told == 0) return Skipped("clock", "no collector told its time since the aggregator began");
  return StageOf("clock", absl::StrCat("the furthest is ", OffsetText(furthest)), findings);
}

}  // namespace kansoku::aggregator
