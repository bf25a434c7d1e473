// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/retention.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

constexpr std::string_view kKept = "in which this time is kept";
constexpr int64_t kDaySeconds = 24 * int64_t{kHourSeconds};

int64_t& At(Horizons& horizons, Tier tier) { return horizons[static_cast<size_t>(tier)]; }
int64_t At(const Horizons& horizons, Tier tier) { return horizons[static_cast<size_t>(tier)]; }

std::string UtcText(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_seconds), absl::UTCTimeZone());
}

absl::Status NotAMultiple(std::string_view edge, int64_t value, int64_t length, std::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(edge), " of the range, ", UtcText(value), ", is not a multiple of ", length,
                   " s, ", std::string(reason), "; ask for ", UtcText(FloorTo(value, length)), " or ",
                   UtcText(CeilTo(value, length))));
}

}  // namespace

int64_t BucketStart(Tier tier, int64_t window_start_unix_seconds) {
  switch (tier) {
    case Tier::kWindow:
      return window_start_unix_seconds;
    case Tier::kFiveMinutes:
      return FloorTo(window_start_unix_seconds, kFiveMinuteSeconds);
    case Tier::kHour:
      return FloorTo(window_start_unix_seconds, kHourSeconds);
    case Tier::kEver:
      return 0;
  }
  return 0;
}

uint32_t BucketSeconds(Tier tier, uint32_t window_seconds) {
  switch (tier) {
    case Tier::kWindow:
      return window_seconds;
    case Tier::kFiveMinutes:
      return kFiveMinuteSeconds;
    case Tier::kHour:
      return kHourSeconds;
    case Tier::kEver:
      return 0;
  }
  return 0;
}

Horizons MoveHorizons(const Horizons& horizons, const Retention& retention, absl::Time now) {
  Horizons moved = horizons;
  const int64_t now_seconds = absl::ToUnixSeconds(now);
  const auto keep = [&](Tier tier, int64_t kept_seconds) {
    At(moved, tier) = std::max(At(moved, tier), FloorTo(now_seconds - kept_seconds, kHourSeconds));
  };
  keep(Tier::kWindow, retention.window_hours * int64_t{kHourSeconds});
  keep(Tier::kFiveMinutes, retention.five_minute_days * kDaySeconds);
  if (retention.hour_days != 0) keep(Tier::kHour, retention.hour_days * kDaySeconds);
  return moved;
}

int64_t SourcesKeptFrom(const Horizons& horizons, const Retention& retention, int64_t unjudged,
                        absl::Time now) {
  const int64_t now_seconds = absl::ToUnixSeconds(now);
  const int64_t judged_from = now_seconds - retention.source_hours * int64_t{kHourSeconds};
  const int64_t all_from = now_seconds - retention.unjudged_source_hours * int64_t{kHourSeconds};
  return std::max({At(horizons, Tier::kWindow), all_from, std::min(judged_from, unjudged)});
}

absl::StatusOr<std::vector<TierSpan>> PlanSpans(const Horizons& horizons, int64_t window_seconds,
                                                int64_t start_unix_seconds, int64_t end_unix_seconds,
                                                uint32_t step_seconds) {
  if (start_unix_seconds >= end_unix_seconds) {
    return absl::InvalidArgumentError("the range is empty: its end must be after its start");
  }
  const int64_t step = step_seconds;
  if (step != 0) {
    for (const int64_t edge : {start_unix_seconds, end_unix_seconds}) {
      if (FloorTo(edge, step) != edge) {
        return NotAMultiple(edge == start_unix_seconds ? "the start" : "the end", edge, step, "the step");
      }
    }
  }

  struct Kept {
    Tier tier;
    int64_t bucket_seconds;
    int64_t from;
  };
  // Coarsest first.
  const Kept kept[] = {{Tier::kHour, kHourSeconds, At(horizons, Tier::kHour)},
                       {Tier::kFiveMinutes, kFiveMinuteSeconds, At(horizons, Tier::kFiveMinutes)},
                       {Tier::kWindow, window_seconds, At(horizons, Tier::kWindow)}};

  std::vector<TierSpan> spans;
  int64_t start = start_unix_seconds;
  while (start < end_unix_seconds) {
    // The part ends where a finer tier begins to hold.
    int64_t end = end_unix_seconds;
    const Kept* finest = &kept[0];  // also asked for what nothing holds any more: its coverage will say so
    for (const Kept& tier : kept) {
      if (tier.from <= start) {
        finest = &tier;
      } else {
        end = std::min(end, tier.from);
      }
    }
    // Any tier that fits gives the same sums; the coarsest has the fewest rows.
    const Kept* chosen = nullptr;
    for (const Kept* tier = kept; tier <= finest && chosen == nullptr; ++tier) {
      const int64_t length = tier->bucket_seconds;
      if ((tier == finest || tier->from <= start) && start % length == 0 && end % length == 0 &&
          step % length == 0)
        chosen = tier;
    }
    if (chosen == nullptr) {
      const int64_t length = finest->bucket_seconds;
      if (start % length != 0) return NotAMultiple("the start", start, length, kKept);
      if (end % length != 0) return NotAMultiple("the end", end, length, kKept);
      return absl::InvalidArgumentError(absl::StrCat(
          "a step of ", step, " s is too fine: from ", UtcText(start), " to ", UtcText(end),
          " only multiples of ", length, " s are kept; ask for such a step, or for a later range"));
    }
    if (!spans.empty() && spans.back().tier == chosen->tier) {
      spans.back().end_unix_seconds = end;
    } else {
      spans.push_back({chosen->tier, start, end});
    }
    start = end;
  }
  return spans;
}

}  // namespace kansoku::aggregator
