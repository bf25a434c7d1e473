// SPDX-License-Identifier: Apache-2.0
//
// One tunnel's headers each, taken off the front of `in`, which begins behind the IP or UDP header. Refuse
// with kNotIp if it is not that tunnel or carries something else, kLinkShort if the capture was cut,
// kLinkMalformed if it is that tunnel and contradicts itself.
#pragma once

#include "collector/decode/decoded_packet.h"
#include "collector/decode/next_header.h"

namespace kansoku::collector {

// RFC 2784, RFC 2890; version 1: PPTP, RFC 2637. `tunnel` becomes kGre, kPptp or kErspan.
NextHeader ReadGre(WireCursor& in, Encapsulation& tunnel);

// draft-foschiano-erspan-03, behind GRE: types I and II share an EtherType, and type I has no GRE sequence
// number.
NextHeader ReadErspan(WireCursor& in, bool has_sequence);
NextHeader ReadErspanV3(WireCursor& in);

// Behind UDP.
NextHeader ReadL2tp(WireCursor& in);      // RFC 2661: L2TPv2 data messages, and the PPP protocol behind them
NextHeader ReadGtpu(WireCursor& in);      // 3GPP TS 29.281: G-PDUs
NextHeader ReadVxlan(WireCursor& in);     // RFC 7348
NextHeader ReadVxlanGpe(WireCursor& in);  // draft-ietf-nvo3-vxlan-gpe
NextHeader ReadGeneve(WireCursor& in);    // RFC 8926
NextHeader ReadTeredo(WireCursor& in);    // RFC 4380

}  // namespace kansoku::collector
