// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/address_plan.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "proto/contract/report_limits.h"
#include "proto/contract/window.h"

namespace kansoku::collector {

struct AddressPlan::Claim {
  Prefix prefix;
  int order = 0;  // in the configuration, files last
  Use use;
  Term term;                                // of a dark one
  int index = 0;                            // in the list of its kind
  const SubscriberRange* listed = nullptr;  // of one from a file

  // As an operator finds it again. Only made for messages: there may be very many claims.
  std::string Place() const {
    if (listed != nullptr) return absl::StrCat(*listed->file, ":", listed->line);
    return absl::StrCat(use.is_subscriber ? "subscribers[" : "telescopes[", index, "].prefix");
  }
  absl::Status Blame(const ConfigPlaces& places, const std::string& what) const {
    if (listed == nullptr) return places.At(Place(), what);
    return absl::InvalidArgumentError(absl::StrCat(Place(), ": ", what));
  }
};

absl::StatusOr<AddressPlan::Term> AddressPlan::ReadTerm(const v1::Telescope& telescope,
                                                        const std::string& path, const ConfigPlaces& places) {
  Term term{std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), 0};
  const auto read = [&](const std::string& text, const char* key, int64_t& unix_ns) -> absl::Status {
    if (text.empty()) return absl::OkStatus();
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
      return places.At(absl::StrCat(path, ".", key), "expected a time such as 2024-11-01T00:00:00Z");
    }
    if (absl::FromUnixSeconds(absl::ToUnixSeconds(time)) != time) {
      return places.At(absl::StrCat(path, ".", key), "expected whole seconds");
    }
    unix_ns = absl::ToUnixNanos(time);
    return absl::OkStatus();
  };
  if (auto status = read(telescope.valid_from(), "valid_from", term.from_unix_ns); !status.ok())
    return status;
  if (auto status = read(telescope.valid_until(), "valid_until", term.until_unix_ns); !status.ok())
    return status;
  if (term.until_unix_ns <= term.from_unix_ns) {
    return places.At(absl::StrCat(path, ".valid_until"),
                     absl::StrCat("must be later than valid_from, ", telescope.valid_from()));
  }
  return term;
}

absl::StatusOr<std::vector<AddressPlan::Claim>> AddressPlan::ReadClaims(
    const v1::CollectorConfig& config, const std::vector<std::string>& sensors,
    std::span<const SubscriberRange> listed, const ConfigPlaces& places) {
  std::vector<Claim> claims;
  claims.reserve(static_cast<size_t>(config.subscribers_size()) + listed.size() +
                 static_cast<size_t>(config.telescopes_size()));
  const auto add = [&](const std::string& text, int index, const Use& use) -> absl::Status {
    Claim& claim = claims.emplace_back();
    claim.order = static_cast<int>(claims.size());
    claim.use = use;
    claim.index = index;
    const auto prefix = ParsePrefix(text);
    if (!prefix.ok()) return claim.Blame(places, std::string(prefix.status().message()));
    claim.prefix = *prefix;
    return absl::OkStatus();
  };
  for (int i = 0; i < config.subscribers_size(); ++i) {
    const v1::SubscriberPrefix& subscriber = config.subscribers(i);
    const Use use = {true, subscriber.access(), subscriber.technology(), 0, 0};
    if (auto status = add(subscriber.prefix(), i, use); !status.ok()) return status;
  }
  for (int i = 0; i < config.telescopes_size(); ++i) {
    const v1::Telescope& telescope = config.telescopes(i);
    if (auto status = add(telescope.prefix(), i, Use()); !status.ok()) return status;
    auto term = ReadTerm(telescope, absl::StrCat("telescopes[", i, "]"), places);
    if (!term.ok()) return term.status();
    const auto sensor = std::lower_bound(sensors.begin(), sensors.end(), telescope.sensor());
    term->sensor = static_cast<int>(sensor - sensors.begin());
    claims.back().term = *term;
  }
  for (const SubscriberRange& range : listed) {
    Claim& claim = claims.emplace_back();
    claim.order = static_cast<int>(claims.size());
    claim.prefix = range.prefix;
    claim.use = {true, range.access, range.technology, 0, 0};
    claim.listed = &range;
  }
  return claims;
}

// Of two entries the one further down in the configuration is blamed; it is likely to be the newer one.
absl::Status AddressPlan::CheckNested(const Claim& outer, const Claim& inner, const ConfigPlaces& places) {
  const bool same = outer.prefix == inner.prefix;
  const auto blame = [&](const char* why) {
    const Claim& blamed = outer.order < inner.order ? inner : outer;
    const Claim& other = outer.order < inner.order ? outer : inner;
    const char* how = same ? " is the same range as " : &blamed == &inner ? " lies inside " : " holds ";
    return blamed.Blame(places, absl::StrCat(ToString(blamed.prefix), how, other.Place(), " (",
                                             ToString(other.prefix), ")", why));
  };
  if (outer.use.is_subscriber != inner.use.is_subscriber) {
    return blame("; an address is either dark or a subscriber's: take one out, or split the larger range");
  }
  if (outer.use.is_subscriber && same) return blame("; keep one of them");
  if (!outer.use.is_subscriber && outer.term.Overlaps(inner.term)) {
    return blame(
        ", which is dark at the same time; keep one of them, or part their valid_from and valid_until");
  }
  return absl::OkStatus();
}

absl::Status AddressPlan::Adopt(std::vector<Claim> claims, const ConfigPlaces& places) {
  // A family at a time: IPv4 lies amid IPv6, and would end the ranges around it. Long lists come in order, at
  // least within a family.
  const auto rank = [](const Claim& c) {
    return std::tuple(!c.prefix.is_ipv4(), c.prefix.address, c.prefix.length, c.order);
  };
  const auto is_before = [&](const Claim& a, const Claim& b) { return rank(a) < rank(b); };
  std::stable_partition(claims.begin(), claims.end(), [](const Claim& c) { return c.prefix.is_ipv4(); });
  if (!std::is_sorted(claims.begin(), claims.end(), is_before)) {
    std::sort(claims.begin(), claims.end(), is_before);
  }
  std::vector<PrefixMap<Use>::Entry> entries;
  std::vector<const Claim*> around;  // the claims that hold the current one, the longest last
  for (const Claim& claim : claims) {
    while (!around.empty() && !around.back()->prefix.Contains(claim.prefix)) around.pop_back();
    for (const Claim* outer : around) {
      if (auto status = CheckNested(*outer, claim, places); !status.ok()) return status;
    }
    around.push_back(&claim);
    subscriber_ranges_ += claim.use.is_subscriber;

    Use use = claim.use;
    if (!use.is_subscriber) {
      if (claim.prefix.is_ipv4()) {
        ipv4_ranges_.push_back(
            {claim.prefix.first().ipv4(), static_cast<uint32_t>(claim.prefix.length - 96), claim.term});
      }
      // The longest match must know the terms of the ranges around it too: at other times they are the dark
      // ones.
      use.first_term = static_cast<uint32_t>(terms_.size());
      use.terms = static_cast<uint32_t>(around.size());
      for (const Claim* dark : around) terms_.push_back(dark->term);
    }
    const bool again = !entries.empty() && entries.back().prefix == claim.prefix;
    if (again) {
      entries.back().value = use;
    } else {
      entries.push_back({claim.prefix, use});
    }
  }
  std::vector<PrefixMap<Use>::Entry> dark_entries;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(dark_entries),
               [](const PrefixMap<Use>::Entry& entry) { return !entry.value.is_subscriber; });
  std::vector<PrefixFilter::Prefix> ipv4, ipv6;
  for (const PrefixMap<Use>::Entry& dark : dark_entries) {
    const IpAddress first = dark.prefix.first();
    if (dark.prefix.is_ipv4()) {
      ipv4.push_back({uint64_t{first.ipv4()} << 32, dark.prefix.length - 96});
    } else {
      ipv6.push_back({first.high, std::min<int>(dark.prefix.length, 64)});
    }
  }
  dark_ipv4_ = PrefixFilter(ipv4);
  dark_ipv6_ = PrefixFilter(ipv6);
  uses_ = PrefixMap<Use>(std::move(entries));
  dark_uses_ = PrefixMap<Use>(std::move(dark_entries));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const AddressPlan>> AddressPlan::Compile(
    const v1::CollectorConfig& config, const ConfigPlaces& places, std::span<const SubscriberRange> listed) {
  std::shared_ptr<AddressPlan> plan(new AddressPlan);
  std::vector<std::string>& sensors = plan->sensors_;
  for (const v1::Telescope& telescope : config.telescopes()) sensors.push_back(telescope.sensor());
  std::sort(sensors.begin(), sensors.end());
  sensors.erase(std::unique(sensors.begin(), sensors.end()), sensors.end());
  if (sensors.size() > kMaxSensors) {
    return places.At("telescopes", absl::StrCat(sensors.size(), " sensors; at most ", kMaxSensors,
                                                " fit into a report: give ranges the same name, or "
                                                "run another collector"));
  }
  if (auto status = plan->ReadTranslations(config.tunnels(), places); !status.ok()) return status;
  auto claims = ReadClaims(config, sensors, listed, places);
  if (!claims.ok()) return claims.status();
  if (auto status = plan->Adopt(*std::move(claims), places); !status.ok()) return status;
  return std::shared_ptr<const AddressPlan>(std::move(plan));
}

absl::Status AddressPlan::ReadTranslations(const v1::TunnelConfig& tunnels, const ConfigPlaces& places) {
  // RFC 6052 2.1.
  constexpr Prefix kWellKnown{{0x0064'ff9b'0000'0000, 0}, 96};
  translations_.push_back({kWellKnown, v1::CARRIER_NAT64});
  const auto read = [&](const std::string& text, std::string_view key, int index,
                        v1::Carrier carrier) -> absl::Status {
    const std::string path = absl::StrCat("tunnels.", std::string(key), "[", index, "]");
    const auto prefix = ParsePrefix(text);
    if (!prefix.ok()) return places.At(path, std::string(prefix.status().message()));
    if (prefix->is_ipv4()) return places.At(path, "expected an IPv6 range");
    if (carrier == v1::CARRIER_NAT64 && prefix->length != 96) return places.At(path, "expected a /96");
    translations_.push_back({*prefix, carrier});
    return absl::OkStatus();
  };
  for (int i = 0; i < tunnels.nat64_prefixes_size(); ++i) {
    auto status = read(tunnels.nat64_prefixes(i), "nat64_prefixes", i, v1::CARRIER_NAT64);
    if (!status.ok()) return status;
  }
  for (int i = 0; i < tunnels.mapt_prefixes_size(); ++i) {
    auto status = read(tunnels.mapt_prefixes(i), "mapt_prefixes", i, v1::CARRIER_MAPT);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

const AddressPlan::Use* AddressPlan::FindAmongDark(const IpAddress& address) const {
  return dark_uses_.Find(address);
}

v1::Carrier AddressPlan::TranslationOf(const IpAddress& address) const {
  for (const Translation& translation : translations_) {
    if (translation.prefix.first() <= address && address <= translation.prefix.last()) {
      return translation.carrier;
    }
  }
  return v1::CARRIER_UNSPECIFIED;
}

std::vector<v1::DarkPrefix> AddressPlan::AddressSeconds(size_t sensor, int64_t window_start_unix_seconds,
                                                        uint32_t window_seconds) const {
  std::vector<v1::DarkPrefix> prefixes;
  for (const Ipv4Range& range : ipv4_ranges_) {
    if (static_cast<size_t>(range.term.sensor) != sensor) continue;
    // Terms are in whole seconds, so the division is exact but for the two ends of time.
    const int64_t from = std::max(window_start_unix_seconds, range.term.from_unix_ns / kNanosecondsPerSecond);
    const int64_t until = std::min(window_start_unix_seconds + window_seconds,
                                   range.term.until_unix_ns / kNanosecondsPerSecond);
    if (until <= from) continue;
    if (prefixes.empty() || prefixes.back().address() != range.first ||
        prefixes.back().length() != range.length) {
      v1::DarkPrefix& prefix = prefixes.emplace_back();
      prefix.set_address(range.first);
      prefix.set_length(range.length);
    }
    const uint64_t addresses = uint64_t{1} << (32 - range.length);
    v1::DarkPrefix& prefix = prefixes.back();
    prefix.set_address_seconds(prefix.address_seconds() + addresses * static_cast<uint64_t>(until - from));
  }
  return prefixes;
}

}  // namespace kansoku::collector
