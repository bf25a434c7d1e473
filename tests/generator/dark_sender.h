// SPDX-License-Identifier: Apache-2.0
//
// What strangers send to addresses where nobody lives. Marks of the tools are those of their published
// sources.
#pragma once

#include "tests/generator/ip_packet.h"
#include "tests/generator/random.h"
#include "tests/generator/truth.h"

namespace kansoku::generator {

struct DarkPacket {
  IpPacket packet;
  DarkKey key;
  Mark mark = Mark::kNone;
};

DarkPacket NextDarkPacket(Random& random);

}  // namespace kansoku::generator
