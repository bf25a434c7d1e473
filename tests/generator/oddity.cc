// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/oddity.h"

#include <algorithm>
#include <array>

namespace kansoku::generator {
namespace {

constexpr uint32_t kEthernetHeaderOctets = 14;

Frame Begin(uint32_t ether_type) {
  Frame frame;
  WriteStations(frame);
  frame.Put16(ether_type);
  return frame;
}

void Pad(Frame& frame) { frame.set_wire_octets(std::max(frame.size(), Frame::kShortestEthernetOctets)); }

// The frame ends with what is written.
void End(Frame& frame) { frame.set_wire_octets(frame.size()); }

void Lldp(Recorder& recorder) {
  Frame frame = Begin(0x88cc);
  frame.Put16(0);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNotIp);
}

void SpanningTree(Recorder& recorder) {
  Frame frame = Begin(38);  // a length: IEEE 802.3 with LLC
  frame.Put16(0x4242);
  frame.Put8(0x03);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNotIp);
}

void PppoeDiscovery(Recorder& recorder) {
  Frame frame = Begin(0x8863);
  frame.Put16(0x1109);
  frame.Put32(0);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNotIp);
}

void PppEcho(Recorder& recorder) {
  Frame frame = Begin(0x8864);
  frame.Put16(0x1100);
  frame.Put16(7);
  frame.Put16(10);
  frame.Put16(0xc021);
  frame.Put32(0x09010008);
  frame.Put32(0);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNotIp);
}

void CutInLinkHeader(Recorder& recorder) {
  Frame frame = Begin(0x0800);
  Pad(frame);
  recorder.RefusedShort(frame, kEthernetHeaderOctets - 4, Refusal::kLinkShort);
}

void CutInVlanTag(Recorder& recorder) {
  Frame frame = Begin(0x8100);
  frame.Put32(0x00010800);
  Pad(frame);
  recorder.RefusedShort(frame, kEthernetHeaderOctets + 2, Refusal::kLinkShort);
}

void EndsInLinkHeader(Recorder& recorder) {
  Frame frame;
  WriteStations(frame);
  End(frame);
  recorder.Refused(frame, Refusal::kLinkMalformed);
}

void EndsInVlanTag(Recorder& recorder) {
  Frame frame = Begin(0x8100);
  frame.Put16(1);
  End(frame);
  recorder.Refused(frame, Refusal::kLinkMalformed);
}

void TooManyTags(Recorder& recorder) {
  Frame frame = Begin(0x88a8);
  for (int tag = 0; tag < 24; ++tag) frame.Put32(0x000188a8);
  Pad(frame);
  recorder.Refused(frame, Refusal::kLinkTooDeep);
}

void CutInIpv4Header(Recorder& recorder) {
  Frame frame = Begin(0x0800);
  frame.Put32(0x4500002e);
  Pad(frame);
  recorder.RefusedShort(frame, kEthernetHeaderOctets + 12, Refusal::kNetworkShort);
}

void CutInIpv6Header(Recorder& recorder) {
  Frame frame = Begin(0x86dd);
  frame.Put32(0x60000000);
  frame.Put32(0x00203a40);
  frame.set_wire_octets(kEthernetHeaderOctets + 72);
  recorder.RefusedShort(frame, kEthernetHeaderOctets + 30, Refusal::kNetworkShort);
}

void WrongVersion(Recorder& recorder) {
  Frame frame = Begin(0x0800);
  frame.Put32(0x7500002e);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNetworkMalformed);
}

void HeaderLengthTooSmall(Recorder& recorder) {
  Frame frame = Begin(0x0800);
  frame.Put32(0x4400002e);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNetworkMalformed);
}

void TotalLengthTooSmall(Recorder& recorder) {
  Frame frame = Begin(0x0800);
  frame.Put32(0x4500000a);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNetworkMalformed);
}

void EndsInIpv6Header(Recorder& recorder) {
  Frame frame = Begin(0x86dd);
  frame.Put32(0x60000000);
  frame.Put32(0x00003b40);
  frame.PutRepeated(0, 22);
  End(frame);
  recorder.Refused(frame, Refusal::kNetworkMalformed);
}

constexpr std::array kOddities = {WriteArp,
                                  WriteArp,
                                  WriteArp,
                                  Lldp,
                                  SpanningTree,
                                  PppoeDiscovery,
                                  PppEcho,
                                  CutInLinkHeader,
                                  CutInVlanTag,
                                  EndsInLinkHeader,
                                  EndsInVlanTag,
                                  TooManyTags,
                                  CutInIpv4Header,
                                  CutInIpv6Header,
                                  WrongVersion,
                                  HeaderLengthTooSmall,
                                  TotalLengthTooSmall,
                                  EndsInIpv6Header};

}  // namespace

void WriteArp(Recorder& recorder) {
  Frame frame = Begin(0x0806);
  frame.Put64(0x0001080006040001);
  Pad(frame);
  recorder.Refused(frame, Refusal::kNotIp);
}

void WriteOddity(Random& random, Recorder& recorder) { random.Pick(kOddities)(recorder); }

}  // namespace kansoku::generator
