// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/access_link.h"

#include "tests/generator/conversations.h"
#include "tests/generator/oddity.h"

namespace kansoku::generator {
namespace {

constexpr uint32_t kOddityOdds = 400;

}  // namespace

void WriteAccessLink(const CaptureOptions& options,
                     const std::function<Flow(uint32_t subscribers, Random& random)>& begin,
                     Recorder& recorder) {
  Random random(options.seed);
  Conversations conversations(
      FlowsAtOnce(options.packets), [&](Random& draw) { return begin(options.subscribers, draw); }, random,
      recorder);
  while (!recorder.is_full()) {
    if (random.OneIn(kOddityOdds))
      WriteOddity(random, recorder);
    else
      conversations.WritePacket();
  }
}

}  // namespace kansoku::generator
