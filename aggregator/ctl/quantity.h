// SPDX-License-Identifier: Apache-2.0
//
// Numbers and times as people read them. Programs get exact numbers, from CSV and JSON. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// 1234567 is "1,234,567".
std::string Grouped(uint64_t count);

// 12345 and "bit/s" is "12.35 kbit/s": decimal prefixes k, M, G, T, P, E, Z (METRICS 1.1), two decimals.
// Below 1000 a whole number stays whole.
std::string WithPrefix(double value, std::string_view unit);

// The same also below 1, with m, u and n: 0.0125 and "s" is "12.50 ms".
std::string WithSmallPrefix(double value, std::string_view unit);

// 8 x octets / seconds, to the nearest whole bit per second, half away from zero; 0 for an empty range.
uint64_t BitsPerSecond(uint64_t octets, const v1::TimeRange& range);

// "2024-11-01 00:00:00", in UTC.
std::string UtcText(int64_t unix_seconds);

// "2024-11-01 09:00:00", in Japan.
std::string JstText(int64_t unix_seconds);

// "2024-11-01T00:00:00Z" (RFC 3339).
std::string Rfc3339Text(int64_t unix_seconds);

}  // namespace kansoku::aggregator
