// SPDX-License-Identifier: Apache-2.0
#include "collector/config.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collector/classify/survey_lists.h"
#include "collector/decode/tunnels.h"
#include "collector/subscriber_file.h"
#include "collector/whole_file.h"
#include "proto/contract/config_text.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/loopback.h"
#include "proto/contract/metrics_rules.h"
#include "proto/contract/report_limits.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kPageBytes = 4096;
constexpr uint32_t kLeastBlocks = 2;  // one to fill while the other is read
// What the kernel puts before each packet of a ring, and before the first of a block.
constexpr uint32_t kMostPacketOverheadBytes = 256;

absl::Status CheckLink(const v1::LinkConfig& link, const std::string& path, const ConfigPlaces& places) {
  if (link.interface().empty() == link.file().empty()) {
    return places.At(path, "give either `interface` (live capture) or `file` (a capture to read)");
  }
  if (link.has_side() && link.side().received() == v1::DIRECTION_UNSPECIFIED) {
    return places.At(absl::StrCat(path, ".side.received"), "say which direction received packets have");
  }
  return absl::OkStatus();
}

absl::Status CheckLinks(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  if (config.links().empty()) return places.At("links", "name at least one link");
  std::set<std::string_view> points;
  std::set<std::string_view> origins;
  for (int i = 0; i < config.links_size(); ++i) {
    const v1::LinkConfig& link = config.links(i);
    const std::string path = absl::StrCat("links[", i, "]");
    if (absl::Status status = CheckLink(link, path, places); !status.ok()) return status;
    if (!points.insert(link.point()).second) {
      return places.At(absl::StrCat(path, ".point"), absl::StrCat("\"", link.point(), "\" names two links"));
    }
    const std::string& origin = link.interface().empty() ? link.file() : link.interface();
    if (!origins.insert(origin).second) {
      return places.At(
          path, absl::StrCat("\"", origin, "\" is watched by another link already; each byte counts once"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCapture(const v1::CaptureConfig& capture, const ConfigPlaces& places) {
  if (capture.method() != v1::CAPTURE_METHOD_PACKET_RING) {
    if (capture.workers() <= 1) return absl::OkStatus();
    return places.At("capture.workers", "several workers need `method: packet_ring`");
  }
  if (capture.block_bytes() % kPageBytes != 0) {
    return places.At("capture.block_bytes",
                     absl::StrCat(capture.block_bytes(), " is not a multiple of ", kPageBytes));
  }
  if (capture.block_bytes() < capture.snap_length() + kMostPacketOverheadBytes) {
    return places.At(
        "capture.block_bytes",
        absl::StrCat("a block must hold a packet: at least snap_length + ", kMostPacketOverheadBytes));
  }
  const uint64_t least = uint64_t{kLeastBlocks} * capture.block_bytes() * capture.workers();
  if (capture.ring_bytes() >= least) return absl::OkStatus();
  return places.At("capture.ring_bytes",
                   absl::StrCat("must hold ", kLeastBlocks, " blocks for each worker: at least ", least));
}

absl::Status CheckSubscribers(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  for (int i = 0; i < config.subscribers_size(); ++i) {
    if (config.subscribers(i).access() != v1::ACCESS_NONE) continue;
    return places.At(absl::StrCat("subscribers[", i, "].access"), "say fixed or mobile");
  }
  return absl::OkStatus();
}

// Each opaque tunnel has an IP header outside, which then counts.
absl::Status CheckOpaque(const v1::TunnelConfig& tunnels, const ConfigPlaces& places) {
  for (int i = 0; i < tunnels.opaque_size(); ++i) {
    const v1::Carrier carrier = tunnels.opaque(i);
    if (carrier != v1::CARRIER_NATIVE && carrier != v1::CARRIER_PPPOE && carrier != v1::CARRIER_NAT64 &&
        carrier != v1::CARRIER_MAPT) {
      continue;
    }
    return places.At(absl::StrCat("tunnels.opaque[", i, "]"),
                     absl::StrCat(EnumLabel(carrier),
                                  " has no IP header outside that could count instead; "
                                  "leave it out"));
  }
  return absl::OkStatus();
}

// A datagram's port names one tunnel.
absl::Status CheckTunnelPorts(const v1::TunnelConfig& tunnels, const ConfigPlaces& places) {
  const TunnelPorts fixed;
  std::map<uint32_t, std::string> names = {{fixed.esp, "ESP, which is fixed"},
                                           {kVxlanGpePort, "VXLAN-GPE, which is fixed"},
                                           {fixed.mpls, "MPLS, which is fixed"}};
  for (const auto& [key, port] :
       {std::pair("gtpu_port", tunnels.gtpu_port()), std::pair("l2tp_port", tunnels.l2tp_port()),
        std::pair("vxlan_port", tunnels.vxlan_port()), std::pair("geneve_port", tunnels.geneve_port()),
        std::pair("teredo_port", tunnels.teredo_port()),
        std::pair("wireguard_port", tunnels.wireguard_port())}) {
    const auto [place, is_free] = names.emplace(port, key);
    if (is_free) continue;
    return places.At(absl::StrCat("tunnels.", key), absl::StrCat(port, " is the port of ", place->second,
                                                                 "; give each tunnel a port of its own"));
  }
  return absl::OkStatus();
}

absl::Status CheckFlowRecords(const v1::FlowRecordConfig& records, const ConfigPlaces& places) {
  if (!records.enabled()) return absl::OkStatus();
  if (records.plain_addresses() && !records.key_path().empty()) {
    return places.At("flow_records.plain_addresses",
                     "with a `key_path` addresses are permuted; give one of the two");
  }
  if (!records.plain_addresses() && records.key_path().empty()) {
    return places.At(
        "flow_records",
        "records need a `key_path`, by which addresses are permuted; only `plain_addresses: true` "
        "sends them as they are");
  }
  return absl::OkStatus();
}

// The times were parsed once already.
absl::Time TimeOr(const std::string& text, absl::Time otherwise) {
  absl::ParseTime(absl::RFC3339_full, text, &otherwise, nullptr);
  return otherwise;
}

absl::Status CheckSurveyLists(const v1::DarknetSourceConfig& sources, const ConfigPlaces& places) {
  std::set<std::string_view> names;
  for (int i = 0; i < sources.survey_lists_size(); ++i) {
    const v1::SurveyListConfig& list = sources.survey_lists(i);
    const std::string path = absl::StrCat("darknet_sources.survey_lists[", i, "]");
    if (names.size() == SurveyLists::kMost) {
      return places.At(path, absl::StrCat("a source is told by ", SurveyLists::kMost,
                                          " lists at most; join some of them"));
    }
    if (!names.insert(list.name()).second) {
      return places.At(absl::StrCat(path, ".name"), absl::StrCat("\"", list.name(),
                                                                 "\" names two lists; each needs a "
                                                                 "name of its own"));
    }
    if (TimeOr(list.valid_until(), absl::InfiniteFuture()) <=
        TimeOr(list.valid_from(), absl::InfinitePast())) {
      return places.At(absl::StrCat(path, ".valid_until"),
                       absl::StrCat("must be later than valid_from, ", list.valid_from()));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckMetrics(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  if (!config.metrics_listen().empty())
    return CheckMetricsProtection(config.metrics(), config.metrics_listen(), places);
  if (config.metrics().certificate_path().empty() && config.metrics().user().empty()) return absl::OkStatus();
  return places.At("metrics", "protects nothing: give metrics_listen, or leave it out");
}

absl::Status Check(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  if (!IsWindowLength(config.window_seconds())) {
    return places.At("window_seconds", absl::StrCat(config.window_seconds(), " does not divide 300"));
  }
  if (!config.aggregator().has_tls() && !IsLoopback(config.aggregator().address())) {
    return places.At("aggregator.address",
                     absl::StrCat("\"", config.aggregator().address(),
                                  "\": without `tls` plain text is spoken, so only 127.0.0.1, "
                                  "[::1] and localhost are allowed; give aggregator.tls"));
  }
  if (config.aggregator().max_batch_bytes() > config.aggregator().max_bytes_in_flight()) {
    return places.At("aggregator.max_batch_bytes", "must not be larger than max_bytes_in_flight");
  }
  if (absl::Status status = CheckCapture(config.capture(), places); !status.ok()) return status;
  if (absl::Status status = CheckSubscribers(config, places); !status.ok()) return status;
  if (absl::Status status = CheckOpaque(config.tunnels(), places); !status.ok()) return status;
  if (absl::Status status = CheckTunnelPorts(config.tunnels(), places); !status.ok()) return status;
  if (absl::Status status = CheckFlowRecords(config.flow_records(), places); !status.ok()) return status;
  if (absl::Status status = CheckSurveyLists(config.darknet_sources(), places); !status.ok()) return status;
  if (absl::Status status = CheckMetrics(config, places); !status.ok()) return status;
  return CheckLinks(config, places);
}

}  // namespace

absl::StatusOr<CheckedConfig> LoadConfig(const std::string& path) {
  const absl::StatusOr<std::string> yaml = ReadWholeFile(path, "--config");
  if (!yaml.ok()) return yaml.status();
  return CompileConfig(*yaml, path);
}

absl::StatusOr<CheckedConfig> CompileConfig(std::string_view yaml, std::string_view file) {
  CheckedConfig checked;
  absl::StatusOr<ConfigPlaces> places = ParseConfig(yaml, file, checked.config);
  if (!places.ok()) return places.status();
  if (absl::Status status = Check(checked.config, *places); !status.ok()) return status;
  std::vector<SubscriberRange> listed;
  for (const std::string& listing : checked.config.subscriber_files()) {
    if (absl::Status status = ReadSubscriberFile(listing, listed); !status.ok()) return status;
  }
  auto plan = AddressPlan::Compile(checked.config, *places, listed);
  if (!plan.ok()) return plan.status();
  if (const absl::Status status = CheckSensors(checked.config, **plan); !status.ok())
    return places->At("darknet_sources", std::string(status.message()));
  checked.plan = *std::move(plan);
  return checked;
}

absl::Status CheckSensors(const v1::CollectorConfig& config, const AddressPlan& plan) {
  const size_t sensors = plan.sensors().size();
  if (!config.has_darknet_sources() || sensors <= kMaxSensorsWithSources) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the telescopes have ", sensors, " sensors; sources can be told apart at ",
                   kMaxSensorsWithSources, " at most: join some sensors, or leave darknet_sources out"));
}

DecodeOptions DecodeOptionsOf(const v1::CollectorConfig& config, const v1::LinkConfig& link) {
  const v1::TunnelConfig& tunnels = config.tunnels();
  const auto port = [](uint32_t number) { return static_cast<uint16_t>(number); };
  DecodeOptions options{.layer = link.layer() == v1::COUNTED_LAYER_OUTER ? Layer::kOuter : Layer::kInner,
                        .ports = {.l2tp = port(tunnels.l2tp_port()),
                                  .teredo = port(tunnels.teredo_port()),
                                  .wireguard = port(tunnels.wireguard_port()),
                                  .gtpu = port(tunnels.gtpu_port()),
                                  .vxlan = port(tunnels.vxlan_port()),
                                  .geneve = port(tunnels.geneve_port())}};
  for (const int carrier : tunnels.opaque()) options.opaque |= 1u << (carrier - v1::CARRIER_NATIVE);
  return options;
}

}  // namespace kansoku::collector
