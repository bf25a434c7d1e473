// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/isp.h"

#include "tests/generator/access_link.h"
#include "tests/generator/conversations.h"
#include "tests/generator/plan.h"
#include "tests/generator/residents.h"

namespace kansoku::generator {
namespace {

// Fibre comes over PPPoE or VLANs, cable natively, mobile from the core over MPLS or VLANs.
Encapsulation Line(uint32_t n, Technology technology) {
  Encapsulation link;
  link.session = static_cast<uint16_t>(1 + n % 60'000);
  const uint32_t variant = n / 4 % 5;
  switch (technology) {
    case Technology::kFtth:
      link.carrier = variant < 3 ? Carrier::kPppoe : Carrier::kNative;
      link.vlan_tags = static_cast<uint8_t>(variant % 3);
      break;
    case Technology::kLte:
      link.carrier = variant < 3 ? Carrier::kMpls : Carrier::kNative;
      link.mpls_labels = static_cast<uint8_t>(1 + variant % 2);
      break;
    case Technology::kNr:
      link.vlan_tags = static_cast<uint8_t>(variant % 2);
      break;
    default:
      break;
  }
  return link;
}

Flow BeginFlow(uint32_t subscribers, Random& random) {
  Flow flow;
  const Family family = random.Below(100) < 55 ? Family::kIpv4 : Family::kIpv6;
  const uint32_t who = random.Below(subscribers);
  const uint32_t lot = random.Below(100);
  if (lot < 2) {
    flow.client = {
        (family == Family::kIpv4 ? kServersIpv4 : kServersIpv6).At(random.Between(101'000, 120'000))};
    flow.server = Server(random, family);
  } else {
    flow.client = Subscriber(who, family);
    flow.link = Line(who, flow.client.technology);
    // The neighbour is another subscriber whenever there is more than one.
    const bool to_neighbour = lot < 5 && subscribers > 1;
    flow.server = to_neighbour ? Subscriber((who + 1 + random.Below(subscribers - 1)) % subscribers, family)
                               : Server(random, family);
  }
  ChooseScript(flow, random);
  return flow;
}

}  // namespace

void WriteIsp(const CaptureOptions& options, Recorder& recorder) {
  WriteAccessLink(options, BeginFlow, recorder);
}

}  // namespace kansoku::generator
