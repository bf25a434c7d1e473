// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/small_darknet.h"

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_labels.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/ip_protocol.h"

namespace kansoku::aggregator {
namespace {

std::string FamilyOf(uint64_t number) { return EnumLabel(static_cast<v1::Family>(number)); }
std::string ClassOf(uint64_t number) { return EnumLabel(static_cast<v1::DarknetClass>(number & 0xffff)); }

// Cells of classes of any protocol have each its own, their sketches have 0 for all but these
// (telescope.proto).
uint32_t ProtocolOfSketch(uint32_t protocol) {
  constexpr uint32_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmpv6 = 58;
  const bool has_own = protocol == kIcmp || protocol == kTcp || protocol == kUdp || protocol == kIcmpv6;
  return has_own ? protocol : 0;
}

}  // namespace

void AddSmallDarknet(const std::vector<TablePart>& hour, uint32_t fewest, SmallDarknet& small) {
  const auto family = [](const TablePart& part) -> std::optional<uint64_t> { return part.key[0]; };
  // No figure is of port 0, which stands for none, or of one of IPv6.
  const auto port = [](const TablePart& part) -> std::optional<uint64_t> {
    if (part.key[0] != v1::FAMILY_IPV4 || part.key[3] == 0) return std::nullopt;
    return uint64_t{part.key[2]} << 16 | part.key[3];
  };
  const auto family_class = [](const TablePart& part) -> std::optional<uint64_t> {
    return uint64_t{part.key[0]} << 16 | part.key[1];
  };
  const auto darknet_class = [](const TablePart& part) -> std::optional<uint64_t> {
    return uint64_t{part.key[0]} << 32 | uint64_t{part.key[1]} << 16 | part.key[2];
  };
  const auto groups = GroupSmallParts(hour, fewest);
  for (const uint64_t row : SmallRows(hour, groups, family)) {
    small.families.insert(FamilyOf(row));
    if (row == v1::FAMILY_IPV4) small.families.insert("");
  }
  for (const uint64_t row : SmallRows(hour, groups, port)) {
    small.ports[IpProtocolLabel(static_cast<uint32_t>(row >> 16))].set(row & 0xffff);
  }
  for (const uint64_t row : SmallRows(hour, groups, family_class)) {
    small.family_classes.emplace(FamilyOf(row >> 16), ClassOf(row));
  }
  for (const uint64_t row : SmallRows(hour, groups, darknet_class)) {
    const auto protocol = static_cast<uint32_t>(row & 0xffff);
    for (const uint32_t label : {protocol, ProtocolOfSketch(protocol)}) {
      small.classes.emplace(FamilyOf(row >> 32), ClassOf(row >> 16), IpProtocolLabel(label));
    }
  }
}

void Merge(const SmallDarknet& from, SmallDarknet& into) {
  into.families.insert(from.families.begin(), from.families.end());
  for (const auto& [protocol, ports] : from.ports) into.ports[protocol] |= ports;
  into.family_classes.insert(from.family_classes.begin(), from.family_classes.end());
  into.classes.insert(from.classes.begin(), from.classes.end());
}

bool IsOfSmallPort(const SmallDarknet& small, const v1::Figure& figure) {
  const auto ports = small.ports.find(LabelOf(figure, "protocol"));
  uint32_t port = 0;
  return ports != small.ports.end() && absl::SimpleAtoi(LabelOf(figure, "port"), &port) &&
         port < ports->second.size() && ports->second.test(port);
}

std::string BecauseOfFew(uint32_t fewest) {
  return absl::StrCat("fewer than ", fewest,
                      " ISPs contribute to it, or to what it would tell by subtraction");
}

}  // namespace kansoku::aggregator
