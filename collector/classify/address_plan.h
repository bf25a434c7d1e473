// SPDX-License-Identifier: Apache-2.0
//
// What the configuration says of addresses: which ones are subscribers', which ones are dark, and when.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/classify/prefix_filter.h"
#include "collector/classify/prefix_map.h"
#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/telescope.pb.h"
#include "proto/contract/config_text.h"

namespace kansoku::collector {

// A subscriber's range from a file beside the configuration. A value.
struct SubscriberRange {
  Prefix prefix;
  v1::Access access = v1::ACCESS_NONE;
  v1::Technology technology = v1::TECHNOLOGY_NONE;
  const std::string* file = nullptr;  // borrowed, for messages
  int line = 0;
};

// Constant after construction; shared by the threads of all links.
class AddressPlan {
 public:
  // What an address range is used for: by subscribers, or, at times, as part of a telescope.
  struct Use {
    bool is_subscriber = false;
    v1::Access access = v1::ACCESS_NONE;              // with is_subscriber
    v1::Technology technology = v1::TECHNOLOGY_NONE;  // with is_subscriber
    uint32_t first_term = 0;                          // without: positions of its terms as a dark range
    uint32_t terms = 0;
    friend auto operator<=>(const Use&, const Use&) = default;
  };

  // INVALID_ARGUMENT, naming file, line and both entries: a prefix that cannot be read, the same subscriber
  // prefix twice, a range dark twice at overlapping times, a range both dark and a subscriber's (equal or
  // nested), a validity that ends before it begins or is not in whole seconds. Subscriber prefixes may be
  // nested.
  // `listed` adds to the subscribers of the configuration.
  static absl::StatusOr<std::shared_ptr<const AddressPlan>> Compile(
      const v1::CollectorConfig& config, const ConfigPlaces& places,
      std::span<const SubscriberRange> listed = {});

  // Null for an address that no prefix holds. Does not allocate.
  const Use* Find(const IpAddress& address) const { return uses_.Find(address); }

  // The same where only dark ranges are asked for, whatever the time. Asked for each packet, it says no at
  // once to nearly all.
  const Use* FindDark(const IpAddress& address) const {
    const bool may_be_dark = address.is_ipv4() ? dark_ipv4_.MayHold(uint64_t{address.ipv4()} << 32)
                                               : dark_ipv6_.MayHold(address.high);
    return may_be_dark ? FindAmongDark(address) : nullptr;
  }

  // The sensor, as its position in sensors(), of which such an address is dark at the instant; -1 for none.
  int SensorAt(const Use& use, int64_t unix_ns) const {
    for (uint32_t i = use.first_term; i < use.first_term + use.terms; ++i) {
      if (terms_[i].from_unix_ns <= unix_ns && unix_ns < terms_[i].until_unix_ns) return terms_[i].sensor;
    }
    return -1;
  }

  // NAT64 or MAP-T where an IPv6 address stands for an IPv4 one there; UNSPECIFIED for any other.
  v1::Carrier TranslationOf(const IpAddress& address) const;

  size_t subscriber_ranges() const { return subscriber_ranges_; }
  // Names of the sensors, sorted, each once.
  const std::vector<std::string>& sensors() const { return sensors_; }

  // Monitored IPv4 addresses x seconds they were monitored within the window, of each prefix that was dark
  // for some of it, sorted and each once. IPv6 ranges are none of them: their sizes would drown every other.
  // `sensor` is a position in sensors().
  std::vector<v1::DarkPrefix> AddressSeconds(size_t sensor, int64_t window_start_unix_seconds,
                                             uint32_t window_seconds) const;

 private:
  // A time, half-open, during which a range is dark.
  struct Term {
    int64_t from_unix_ns = 0;
    int64_t until_unix_ns = 0;
    int sensor = 0;
    bool Overlaps(const Term& other) const {
      return from_unix_ns < other.until_unix_ns && other.from_unix_ns < until_unix_ns;
    }
  };
  struct Ipv4Range {
    uint32_t first = 0;
    uint32_t length = 0;  // 0..32
    Term term;
  };
  // A configured prefix, on the way to becoming a Use.
  struct Claim;

  AddressPlan() = default;
  struct Translation {
    Prefix prefix;
    v1::Carrier carrier;
  };
  absl::Status ReadTranslations(const v1::TunnelConfig& tunnels, const ConfigPlaces& places);
  static absl::StatusOr<Term> ReadTerm(const v1::Telescope& telescope, const std::string& path,
                                       const ConfigPlaces& places);
  static absl::StatusOr<std::vector<Claim>> ReadClaims(const v1::CollectorConfig& config,
                                                       const std::vector<std::string>& sensors,
                                                       std::span<const SubscriberRange> listed,
                                                       const ConfigPlaces& places);
  const Use* FindAmongDark(const IpAddress& address) const;
  static absl::Status CheckNested(const Claim& outer, const Claim& inner, const ConfigPlaces& places);
  absl::Status Adopt(std::vector<Claim> claims, const ConfigPlaces& places);

  std::vector<std::string> sensors_;
  PrefixMap<Use> uses_;
  PrefixMap<Use> dark_uses_;  // of these, the dark ones
  PrefixFilter dark_ipv4_;    // whether one may be dark, by the address and 32 bits of 0
  PrefixFilter dark_ipv6_;    // the same, by the first 64 bits
  std::vector<Term> terms_;   // of one Use side by side
  size_t subscriber_ranges_ = 0;
  std::vector<Ipv4Range> ipv4_ranges_;     // dark ones, sorted; a prefix once for each of its terms
  std::vector<Translation> translations_;  // a handful
};

}  // namespace kansoku::collector
