// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/telescope.h"

#include "tests/generator/conversations.h"
#include "tests/generator/dark_sender.h"
#include "tests/generator/oddity.h"
#include "tests/generator/plan.h"
#include "tests/generator/scanners.h"

namespace kansoku::generator {
namespace {

// Between two hosts that are neither subscribers nor dark.
Flow BeginOrdinaryFlow(Random& random) {
  Flow flow;
  const Prefix& hosts = random.OneIn(3) ? kServersIpv6 : kServersIpv4;
  flow.client = {hosts.At(random.Between(40'000, 49'999))};
  flow.server = {hosts.At(random.Between(1, 2'000))};
  ChooseScript(flow, random);
  return flow;
}

}  // namespace

void WriteTelescope(const CaptureOptions& options, Recorder& recorder) {
  Random random(options.seed);
  Conversations ordinary(FlowsAtOnce(options.packets / 8), BeginOrdinaryFlow, random, recorder);
  Scanners scanners;
  while (!recorder.is_full()) {
    const uint32_t lot = random.Below(200);
    if (lot == 0) {
      WriteArp(recorder);
    } else if (lot < 24) {
      ordinary.WritePacket();
    } else {
      const bool scan = options.scanners && random.OneIn(2);
      const DarkPacket dark = scan ? scanners.Next(random) : NextDarkPacket(random);
      recorder.Dark(dark.packet, dark.key, dark.mark);
    }
  }
}

}  // namespace kansoku::generator
