// SPDX-License-Identifier: Apache-2.0
//
// How much memory a message takes once it is read, found without reading it: on the wire an empty cell is two
// octets, in memory some eighty times as much, so a limit on messages alone would let a single one fill the
// machine.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <cstdint>
#include <optional>

namespace kansoku::aggregator {

// What a message to the ingest service may take once it is read. The largest report that a collector makes,
// by the limits of report_validation.h, takes less.
inline constexpr uint64_t kMaxParsedBytes = uint64_t{224} << 20;

// About as many octets as the message `type`, of which `wire` is all, will take; not much beyond `most` is
// looked at, and then the result is above it. Nothing: the wire does not hold such a message. Any thread.
std::optional<uint64_t> ParsedOctets(google::protobuf::io::ZeroCopyInputStream& wire,
                                     const google::protobuf::Descriptor& type, uint64_t most);

}  // namespace kansoku::aggregator
