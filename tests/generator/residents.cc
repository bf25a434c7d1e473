// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/residents.h"

#include "tests/generator/plan.h"

namespace kansoku::generator {

Host Subscriber(uint32_t n, Family family) {
  const SubscriberPool& pool = kSubscriberPools[n % kSubscriberPools.size()];
  const uint32_t host = n / static_cast<uint32_t>(kSubscriberPools.size());
  const Prefix& prefix = family == Family::kIpv4 ? pool.ipv4 : pool.ipv6;
  return {prefix.At(host), true, pool.access, pool.technology};
}

Host Server(Random& random, Family family) {
  const uint32_t popular = random.HeavyTailed(1, 100'000);
  return {(family == Family::kIpv4 ? kServersIpv4 : kServersIpv6).At(popular)};
}

}  // namespace kansoku::generator
