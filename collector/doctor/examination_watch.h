// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "collector/doctor/examination.h"
#include "collector/doctor/finding.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// What an examination found last. A thread of its own repeats it: drivers may take their time to answer, and
// neither packets nor whoever scrapes may wait for them, nor have them asked more often.
class ExaminationWatch {
 public:
  // Examines at once, then every so often, with the rights and in the network namespace of the thread that
  // constructs it. The examination must outlive it.
  ExaminationWatch(const Examination& examination, const v1::CollectorConfig& config, absl::Duration every);
  ~ExaminationWatch();

  // Those of Examination::ExamineAgain. Any thread.
  std::vector<Finding> findings() const;

  // What every report of a live link carries now; nothing of a link that the configuration has not. Any
  // thread.
  std::vector<v1::QualityFlag> FlagsOf(const v1::LinkConfig& link) const;

 private:
  void Examine();
  void Run(std::stop_token stop);

  const Examination& examination_;
  const std::vector<v1::LinkConfig> links_;
  const absl::Duration every_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<Finding> findings_;
  std::map<std::string, std::vector<v1::QualityFlag>> flags_;  // by point
  std::jthread thread_;
};

}  // namespace kansoku::collector
