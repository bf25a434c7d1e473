// SPDX-License-Identifier: Apache-2.0
//
// The one place where a frame is given its time, written and counted.
#pragma once

#include "tests/generator/capture_writer.h"
#include "tests/generator/encapsulation.h"
#include "tests/generator/random.h"
#include "tests/generator/truth.h"

namespace kansoku::generator {

// Which capture to make. Every field changes its bytes.
struct CaptureOptions {
  uint64_t seed = 1;
  uint32_t packets = 1'000'000;
  uint32_t seconds = 120;
  int64_t start_unix_seconds = 1'700'000'100;
  uint32_t snap_octets = 192;
  uint32_t subscribers = 10'000;
  bool scanners =
      false;  // of a telescope: scanning tools and a storm besides, and who sent what in the truth
};

// Times rise strictly, evenly spread with jitter over [start, start + seconds). Refers to `writer` and
// `truth`; one thread.
class Recorder {
 public:
  Recorder(const CaptureOptions& options, CaptureWriter& writer, Truth& truth);

  // All frames that were asked for are written; no more may come.
  bool is_full() const { return frames_ == frames_wanted_; }

  void Traffic(const IpPacket& packet, const Encapsulation& link, const TrafficKey& key);
  void Dark(const IpPacket& packet, const DarkKey& key, Mark mark = Mark::kNone);
  void Refused(const Frame& frame, Refusal refusal);
  // A frame of which less was captured than of the others.
  void RefusedShort(const Frame& frame, uint32_t captured_octets, Refusal refusal);

  void NoteFlow(const IpPacket& packet) { truth_.NoteFlow(FlowOf(packet)); }

 private:
  int64_t NextTime();
  uint32_t Captured(const Frame& frame) const;

  CaptureWriter& writer_;
  Truth& truth_;
  Random jitter_;
  Frame frame_;
  uint64_t frames_ = 0;
  uint64_t frames_wanted_;
  int64_t start_ns_;
  int64_t spacing_ns_;
  uint32_t snap_octets_;
  bool notes_sources_;
};

}  // namespace kansoku::generator
