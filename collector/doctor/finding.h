// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// From harmless to worst.
enum class Verdict { kOk, kNote, kDistorts, kCannotMeasure };

// What one check found, in words for whoever runs the machine. A value.
struct Finding {
  std::string check;      // one word, the same in every release
  std::string interface;  // empty: of the whole machine
  Verdict verdict = Verdict::kOk;
  std::string found;    // what is the case
  std::string meaning;  // what it does to the numbers; empty where it does nothing
  std::string remedy;   // a command to type or a key to set; empty where nothing need be done
  // What reports of the interface, or of all of them, carry while it is so.
  v1::QualityFlag flag = v1::QUALITY_FLAG_UNSPECIFIED;
};

// "ok", "note", "distorts", "cannot_measure".
const char* VerdictLabel(Verdict verdict);

// kOk where there is no finding.
Verdict WorstOf(std::span<const Finding> findings);

}  // namespace kansoku::collector
