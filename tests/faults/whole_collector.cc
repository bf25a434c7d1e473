// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/whole_collector.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "collector/export/spool.h"

namespace kansoku::testing {
namespace {

constexpr size_t kPieces = 100;
constexpr std::chrono::milliseconds kPause{3};

}  // namespace

WholeCollector::WholeCollector(const std::string& name, const std::string& folder, const CollectorPlan& plan,
                               std::span<const ReferenceCapture> references, std::string counting_keys,
                               uint64_t relay_seed, bool clock_can_jump)
    : CollectorProcess(name, folder, relay_seed, clock_can_jump),
      plan_(plan),
      references_(references),
      counting_keys_(std::move(counting_keys)) {}

void WholeCollector::Start() {
  if (runs()) return;
  const std::string pipe = File("capture");
  feeder_ = std::make_unique<CaptureFeeder>(CaptureOf(lives()).path, pipe, kPieces, kPause);
  std::ofstream(File("collector.yaml"))
      << "collector: " << name() << "\nisp: test-isp\naggregator:\n  address: \"" << relay().address()
      << "\"\n  acknowledgement_deadline_seconds: 1\n  max_backoff_seconds: 1\n  max_batch_bytes: "
      << plan_.batch_bytes << "\n  max_bytes_in_flight: " << plan_.bytes_in_flight
      << "\nspool: {path: " << SpoolPath() << ", max_bytes: " << plan_.spool_bytes << "}\n"
      << counting_keys_ << "links:\n  - {point: " << PointName() << ", file: " << pipe << ", group: a1}\n";
  Run({"sh", "-c",
       absl::StrCat("exec ", KANSOKU_COLLECTOR, " --config ", File("collector.yaml"), " 2>> ", File("log"))});
}

void WholeCollector::End(int signal) {
  if (!runs()) return;
  const int status = SignalAndWait(signal);
  Finish(status, signal);
}

void WholeCollector::Finish(int status, int signal) {
  feeder_.reset();
  std::ostringstream log;
  log << std::ifstream(File("log")).rdbuf();
  log_ = log.str();
  Life& life = ended_.emplace_back();
  life.is_asked = signal == SIGTERM;
  // A copy is opened: to open a spool changes it, and its disk may be full.
  std::filesystem::remove_all(File("copy"));
  std::filesystem::create_directory(File("copy"));
  for (const std::string& file : SpoolFiles()) std::filesystem::copy(file, File("copy"));
  if (const auto spool = collector::Spool::Open(File("copy/spool.db"), {.max_bytes = plan_.spool_bytes});
      spool.ok()) {
    const v1::Delivery delivery = (*spool)->account();
    account_ = {.collector = name(),

                .closed = delivery.reports_closed(),
                .acknowledged = delivery.reports_acknowledged(),
                .evicted = delivery.reports_evicted()};
  } else {
    Complain(absl::StrCat("left a spool that cannot be opened: ", spool.status().message()));
  }
  life.closed = account_.closed;
  // A life that cannot begin says so with 2, as on a full disk; one that loses what it had closed, with 1.
  const std::vector<int> allowed = signal == SIGKILL   ? std::vector{128 + SIGKILL, 0, 2}
                                   : signal == SIGTERM ? std::vector{0, 1, 2, 128 + SIGTERM}
                                                       : std::vector{0};
  if (std::find(allowed.begin(), allowed.end(), status) == allowed.end()) {
    Complain(absl::StrCat("ended with status ", status, " on signal ", signal));
  }
}

void WholeCollector::Drain() {
  if (runs()) {
    const int status = Wait();
    // It may have failed to begin while the disk was full.
    Finish(status, status == 2 ? SIGTERM : 0);
  }
  Start();
  Finish(Wait(), 0);
}

SpooledReports WholeCollector::Reports(std::vector<std::string>& problems) const {
  SpooledReports spooled = account_;
  uint64_t closed_before = 0;
  for (size_t life = 0; life < ended_.size(); ++life) {
    const std::vector<v1::WindowReport>& all = CaptureOf(life).reports;
    const uint64_t reports = ended_[life].closed - std::min(closed_before, ended_[life].closed);
    if (ended_[life].closed < closed_before || reports > all.size()) {
      problems.push_back(absl::StrCat(name(), ", life ", life, ": the spool went from ", closed_before,
                                      " to ", ended_[life].closed, " reports; the capture has ", all.size()));
      continue;
    }
    for (uint64_t n = 0; n < reports; ++n) {
      const bool may_be_cut = ended_[life].is_asked && n + 1 == reports;
      v1::WindowReport& report = (may_be_cut ? spooled.cut_short : spooled.reports).emplace_back(all[n]);
      report.set_point(PointName());
    }
    closed_before = ended_[life].closed;
  }
  if (spooled.closed != spooled.acknowledged + spooled.evicted) {
    problems.push_back(absl::StrCat(name(), ": closed ", spooled.closed, ", acknowledged ",
                                    spooled.acknowledged, ", evicted ", spooled.evicted));
  }
  return spooled;
}

}  // namespace kansoku::testing
