// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcapng_interface.h"

#include <limits>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "collector/capture/file_link_type.h"
#include "collector/capture/packet_time.h"
#include "collector/capture/pcapng_options.h"

namespace kansoku::collector {
namespace {

constexpr size_t kFixedOctets = 8;
constexpr uint16_t kResolutionOption = 9, kOffsetOption = 14;
constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000;

// if_tsresol: a negative power of 10 or, with the highest bit set, of 2. 0 if it exceeds 64 bits.
uint64_t TicksPerSecond(uint8_t resolution) {
  const unsigned exponent = resolution & 0x7f;
  if ((resolution & 0x80) != 0) return exponent < 64 ? uint64_t{1} << exponent : 0;
  if (exponent > std::numeric_limits<uint64_t>::digits10) return 0;
  uint64_t ticks = 1;
  for (unsigned i = 0; i < exponent; ++i) ticks *= 10;
  return ticks;
}

}  // namespace

absl::StatusOr<PcapngInterface> PcapngInterface::Parse(std::span<const uint8_t> body, ByteOrder order) {
  if (body.size() < kFixedOctets) return absl::DataLossError("an interface description is too short");
  PcapngInterface interface;
  interface.link_type = LinkTypeOfFile(order.Load16(&body[0]), "").value_or(LinkType::kUnsupported);
  interface.snap_length = order.Load32(&body[4]);

  const std::span<const uint8_t> options = body.subspan(kFixedOctets);
  const PcapngOption resolution = FindOption(options, order, kResolutionOption);
  const PcapngOption offset = FindOption(options, order, kOffsetOption);
  if (resolution.damaged || offset.damaged) {
    return absl::DataLossError("the options of an interface description are cut off");
  }
  if (resolution.value.size() == 1) {
    interface.ticks_per_second = TicksPerSecond(resolution.value[0]);
    if (interface.ticks_per_second == 0) {
      return absl::DataLossError(
          absl::StrCat("the resolution of an interface's clock, ", resolution.value[0], ", is too fine"));
    }
    interface.nanoseconds_per_tick =
        kNanosecondsPerSecond % interface.ticks_per_second == 0
            ? static_cast<int64_t>(kNanosecondsPerSecond / interface.ticks_per_second)
            : 0;
  }
  if (offset.value.size() == 8)
    interface.offset_seconds = static_cast<int64_t>(order.Load64(&offset.value[0]));
  return interface;
}

int64_t PcapngInterface::UnixNanosecondsOf(uint64_t ticks) const {
  int64_t result = 0, offset_ns = 0;
  if (nanoseconds_per_tick != 0 && !__builtin_mul_overflow(ticks, nanoseconds_per_tick, &result) &&
      !__builtin_mul_overflow(offset_seconds, kNanosecondsPerSecond, &offset_ns) &&
      !__builtin_add_overflow(result, offset_ns, &result)) [[likely]] {
    return result;
  }
  int64_t seconds = 0;
  if (__builtin_add_overflow(ticks / ticks_per_second, offset_seconds, &seconds)) {
    return std::numeric_limits<int64_t>::max();
  }
  const absl::uint128 nanoseconds =
      absl::uint128(ticks % ticks_per_second) * kNanosecondsPerSecond / ticks_per_second;
  return UnixNanoseconds(seconds, static_cast<int64_t>(nanoseconds));
}

}  // namespace kansoku::collector
