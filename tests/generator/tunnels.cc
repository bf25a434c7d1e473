// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/tunnels.h"

#include "tests/generator/access_link.h"
#include "tests/generator/conversations.h"
#include "tests/generator/plan.h"
#include "tests/generator/residents.h"

namespace kansoku::generator {
namespace {

constexpr uint32_t kWireguardOdds = 30;
constexpr uint16_t kWireguardPort = 51820;
// Each subscriber number has its own line; the factors spread lines over numbers that lie close together.
constexpr uint32_t kLines = 5, kTunnels = 6, kRouters = 100;

// The link below the tunnel.
Encapsulation Link(uint32_t n) {
  Encapsulation link;
  link.session = static_cast<uint16_t>(1 + n % 60'000);
  switch (n / 4 % kLines) {
    case 1:
      link.vlan_tags = 1;
      break;
    case 2:
      link.vlan_tags = 2;
      break;
    case 3:
      link.carrier = Carrier::kPppoe;
      break;
    case 4:
      link.carrier = Carrier::kMpls;
      link.mpls_labels = static_cast<uint8_t>(1 + n / 20 % 2);
      break;
    default:
      break;
  }
  return link;
}

// The way of subscriber `n` and of packets of this family.
Encapsulation Way(uint32_t n, Family inner) {
  Encapsulation link = Link(n);
  const uint32_t kind = n / (4 * kLines);
  const Family outer = kind / kTunnels % 2 == 0 ? Family::kIpv4 : Family::kIpv6;
  const bool ipv4 = outer == Family::kIpv4;
  Tunnel& tunnel = link.tunnel;
  link.is_tunnelled = kind % kTunnels != 0;
  switch (kind % kTunnels) {
    case 1:
      tunnel.carrier = Carrier::kL2tp;
      break;
    case 2:
      tunnel.carrier = Carrier::kGtpu;
      break;
    case 3:
      tunnel.carrier = IpInIp(inner, outer);
      break;
    case 4:
      tunnel.carrier = Carrier::kGre;
      break;
    default:
      tunnel.carrier = Carrier::kVxlan;
  }
  tunnel.near_end = (ipv4 ? kNearRoutersIpv4 : kNearRoutersIpv6).At(1 + n % kRouters);
  tunnel.far_end = (ipv4 ? kFarRoutersIpv4 : kFarRoutersIpv6).At(1 + n % 3);
  tunnel.number = link.session;
  tunnel.with_options = kind / (2 * kTunnels) % 2 == 1;
  return link;
}

Flow BeginFlow(uint32_t subscribers, Random& random) {
  Flow flow;
  const Family family = random.OneIn(2) ? Family::kIpv4 : Family::kIpv6;
  const uint32_t who = random.Below(subscribers);
  flow.client = Subscriber(who, family);
  flow.server = Server(random, family);
  flow.link = Way(who, family);
  ChooseScript(flow, random);
  // A routing header that deep would lie beyond the shortest snap length.
  flow.ipv6_extensions &= kHopByHop | kDestinationOptions;
  if (random.OneIn(kWireguardOdds)) {
    flow.script = Script::kWireguard;
    flow.server_port = kWireguardPort;
    flow.ipv4_option_octets = flow.ipv6_extensions = 0;
  }
  return flow;
}

}  // namespace

void WriteTunnels(const CaptureOptions& options, Recorder& recorder) {
  WriteAccessLink(options, BeginFlow, recorder);
}

}  // namespace kansoku::generator
