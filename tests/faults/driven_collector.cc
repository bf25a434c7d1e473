// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/driven_collector.h"

#include <signal.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/faults/made_report.h"

namespace kansoku::testing {

DrivenCollector::DrivenCollector(const std::string& name, const std::string& folder,
                                 const CollectorPlan& plan, uint64_t relay_seed, bool clock_can_jump,
                                 std::optional<v1::TlsConfig> tls)
    : CollectorProcess(name, folder, relay_seed, clock_can_jump), plan_(plan), tls_(std::move(tls)) {}

void DrivenCollector::Start() {
  if (runs()) return;
  const std::string account_path = File(absl::StrCat("account-", lives()));
  accounts_.push_back(&MapDriverAccount(account_path));
  std::vector<std::string> command = {KANSOKU_REPORT_DRIVER};
  for (const auto& [option, value] : std::vector<std::pair<std::string, std::string>>{
           {"--name", name()},
           {"--aggregator", relay().address()},
           {"--spool", SpoolPath()},
           {"--spool-bytes", absl::StrCat(plan_.spool_bytes)},
           {"--batch-bytes", absl::StrCat(plan_.batch_bytes)},
           {"--bytes-in-flight", absl::StrCat(plan_.bytes_in_flight)},
           {"--queued-reports", absl::StrCat(plan_.queued_reports)},
           {"--account", account_path},
           {"--log", File("log")},
           {"--seed", absl::StrCat(plan_.traffic_seed)},
           {"--life", absl::StrCat(lives())},
           {"--reports", absl::StrCat(plan_.reports_per_life)},
           {"--pace-microseconds", absl::StrCat(plan_.pace_microseconds)}}) {
    command.push_back(option);
    command.push_back(value);
  }
  if (plan_.waits_for_room) command.push_back("--wait-for-room");
  if (tls_.has_value()) {
    command.insert(command.end(), {"--certificate", tls_->certificate_path(), "--key", tls_->key_path(),
                                   "--authorities", tls_->authorities_path()});
  }
  Run(command);
}

void DrivenCollector::End(int signal) {
  if (!runs()) return;
  const int status = SignalAndWait(signal);
  // Before its spool is open it may be unable to open it, or not yet be heeding SIGTERM.
  const DriverAccount& account = *accounts_.back();
  if (account.epoch == 0) return;
  if (signal == SIGKILL ? status != 128 + SIGKILL : status != 0 || account.ended == 0) {
    Complain(absl::StrCat("ended with status ", status, " on signal ", signal));
  }
}

void DrivenCollector::Drain() {
  Start();
  accounts_.back()->drain_asked = 1;
  int status = Wait();
  if (accounts_.back()->epoch == 0) {
    // It could not open its spool while the disk was full.
    Start();
    accounts_.back()->drain_asked = 1;
    status = Wait();
  }
  if (status != 0) {
    Complain(absl::StrCat("ended with status ", status));
  } else if (accounts_.back()->drained == 0) {
    Complain("did not drain");
  }
}

SpooledReports DrivenCollector::Reports(std::vector<std::string>& problems) const {
  std::vector<size_t> opened;  // lives
  for (size_t life = 0; life < accounts_.size(); ++life) {
    if (accounts_[life]->epoch != 0) opened.push_back(life);
  }
  if (opened.empty()) return {.collector = name()};
  const DriverAccount& last = *accounts_[opened.back()];
  SpooledReports spooled{name(), last.closed, last.acknowledged, last.evicted, {}, {}};
  for (size_t i = 0; i < opened.size(); ++i) {
    const DriverAccount& life = *accounts_[opened[i]];
    const std::string who = absl::StrCat(name(), ", life ", opened[i], ": ");
    const uint64_t closed_after =
        i + 1 < opened.size() ? accounts_[opened[i + 1]]->closed_at_open.load() : last.closed.load();

    if (closed_after < life.closed) {
      problems.push_back(absl::StrCat(who, "was told that ", life.closed.load(),
                                      " reports were on disk; there were ", closed_after));
    }
    const uint64_t reports = closed_after - life.closed_at_open;
    if (reports > life.submitted) {
      problems.push_back(absl::StrCat(who, reports, " reports are on disk of ", life.submitted.load()));
      continue;
    }
    if (life.ended == 1 && life.submitted - life.lost != reports) {
      problems.push_back(absl::StrCat(who, "ended in peace with ", life.submitted.load(), " reports, ",
                                      life.lost.load(), " of them lost, and ", reports, " are on disk"));
    }
    // They go to disk in their order, so those on disk are the first ones.
    for (uint64_t n = 0; n < reports; ++n) {
      spooled.reports.push_back(MadeReport(name(), plan_.traffic_seed, opened[i] * kReportsPerLife + n));
    }
  }
  if (last.spooled != 0 || last.closed != last.acknowledged + last.evicted) {
    problems.push_back(absl::StrCat(name(), ": closed ", last.closed.load(), ", acknowledged ",
                                    last.acknowledged.load(), ", evicted ", last.evicted.load(),
                                    ", still in the spool ", last.spooled.load()));
  }
  return spooled;
}

std::string DrivenCollector::Log() const {
  std::ostringstream log;
  log << std::ifstream(File("log")).rdbuf();
  return log.str();
}

}  // namespace kansoku::testing
