// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/withheld_answers.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/time_steps.h"
#include "aggregator/figures/withheld.h"
#include "aggregator/serve/darknet_query.h"
#include "aggregator/serve/few_sources.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/hour_tables.h"
#include "aggregator/serve/prefix_secrecy.h"
#include "aggregator/serve/small_darknet.h"
#include "aggregator/serve/small_parts.h"
#include "aggregator/serve/traffic_query.h"
#include "aggregator/serve/withheld_ranks.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/ip_protocol.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::aggregator {
namespace {

// An hour that still fills would tell single windows, asked for again and again; and an answer and its
// judgement, which are read one after the other, would be of different reports.
constexpr absl::Duration kSettles = absl::Hours(1);
constexpr char kUnsettled[] =
    "its time ended less than an hour ago, or has not ended: until then one answer after another would tell "
    "single windows";

// Nothing: it is told.
std::optional<Withheld> WhyWithheld(const v1::TimeRange& range, bool is_small, uint32_t fewest,
                                    absl::Time now) {
  if (absl::FromUnixSeconds(range.end_unix_seconds()) > now - kSettles) {
    return Withheld(v1::WITHHELD_REASON_UNSETTLED, kUnsettled);
  }
  if (is_small) return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS, BecauseOfFew(fewest));
  return std::nullopt;
}

absl::Status NotNamed(absl::string_view field, uint32_t fewest) {
  return absl::PermissionDeniedError(absl::StrCat(
      field, ": what fewer than ", fewest,
      " ISPs contribute to is told to its owner alone, so single ones cannot be asked for; leave "
      "them out"));
}

absl::StatusOr<TimeSteps> WholeHours(const v1::TimeRange& range, uint32_t step_seconds, uint32_t fewest) {
  auto steps = ToTimeSteps(range, step_seconds);
  if (!steps.ok()) return steps;
  if (steps->start_unix_seconds % kHourSeconds == 0 && steps->end_unix_seconds % kHourSeconds == 0 &&
      steps->step_seconds % kHourSeconds == 0) {
    return steps;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("range: where what fewer than ", fewest,
                   " ISPs contribute to is withheld, edges and step are multiples of ", kHourSeconds, " s"));
}

void WithholdPackets(google::protobuf::RepeatedPtrField<v1::GapCount>& gaps) {
  for (v1::GapCount& gap : gaps) gap.clear_packets();
}

// A number for what a row of the darknet tells apart: the dimensions asked for, and the version of the rules.
uint64_t DarknetRowKey(const v1::GetDarknetRequest& request, uint32_t family, uint32_t darknet_class,
                       uint32_t protocol, uint32_t port, uint32_t rules) {
  constexpr int kProtocol = 16, kClass = 24, kFamily = 30, kRules = 32;
  static_assert(v1::DarknetClass_ARRAYSIZE <= 1 << (kFamily - kClass));
  static_assert(v1::Family_ARRAYSIZE <= 1 << (kRules - kFamily));
  uint64_t key = uint64_t{rules} << kRules;
  for (const int dimension : request.by()) {
    if (dimension == v1::DARKNET_DIMENSION_FAMILY) key |= uint64_t{family} << kFamily;
    if (dimension == v1::DARKNET_DIMENSION_CLASS) key |= uint64_t{darknet_class} << kClass;
    if (dimension == v1::DARKNET_DIMENSION_PROTOCOL) key |= uint64_t{protocol} << kProtocol;
    if (dimension == v1::DARKNET_DIMENSION_PORT) key |= port;
  }
  return key;
}

bool IsBy(v1::DarknetDimension dimension, const v1::GetDarknetRequest& request) {
  return std::find(request.by().begin(), request.by().end(), dimension) != request.by().end();
}

// By the start of their step.
using RowsByStep = std::set<std::pair<int64_t, uint64_t>>;

absl::StatusOr<RowsByStep> SmallTrafficRows(const StoreReader& store, const TimeSteps& steps, uint32_t fewest,
                                            uint32_t mask, TrafficClass only) {
  RowsByStep small;
  const auto row_of = [&](const TablePart& part) -> std::optional<uint64_t> {
    const TrafficClass traffic_class = TrafficClassOf(part);
    if (!traffic_class.Matches(only)) return std::nullopt;
    return traffic_class.Keep(mask).bits();
  };
  const absl::Status read = TrafficByHour(store, steps, fewest, [&](const HourTable& hour) {
    for (const uint64_t row : SmallRows(hour.parts, GroupSmallParts(hour.parts, fewest), row_of)) {
      small.emplace(steps.StepStart(hour.start_unix_seconds), row);
    }
  });
  if (!read.ok()) return read;
  return small;
}

// What may not be told because of few ISPs, and what because of few sources.
struct SmallDarknetRows {
  RowsByStep of_isps;
  RowsByStep of_sources;
};

absl::StatusOr<SmallDarknetRows> ReadSmallDarknetRows(const StoreReader& store, const TimeSteps& steps,
                                                      uint32_t fewest, const v1::GetDarknetRequest& request) {
  SmallDarknetRows small;
  const auto row_of = [&](const TablePart& part) -> std::optional<uint64_t> {
    return DarknetRowKey(request, part.key[0], part.key[1], part.key[2], part.key[3], part.key[4]);
  };
  const absl::Status read = DarknetByHour(store, steps, fewest, [&](const HourTable& hour) {
    const auto add = [&](uint64_t packets, RowsByStep& rows) {
      for (const uint64_t row : SmallRows(hour.parts, GroupSmallParts(hour.parts, fewest, packets), row_of)) {
        rows.emplace(steps.StepStart(hour.start_unix_seconds), row);
      }
    };
    add(0, small.of_isps);
    // So few packets are of fewer sources. Totals by class or protocol are told however few packets they
    // have: one rare packet of an hour would else take the totals of a year with it.
    if (IsBy(v1::DARKNET_DIMENSION_PORT, request)) {
      add(kFewestSources, small.of_sources);
    }
  });
  if (!read.ok()) return read;
  return small;
}

uint32_t MaskOf(const v1::GetTrafficRequest& request) {
  constexpr uint32_t kMasks[] = {0,
                                 TrafficClass::kGroup,
                                 TrafficClass::kAccess,
                                 TrafficClass::kTechnology,
                                 TrafficClass::kDirection,
                                 TrafficClass::kFamily,
                                 TrafficClass::kCarrier,
                                 TrafficClass::kTransport,
                                 0,
                                 0};
  uint32_t mask = 0;
  for (const int dimension : request.by()) mask |= kMasks[dimension];
  return mask;
}

// Packets alone decide who contributes, and who has packets has octets. Of all else fewer may have any: a
// flow counts under the class of its first packet, few links have tunnels, and few are sampled.
void KeepWhatPacketsTell(v1::TrafficRow& row) {
  v1::Cell told;
  *told.mutable_traffic_class() = row.cell().traffic_class();
  told.set_packets(row.cell().packets());
  told.set_wire_octets(row.cell().wire_octets());
  told.set_ip_octets(row.cell().ip_octets());
  *row.mutable_cell() = std::move(told);
  row.clear_tcp_new_flows();
  row.clear_tcp_flows_ended();
  row.clear_tcp_flows_one_sided();
}

void Withhold(const Withheld& why, v1::TrafficRow& row) {
  const v1::TrafficClass traffic_class = row.cell().traffic_class();
  row.clear_cell();
  *row.mutable_cell()->mutable_traffic_class() = traffic_class;
  row.clear_tcp_new_flows();
  row.clear_tcp_flows_ended();
  row.clear_tcp_flows_one_sided();
  row.set_withheld_because(why.because);
}

void Withhold(const Withheld& why, v1::DarknetRow& row) {
  row.mutable_cell()->clear_packets();
  row.mutable_cell()->clear_wire_octets();
  row.mutable_cell()->clear_ip_octets();
  row.clear_address_seconds();
  row.set_withheld_because(why.because);
}

// What labels of a traffic figure say.
using TrafficLabels = std::tuple<std::string, std::string, std::string>;

absl::StatusOr<std::set<TrafficLabels>> SmallTrafficLabels(const StoreReader& store, const TimeSteps& period,
                                                           uint32_t fewest) {
  std::set<TrafficLabels> labels;
  constexpr uint32_t kMask = TrafficClass::kGroup | TrafficClass::kAccess | TrafficClass::kDirection;
  const auto row_of = [](const TablePart& part) -> std::optional<uint64_t> {
    return TrafficClassOf(part).Keep(kMask).bits();
  };
  const absl::Status read = TrafficByHour(store, period, fewest, [&](const HourTable& hour) {
    const auto small = SmallRows(hour.parts, GroupSmallParts(hour.parts, fewest), row_of);
    for (const TablePart& part : hour.parts) {
      const v1::TrafficClass key = TrafficClassOf(part).ToMessage();
      if (!small.contains(TrafficClass(key).Keep(kMask).bits())) continue;
      labels.emplace(EnumLabel(key.group()), EnumLabel(key.access()), EnumLabel(key.direction()));
    }
  });
  if (!read.ok()) return read;
  return labels;
}

}  // namespace

absl::StatusOr<v1::GetTrafficResponse> ReadTraffic(const StoreReader& store,
                                                   const v1::GetTrafficRequest& request, uint32_t fewest,
                                                   absl::Time now) {
  if (fewest <= 1) return ReadTraffic(store, request);
  if (!request.points().empty()) return NotNamed("points", fewest);
  const auto steps = WholeHours(request.range(), request.step_seconds(), fewest);
  if (!steps.ok()) return steps.status();
  auto response = ReadTraffic(store, request);
  if (!response.ok()) return response;
  const auto small = SmallTrafficRows(store, *steps, fewest, MaskOf(request), TrafficClass(request.only()));
  if (!small.ok()) return small.status();
  for (v1::TrafficRow& row : *response->mutable_rows()) {
    WithholdPackets(*row.mutable_gaps());
    // One point, and one ISP, are fewer.
    const bool is_of_one = !row.isp().empty() || !row.point().empty();
    const std::pair<int64_t, uint64_t> key(row.range().start_unix_seconds(),
                                           TrafficClass(row.cell().traffic_class()).bits());
    const auto why = WhyWithheld(row.range(), is_of_one || small->contains(key), fewest, now);
    if (why.has_value()) {
      Withhold(*why, row);
    } else {
      KeepWhatPacketsTell(row);
    }
  }
  return response;
}

absl::StatusOr<v1::GetDarknetResponse> ReadDarknet(const StoreReader& store,
                                                   const v1::GetDarknetRequest& request, uint32_t fewest,
                                                   absl::Time now) {
  if (fewest <= 1) return ReadDarknet(store, request);
  if (!request.sensors().empty()) return NotNamed("sensors", fewest);
  const auto steps = WholeHours(request.range(), request.step_seconds(), fewest);
  if (!steps.ok()) return steps.status();
  v1::GetDarknetRequest whole = request;
  whole.clear_top();
  auto response = ReadDarknet(store, whole);
  if (!response.ok()) return response;
  const auto small = ReadSmallDarknetRows(store, *steps, fewest, request);
  if (!small.ok()) return small.status();
  v1::GetDarknetResponse told;
  std::map<int64_t, uint32_t> rows_of;
  std::vector<v1::DarknetRow> withheld;
  const auto tell = [&](v1::DarknetRow& row) {
    if (request.top() != 0 && rows_of[row.range().start_unix_seconds()]++ >= request.top()) return;
    *told.add_rows() = std::move(row);
  };
  for (v1::DarknetRow& row : *response->mutable_rows()) {
    const v1::DarknetCell& cell = row.cell();
    const uint64_t key = DarknetRowKey(request, static_cast<uint32_t>(cell.family()),
                                       static_cast<uint32_t>(cell.darknet_class()), cell.protocol(),
                                       cell.destination_port(), row.rules());
    const std::pair<int64_t, uint64_t> step_row(row.range().start_unix_seconds(), key);
    // Whose addresses are watched is not known where nobody's had a packet.
    const bool is_small = !row.sensor().empty() || cell.packets() == 0 || small->of_isps.contains(step_row);
    const bool is_of_few = small->of_sources.contains(step_row) ||
                           (IsBy(v1::DARKNET_DIMENSION_PORT, request) && cell.packets() < kFewestSources);
    auto why = WhyWithheld(row.range(), is_small, fewest, now);
    if (!why.has_value() && is_of_few) why = BecauseOfFewSources();
    if (why.has_value()) {
      Withhold(*why, row);
      withheld.push_back(std::move(row));
    } else {
      tell(row);
    }
  }
  const auto place = [](const v1::DarknetRow& row) {
    return std::tuple(row.range().start_unix_seconds(), row.sensor(), row.cell().darknet_class(),
                      row.cell().family(), row.cell().protocol(), row.cell().destination_port(), row.rules());
  };
  std::sort(withheld.begin(), withheld.end(),
            [&](const v1::DarknetRow& a, const v1::DarknetRow& b) { return place(a) < place(b); });
  for (v1::DarknetRow& row : withheld) tell(row);
  std::stable_sort(told.mutable_rows()->begin(), told.mutable_rows()->end(),
                   [](const v1::DarknetRow& a, const v1::DarknetRow& b) {
                     return a.range().start_unix_seconds() < b.range().start_unix_seconds();
                   });
  return told;
}

absl::StatusOr<v1::GetFiguresResponse> ReadFigures(const StoreReader& store,
                                                   const v1::GetFiguresRequest& request, uint32_t fewest,
                                                   absl::Time now) {
  if (fewest <= 1) {
    auto all = ReadFigures(store, request);
    if (all.ok()) LeaveOutPrefixes(*all->mutable_figures());
    return all;
  }
  const auto period = WholeHours(request.range(), 0, fewest);
  if (!period.ok()) return period.status();
  auto response = ReadFigures(store, request);
  if (!response.ok()) return response;
  LeaveOutPrefixes(*response->mutable_figures());
  const auto small = SmallTrafficLabels(store, *period, fewest);
  if (!small.ok()) return small.status();
  SmallDarknet small_darknet;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint64_t> ports;  // packets, by protocol and port
  const absl::Status read = DarknetByHour(store, *period, fewest, [&](const HourTable& hour) {
    AddSmallDarknet(hour.parts, fewest, small_darknet);
    for (const TablePart& part : hour.parts) {  // shares are of IPv4
      if (part.key[0] == v1::FAMILY_IPV4) ports[{part.key[2], part.key[3]}] += part.packets;
    }
  });
  if (!read.ok()) return read;
  SmallDarknet of_few;
  for (const auto& [port, packets] : ports) {
    if (packets < kFewestSources) of_few.ports[IpProtocolLabel(port.first)].set(port.second);
  }
  // The rank of a port says between which others it is: all are told, or none.
  const auto is_any_port_in = [&](const SmallDarknet& small_ports) {
    return std::any_of(response->figures().begin(), response->figures().end(), [&](const v1::Figure& figure) {
      return figure.id() == figures::kDarknetPortShare.id && IsOfSmallPort(small_ports, figure);
    });
  };
  const bool is_port_share_small = is_any_port_in(small_darknet);
  const bool is_port_share_of_few = is_any_port_in(of_few);
  for (v1::Figure& figure : *response->mutable_figures()) {
    WithholdPackets(*figure.mutable_gaps());
    if (figure.value().empty()) continue;
    bool is_small = false;
    if (figure.id() == figures::kDarknetPortShare.id) {
      is_small = is_port_share_small;
    } else if (!LabelOf(figure, "class").empty()) {
      is_small = small_darknet.classes.contains(
          {LabelOf(figure, "family"), LabelOf(figure, "class"), LabelOf(figure, "protocol")});
    } else if (figure.id().starts_with("darknet_")) {
      // Those without a family are of IPv4.
      is_small =
          !LabelOf(figure, "sensor").empty() || small_darknet.families.contains(LabelOf(figure, "family"));
    } else {
      is_small = small->contains(
          {LabelOf(figure, "group"), LabelOf(figure, "access"), LabelOf(figure, "direction")});
    }
    figure.clear_standard_error();  // of those who are sampled
    auto why = WhyWithheld(figure.period(), is_small, fewest, now);
    const bool is_of_few =
        figure.id() == figures::kDarknetPortShare.id ? is_port_share_of_few : AreHostsFew(figure);
    if (!why.has_value() && is_of_few) why = BecauseOfFewSources();
    if (why.has_value()) Withhold(*why, figure);
  }
  v1::GetFiguresResponse told;
  auto& figures = *response->mutable_figures();
  for (v1::Figure& figure :
       CloseRanks({std::make_move_iterator(figures.begin()), std::make_move_iterator(figures.end())})) {
    *told.add_figures() = std::move(figure);
  }
  return told;
}

void WithholdCounts(uint32_t fewest, v1::GetLedgerResponse& response) {
  if (fewest <= 1) return;
  for (v1::CollectorLedger& collector : *response.mutable_collectors()) {
    for (v1::PointLedger& point : *collector.mutable_points()) {
      point.clear_ledger();
      point.clear_cell_packets();
      point.clear_darknet_packets();
      point.clear_refused_packets();
      WithholdPackets(*point.mutable_gaps());
      for (v1::Identity& identity : *point.mutable_identities()) {
        identity.clear_left();
        identity.clear_right();
        identity.clear_slack();
      }
      point.set_withheld_because(BecauseOfFew(fewest));
    }
  }
}

void WithholdContent(uint32_t fewest, v1::QuarantinedReport& report) {
  if (fewest <= 1) return LeaveOutPrefixes(report);
  report.clear_report();
  report.clear_text();
  report.clear_octets();
}

absl::Status MayReadFlowRecords(uint32_t fewest) {
  if (fewest <= 1) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat("flow records are of single points, and what fewer than ",
                                                  fewest, " ISPs contribute to is told to its owner alone"));
}

}  // namespace kansoku::aggregator
