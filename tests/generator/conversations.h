// SPDX-License-Identifier: Apache-2.0
//
// Many flows at once: their packets come interleaved, and a flow that is over makes room for a new one.
#pragma once

#include <functional>
#include <vector>

#include "tests/generator/flow.h"
#include "tests/generator/recorder.h"

namespace kansoku::generator {

// Refers to `random` and `recorder`; one thread.
class Conversations {
 public:
  Conversations(size_t at_once, std::function<Flow(Random&)> begin, Random& random, Recorder& recorder);

  // Writes one packet of some flow.
  void WritePacket();

 private:
  std::function<Flow(Random&)> begin_;
  Random& random_;
  Recorder& recorder_;
  std::vector<Flow> flows_;
};

// How many flows at once give a capture of so many packets room to finish most of them.
size_t FlowsAtOnce(uint32_t packets);

// A script with its ports and length, heavy-tailed; the ends and the link are the caller's to set before.
void ChooseScript(Flow& flow, Random& random);

}  // namespace kansoku::generator
