// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/recorder.h"

#include <algorithm>

namespace kansoku::generator {
namespace {

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr uint64_t kJitterStream = 0x6a69747465720000;  // keeps times apart from what the frames hold

}  // namespace

Recorder::Recorder(const CaptureOptions& options, CaptureWriter& writer, Truth& truth)
    : writer_(writer),
      truth_(truth),
      jitter_(options.seed ^ kJitterStream),
      frames_wanted_(options.packets),
      start_ns_(options.start_unix_seconds * kNanosecondsPerSecond),
      spacing_ns_(options.seconds * kNanosecondsPerSecond / std::max<int64_t>(options.packets, 1)),
      snap_octets_(options.snap_octets),
      notes_sources_(options.scanners) {}

int64_t Recorder::NextTime() {
  const int64_t slot_ns = start_ns_ + static_cast<int64_t>(frames_++) * spacing_ns_;
  const auto widest = static_cast<uint32_t>(std::min<int64_t>(spacing_ns_, UINT32_MAX));
  return slot_ns + jitter_.Below(widest);
}

uint32_t Recorder::Captured(const Frame& frame) const { return std::min(frame.wire_octets(), snap_octets_); }

void Recorder::Traffic(const IpPacket& packet, const Encapsulation& link, const TrafficKey& key) {
  const int64_t now_ns = NextTime();
  const uint32_t outer_octets = WriteFrame(packet, link, frame_);
  const FrameOctets octets = {frame_.wire_octets(), Captured(frame_), IpOctets(packet), outer_octets};
  writer_.Write(now_ns, frame_, octets.captured);
  truth_.CountTraffic(now_ns, key, octets);
}

void Recorder::Dark(const IpPacket& packet, const DarkKey& key, Mark mark) {
  const int64_t now_ns = NextTime();
  const uint32_t ip_octets = WriteFrame(packet, Encapsulation{}, frame_);
  const FrameOctets octets = {frame_.wire_octets(), Captured(frame_), ip_octets, ip_octets};
  writer_.Write(now_ns, frame_, octets.captured);
  truth_.CountDark(now_ns, key, octets);
  if (notes_sources_) truth_.NoteSource(now_ns, packet, key, mark);
}

void Recorder::Refused(const Frame& frame, Refusal refusal) { RefusedShort(frame, Captured(frame), refusal); }

void Recorder::RefusedShort(const Frame& frame, uint32_t captured_octets, Refusal refusal) {
  const int64_t now_ns = NextTime();
  writer_.Write(now_ns, frame, captured_octets);
  truth_.CountRefused(now_ns, refusal, {frame.wire_octets(), captured_octets, 0, 0});
}

}  // namespace kansoku::generator
