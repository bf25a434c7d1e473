// SPDX-License-Identifier: Apache-2.0
//
// What `kansokuctl doctor` says of one stage of the chain from the collectors to Prometheus. Plain data; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace kansoku::aggregator {

// Worst last, but for what could not be looked at.
enum class Verdict { kSkipped, kOk, kLook, kBroken };

std::string Word(Verdict verdict);  // "skipped", "ok", "look", "broken"

// One thing that is not as it should be.
struct Finding {
  Verdict verdict = Verdict::kLook;
  std::string seen;
  std::string remedy;
};

struct Stage {
  std::string name;  // also the section of docs/troubleshooting.md
  Verdict verdict = Verdict::kOk;
  std::string seen;
  std::string remedy;  // empty where there is nothing to do
};

// The worst of the findings, the first three of those that are as bad; `all_well` where there are none.
Stage StageOf(std::string name, std::string all_well, const std::vector<Finding>& findings);

Stage Skipped(std::string name, const std::string& because);
// Of an answer that did not come.
Stage NotAnswered(std::string name, const absl::Status& status);

// "3m20s ago"; a time to come, by a clock that differs, is "now".
std::string Ago(absl::Time time, absl::Time now);

}  // namespace kansoku::aggregator
