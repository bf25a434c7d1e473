// SPDX-License-Identifier: Apache-2.0
//
// One header each, taken off the front of `in`. What is missing is refused as kLinkShort or kLinkMalformed.
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/decode/next_header.h"

namespace kansoku::collector {

NextHeader ReadLlc(WireCursor& in);   // IEEE 802.2, with SNAP
NextHeader ReadSnap(WireCursor& in);  // RFC 1042, and RFC 2427's bridged Ethernet

NextHeader ReadPpp(WireCursor& in);    // RFC 1661, with or without the framing of RFC 1662
NextHeader ReadPppoe(WireCursor& in);  // RFC 2516, and the PPP protocol behind it

NextHeader ReadMpls(WireCursor& in);  // RFC 3032: the whole stack, and a pseudowire's control word

NextHeader ReadCiscoFabricPath(WireCursor& in);  // behind its EtherType
NextHeader ReadCiscoMetaData(WireCursor& in);    // TrustSec, behind its EtherType; what follows is named last
NextHeader ReadCiscoMetaDataOfGre(WireCursor& in);  // the same behind GRE: what follows is named first

// With which captures of other link types than Ethernet begin.
NextHeader ReadLinuxCooked(WireCursor& in, Side& side);  // `side` is set where it is unknown
NextHeader ReadLinuxCookedV2(WireCursor& in, Side& side);
NextHeader ReadBsdNull(WireCursor& in);
NextHeader ReadBsdLoop(WireCursor& in);
NextHeader ReadPppHdlc(WireCursor& in);
NextHeader ReadCiscoHdlc(WireCursor& in);
NextHeader ReadFrameRelay(WireCursor& in);
NextHeader ReadNflog(WireCursor& in);

}  // namespace kansoku::collector
