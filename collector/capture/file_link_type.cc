// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/file_link_type.h"

#include <pcap/dlt.h>

#include "collector/capture/link_type.h"

namespace kansoku::collector {

// Of the types that are read, raw IP alone has one number in files and another in memory.
absl::StatusOr<LinkType> LinkTypeOfFile(uint32_t number, const std::string& source) {
  constexpr uint32_t kFileRawIp = 101;
  return LinkTypeOf(number == kFileRawIp ? DLT_RAW : static_cast<int>(number), source);
}

}  // namespace kansoku::collector
