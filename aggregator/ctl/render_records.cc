// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_records.h"

#include <arpa/inet.h>

#include <array>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// RFC 5952 for IPv6. Empty for octets that are no address.
std::string AddressText(const std::string& octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = octets.size() == 4 ? AF_INET : AF_INET6;
  if (octets.size() != 4 && octets.size() != 16) return "";
  inet_ntop(family, octets.data(), text.data(), text.size());
  return text.data();
}

// "192.0.2.1:443", "[2001:db8::1]:443".
std::string EndText(const std::string& address, uint32_t port) {
  const std::string text = AddressText(address);
  return address.size() == 16 ? absl::StrCat("[", text, "]:", port) : absl::StrCat(text, ":", port);
}

std::string MillisecondText(int64_t unix_milliseconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(unix_milliseconds),
                          absl::UTCTimeZone());
}

std::string ClockText(int64_t unix_milliseconds) {
  return absl::FormatTime("%H:%M:%E3S", absl::FromUnixMillis(unix_milliseconds), absl::UTCTimeZone());
}

}  // namespace

std::string ToText(const v1::ListFlowRecordsRequest&, const v1::ListFlowRecordsResponse& response) {
  Table table{{{"window (UTC)"},
               {"point"},
               {"first"},
               {"last"},
               {"from"},
               {"to"},
               {"protocol", Align::kRight},
               {"direction"},
               {"octets", Align::kRight},
               {"packets", Align::kRight},
               {"octets back", Align::kRight},
               {"packets back", Align::kRight},
               {"ended by"}},
              {}};
  for (const v1::WindowReport& window : response.windows()) {
    for (const v1::FlowRecord& record : window.flow_records()) {
      table.rows.push_back(
          {UtcText(window.window_start_unix_seconds()), window.point(),
           ClockText(record.start_unix_milliseconds()), ClockText(record.end_unix_milliseconds()),
           EndText(record.source_address(), record.source_port()),
           EndText(record.destination_address(), record.destination_port()), absl::StrCat(record.protocol()),
           EnumLabel(record.traffic_class().direction()), Grouped(record.octets()), Grouped(record.packets()),
           Grouped(record.reverse_octets()), Grouped(record.reverse_packets()),
           EnumLabel(record.end_reason())});
    }
  }
  return response.next_page_token().empty() ? AlignedText(table)
                                            : AlignedText(table) + "(and more; see --limit)\n";
}

std::string ToCsv(const v1::ListFlowRecordsRequest&, const v1::ListFlowRecordsResponse& response) {
  Table table{{{"window_start"},
               {"window_seconds"},
               {"point"},
               {"sampling_interval"},
               {"start"},
               {"end"},
               {"source_address"},
               {"source_port"},
               {"destination_address"},
               {"destination_port"},
               {"protocol"},
               {"group"},
               {"access"},
               {"technology"},
               {"direction"},
               {"family"},
               {"carrier"},
               {"transport"},
               {"octets"},
               {"packets"},
               {"reverse_octets"},
               {"reverse_packets"},
               {"tcp_control_bits"},
               {"end_reason"},
               {"addresses_are_plain"}},
              {}};
  for (const v1::WindowReport& window : response.windows()) {
    for (const v1::FlowRecord& record : window.flow_records()) {
      const v1::TrafficClass& traffic_class = record.traffic_class();
      table.rows.push_back({Rfc3339Text(window.window_start_unix_seconds()),
                            absl::StrCat(window.window_seconds()),
                            window.point(),
                            absl::StrCat(std::max(window.sampling_interval(), 1u)),
                            MillisecondText(record.start_unix_milliseconds()),
                            MillisecondText(record.end_unix_milliseconds()),
                            AddressText(record.source_address()),
                            absl::StrCat(record.source_port()),
                            AddressText(record.destination_address()),
                            absl::StrCat(record.destination_port()),
                            absl::StrCat(record.protocol()),
                            EnumLabel(traffic_class.group()),
                            EnumLabel(traffic_class.access()),
                            EnumLabel(traffic_class.technology()),
                            EnumLabel(traffic_class.direction()),
                            EnumLabel(traffic_class.family()),
                            EnumLabel(traffic_class.carrier()),
                            EnumLabel(traffic_class.transport()),
                            absl::StrCat(record.octets()),
                            absl::StrCat(record.packets()),
                            absl::StrCat(record.reverse_octets()),
                            absl::StrCat(record.reverse_packets()),
                            absl::StrFormat("0x%02x", record.tcp_control_bits()),
                            EnumLabel(record.end_reason()),
                            record.addresses_are_plain() ? "true" : "false"});
    }
  }
  return CsvText(table);
}

std::string WithAddressText(const std::string& json, const v1::ListFlowRecordsResponse& response) {
  nlohmann::ordered_json answer = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
  for (int i = 0; i < response.windows_size(); ++i) {
    for (int j = 0; j < response.windows(i).flow_records_size(); ++j) {
      const v1::FlowRecord& record = response.windows(i).flow_records(j);
      nlohmann::ordered_json& printed =
          answer["windows"][static_cast<size_t>(i)]["flow_records"][static_cast<size_t>(j)];
      printed["source_address"] = AddressText(record.source_address());
      printed["destination_address"] = AddressText(record.destination_address());
    }
  }
  return answer.dump() + "\n";
}

}  // namespace kansoku::aggregator
