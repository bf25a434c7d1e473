// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace kansoku::collector {

// Why a packet could not be decoded down to an IP header. kNone: it could. "Short" is the capture's fault
// (the snap length cut it), "malformed" the packet's, "unsupported" ours. The meter turns them into
// v1::RefusalReason, in this order.
enum class Refusal : uint8_t {
  kNone,
  kNotIp,
  kLinkShort,
  kLinkMalformed,
  kLinkTooDeep,
  kNetworkShort,
  kNetworkMalformed,
  kLinkUnsupported,
};
inline constexpr size_t kRefusalCount = 8;

}  // namespace kansoku::collector
