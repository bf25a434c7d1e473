// SPDX-License-Identifier: Apache-2.0
#include "collector/survey_list_watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace kansoku::collector {
namespace {

std::string TimeText(int64_t unix_ns) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixNanos(unix_ns), absl::UTCTimeZone());
}

}  // namespace

SurveyListWatch::SurveyListWatch(std::shared_ptr<const SurveyLists> lists,
                                 std::function<void(const std::string&)> say)
    : lists_(std::move(lists)), say_(std::move(say)) {}

void SurveyListWatch::Note(int64_t unix_ns) {
  const uint32_t in_force = lists_->InForce(unix_ns);
  for (size_t i = 0; i < lists_->lists().size(); ++i) {
    const uint32_t bit = uint32_t{1} << i;
    if ((in_force & bit) == (in_force_ & bit)) continue;
    const SurveyLists::List& list = lists_->lists()[i];
    const std::string name = absl::StrCat("the survey list ", list.name, " ", list.version);
    if ((in_force & bit) != 0) {
      say_(absl::StrCat(name, " is in force"));
    } else if (unix_ns < list.from_unix_ns) {
      say_(absl::StrCat(name, " is not in force before ", TimeText(list.from_unix_ns),
                        ": nobody is on it until then"));
    } else {
      say_(absl::StrCat(name, " expired at ", TimeText(list.until_unix_ns),
                        ": nobody is on it any more; give a newer version, and restart"));
    }
  }
  in_force_ = in_force;
}

}  // namespace kansoku::collector
