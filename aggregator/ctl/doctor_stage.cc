// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/doctor_stage.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr int kMostShown = 3;

}  // namespace

std::string Word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kOk:
      return "ok";
    case Verdict::kLook:
      return "look";
    case Verdict::kBroken:
      return "broken";
  }
  return "";
}

Stage StageOf(std::string name, std::string all_well, const std::vector<Finding>& findings) {
  const auto worst =
      std::max_element(findings.begin(), findings.end(),
                       [](const Finding& a, const Finding& b) { return a.verdict < b.verdict; });
  if (worst == findings.end()) return {std::move(name), Verdict::kOk, std::move(all_well), ""};
  Stage stage{std::move(name), worst->verdict, "", worst->remedy};
  int as_bad = 0;
  for (const Finding& finding : findings) {
    if (finding.verdict != worst->verdict || ++as_bad > kMostShown) continue;
    absl::StrAppend(&stage.seen, stage.seen.empty() ? "" : "; ", finding.seen);
  }
  if (as_bad > kMostShown) absl::StrAppend(&stage.seen, "; and ", as_bad - kMostShown, " more");
  return stage;
}

Stage Skipped(std::string name, const std::string& because) {
  return {std::move(name), Verdict::kSkipped, because, ""};
}

Stage NotAnswered(std::string name, const absl::Status& status) {
  return {std::move(name), Verdict::kLook, std::string(status.message()),
          "ask again; if it stays, the aggregator's log says why"};
}

std::string Ago(absl::Time time, absl::Time now) {
  const absl::Duration since = absl::Trunc(now - time, absl::Seconds(1));
  return since <= absl::ZeroDuration() ? "now" : absl::StrCat(absl::FormatDuration(since), " ago");
}

}  // namespace kansoku::aggregator
