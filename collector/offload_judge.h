// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// Judges whether the interface moved packets that the capture was never offered: forwarded by hardware, or
// taken by a program before the capture's tap (XDP). It goes by what the interface counted beyond what the
// kernel offered to the capture, merged packets taken apart. One thread at a time.
//
// The counters are read when a window closes: what the kernel still holds is offered but not yet taken apart,
// and where several workers share a link, the one that reads may be silent, and so a second later than the
// others. So a link of several is judged only by what two windows in a row show, since what is counted too
// early in one the next lacks, and not by partial ones, in which the share of a worker may be missing.
class OffloadJudge {
 public:
  explicit OffloadJudge(size_t workers) : has_several_workers_(workers > 1) {}

  // Of the link's next window, all workers together.
  bool IsOffloaded(const v1::WindowReport& report);

 private:
  const bool has_several_workers_;
  bool was_short_ = false;
};

}  // namespace kansoku::collector
