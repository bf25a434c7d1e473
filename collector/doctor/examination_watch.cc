// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/examination_watch.h"

#include <utility>

namespace kansoku::collector {

ExaminationWatch::ExaminationWatch(const Examination& examination, const v1::CollectorConfig& config,
                                   absl::Duration every)
    : examination_(examination), links_(config.links().begin(), config.links().end()), every_(every) {
  Examine();
  thread_ = std::jthread([this](std::stop_token stop) { Run(stop); });
}

ExaminationWatch::~ExaminationWatch() = default;

std::vector<Finding> ExaminationWatch::findings() const {
  const std::lock_guard lock(mutex_);
  return findings_;
}

std::vector<v1::QualityFlag> ExaminationWatch::FlagsOf(const v1::LinkConfig& link) const {
  const std::lock_guard lock(mutex_);
  const auto flags = flags_.find(link.point());
  return flags == flags_.end() ? std::vector<v1::QualityFlag>() : flags->second;
}

void ExaminationWatch::Examine() {
  std::vector<Finding> findings = examination_.ExamineAgain();
  std::map<std::string, std::vector<v1::QualityFlag>> flags;
  for (const v1::LinkConfig& link : links_) {
    if (!link.interface().empty()) flags[link.point()] = examination_.FlagsOf(link);
  }
  const std::lock_guard lock(mutex_);
  findings_ = std::move(findings);
  flags_ = std::move(flags);
}

void ExaminationWatch::Run(std::stop_token stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, absl::ToChronoNanoseconds(every_), [] { return false; });
    }
    if (stop.stop_requested()) return;
    Examine();
  }
}

}  // namespace kansoku::collector
