// SPDX-License-Identifier: Apache-2.0
//
// Scanners that each are one program: fifty hosts with Mirai, ZMap and Masscan in an older and a newer
// version, Nmap, Unicornscan on machines of either byte order, a survey, and a victim whose answers come as a
// storm. Each host of them stays with its tool, so that what its source sent is known.
#pragma once

#include <array>
#include <cstdint>

#include "tests/generator/dark_sender.h"

namespace kansoku::generator {

// Their hosts, as numbers in kServersIpv4. No ordinary traffic and no other dark sender but worms has them.
struct ScannerHosts {
  static constexpr uint32_t kFirstMirai = 70'000, kMirais = 50;
  static constexpr uint32_t kZmapOld = 70'100, kZmapNew = 70'101, kMasscanOld = 70'102, kMasscanNew = 70'103,
                            kNmap = 70'104, kUnicornscanLittle = 70'105, kUnicornscanBig = 70'106,
                            kSurvey = 70'107, kVictim = 70'108;
};

// The survey asks so many ports, and each dark IPv4 address in turn.
inline constexpr uint32_t kSurveyPorts = 40;

// One thread.
class Scanners {
 public:
  DarkPacket Next(Random& random);

 private:
  DarkPacket Mirai(Random& random);
  DarkPacket ZmapOld(Random& random);
  DarkPacket ZmapNew(Random& random);
  DarkPacket MasscanOld(Random& random);
  DarkPacket MasscanNew(Random& random);
  DarkPacket Nmap(Random& random);
  DarkPacket Unicornscan(Random& random);
  DarkPacket Survey(Random& random);
  DarkPacket Storm(Random& random);

  std::array<uint32_t, ScannerHosts::kMirais> mirai_probes_{};
  uint32_t nmap_probes_ = 0, survey_probes_ = 0;
};

}  // namespace kansoku::generator
