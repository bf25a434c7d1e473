// SPDX-License-Identifier: Apache-2.0
#include "collector/own_state.h"

#include <utility>

#include "absl/time/clock.h"
#include "proto/exposition/process_use.h"
#include "proto/transport/certificate_files.h"

namespace kansoku::collector {
namespace {

std::vector<OwnState::SurveyList> SurveyListsAt(const SurveyLists* lists, absl::Time now) {
  std::vector<OwnState::SurveyList> states;
  if (lists == nullptr) return states;
  const uint32_t in_force = lists->InForce(absl::ToUnixNanos(now));
  for (size_t i = 0; i < lists->lists().size(); ++i) {
    const SurveyLists::List& list = lists->lists()[i];
    states.push_back({.name = list.name, .version = list.version, .is_in_force = (in_force >> i & 1) != 0});
  }
  return states;
}

void AddExpiry(const std::string& of, const std::string& path, OwnState& state) {
  if (path.empty()) return;
  if (const auto expiry = CertificateExpiry(path); expiry.ok()) state.certificate_expiries[of] = *expiry;
}

}  // namespace

OwnState ReadOwnState(const Collector& collector, std::vector<Finding> findings,
                      const v1::CollectorConfig& config, absl::Time started) {
  OwnState state{.process = ReadProcessUse(started),
                 .spool = ReadDiskUse(config.spool().path()),
                 .certificate_expiries = {},
                 .links = collector.link_totals(),
                 .findings = std::move(findings),
                 .exported = collector.export_status(),
                 .survey_lists = SurveyListsAt(collector.survey_lists(), absl::Now())};
  AddExpiry("grpc", config.aggregator().tls().certificate_path(), state);
  AddExpiry("metrics", config.metrics().certificate_path(), state);
  return state;
}

}  // namespace kansoku::collector
