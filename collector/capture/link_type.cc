// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/link_type.h"

#include <pcap/pcap.h>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {

absl::StatusOr<LinkType> LinkTypeOf(int data_link, const std::string& source) {
  switch (data_link) {
    case DLT_EN10MB:
      return LinkType::kEthernet;
    case DLT_LINUX_SLL:
      return LinkType::kLinuxCooked;
    case DLT_LINUX_SLL2:
      return LinkType::kLinuxCookedV2;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
      return LinkType::kRawIp;
    case DLT_NULL:
      return LinkType::kBsdNull;
    case DLT_LOOP:
      return LinkType::kBsdLoop;
    case DLT_PPP:
      return LinkType::kPpp;
    case DLT_PPP_SERIAL:
      return LinkType::kPppHdlc;
    case DLT_PPP_ETHER:
      return LinkType::kPppoeSession;
    case DLT_C_HDLC:
      return LinkType::kCiscoHdlc;
    case DLT_FRELAY:
      return LinkType::kFrameRelay;
    case DLT_NFLOG:
      return LinkType::kNflog;
    default:
      break;
  }
  const char* name = pcap_datalink_val_to_name(data_link);
  return absl::UnimplementedError(absl::StrCat(
      source, ": link type ", name != nullptr ? name : absl::StrCat(data_link),
      " is not supported; supported are Ethernet, Linux cooked (SLL, SLL2), raw IP, BSD null and loop, PPP "
      "(also in HDLC framing and as PPPoE), Cisco HDLC, Frame Relay and NFLOG"));
}

}  // namespace kansoku::collector
