// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/small_darknet.h"

#include <optional>

#include "absl/strings/str_cat.h"
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
  const auto port = [](const TablePart& part) -> std::optional<uint64_t> {
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
    small.ports.emplace(IpProtocolLabel(static_cast<uint32_t>(row >> 16)), absl::StrCat(row & 0xffff));
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

std::string BecauseOfFew(uint32_t fewest) {
  return absl::StrCat("fewer than ", fewest,
                      " ISPs contribute to it, or to what it would tell by subtraction");
}

}  // namespace kansoku::aggregator
