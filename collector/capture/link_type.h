// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/packet_view.h"

namespace kansoku::collector {

// The LinkType of libpcap's data link type (pcap_datalink(3PCAP)). UNIMPLEMENTED, by name, for any other one;
// `source` says where it was met. Any thread.
absl::StatusOr<LinkType> LinkTypeOf(int data_link, const std::string& source);

}  // namespace kansoku::collector
