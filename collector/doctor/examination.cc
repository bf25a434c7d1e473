// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/examination.h"

#include <set>
#include <utility>

#include "collector/doctor/flowtable_reader.h"
#include "collector/doctor/interface_reader.h"
#include "collector/doctor/judgements.h"
#include "collector/doctor/machine_reader.h"

namespace kansoku::collector {
namespace {

// It is not asked what it sends: see collector/link_sources.h.
bool IsTap(const v1::LinkConfig& link) {
  return link.has_side() && link.side().sent() == v1::DIRECTION_UNSPECIFIED;
}

}  // namespace

Examination::Examination(v1::CollectorConfig config)
    : config_(std::move(config)), flowtables_(ReadFlowtables()) {}

std::vector<Finding> Examination::ExamineLink(const v1::LinkConfig& link) const {
  const InterfaceFacts facts = ReadInterface(link.interface());
  const int sides = IsTap(link) ? 1 : 2;
  const v1::CaptureConfig& capture = config_.capture();
  if (!facts.exists) return {JudgePresence(facts)};
  return {JudgePresence(facts),
          JudgeMerging(facts, capture.method()),
          JudgeBypass(facts, flowtables_),
          JudgeVlanTags(facts),
          JudgeCardRing(facts),
          JudgeQueues(facts),
          JudgeDrops(facts),
          JudgeCaptureRing(facts, capture, sides),
          JudgeWorkers(facts, capture, sides, CountProcessors())};
}

std::vector<Finding> Examination::ExamineMachine() const {
  std::vector<Finding> findings = {JudgeClock(ReadClock()), JudgeSnapLength(config_.capture())};
  const std::string& spool = config_.spool().path();
  if (!spool.empty()) findings.push_back(JudgeSpoolRoom(config_.spool(), ReadDiskUse(spool)));
  return findings;
}

std::vector<Finding> Examination::ExamineAgain() const {
  std::vector<Finding> findings = ExamineMachine();
  for (const v1::LinkConfig& link : config_.links()) {
    if (link.interface().empty()) continue;
    for (Finding& finding : ExamineLink(link)) findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> Examination::Examine() const {
  std::vector<Finding> findings = {JudgeRight(TryToCapture())};
  for (Finding& finding : ExamineAgain()) findings.push_back(std::move(finding));
  return findings;
}

std::vector<v1::QualityFlag> Examination::FlagsOf(const v1::LinkConfig& link) const {
  std::set<v1::QualityFlag> flags = {JudgeClock(ReadClock()).flag};
  for (const Finding& finding : ExamineLink(link)) flags.insert(finding.flag);
  flags.erase(v1::QUALITY_FLAG_UNSPECIFIED);
  return {flags.begin(), flags.end()};
}

}  // namespace kansoku::collector
