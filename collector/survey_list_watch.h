// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "collector/classify/survey_lists.h"

namespace kansoku::collector {

// Says when a survey list comes into force or expires while a collector runs: from then on its addresses
// count otherwise. One thread.
class SurveyListWatch {
 public:
  SurveyListWatch(std::shared_ptr<const SurveyLists> lists, std::function<void(const std::string&)> say);

  // Time has come so far, or was set back to there. The first time says which lists are not in force.
  void Note(int64_t unix_ns);

 private:
  std::shared_ptr<const SurveyLists> lists_;
  std::function<void(const std::string&)> say_;
  uint32_t in_force_ = ~uint32_t{0};  // as was said last
};

}  // namespace kansoku::collector
