// SPDX-License-Identifier: Apache-2.0
//
// A collector without its front: hands made reports to a real exporter and keeps account of what the exporter
// says became of them, so that the truth is known to the report even after kill -9.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "collector/export/exporter.h"
#include "tests/faults/driver_account.h"
#include "tests/faults/made_report.h"

namespace kansoku::testing {
namespace {

constexpr absl::Duration kDrainDeadline = absl::Seconds(60);
constexpr std::chrono::microseconds kNotice(2'000);  // between looks at what the exporter and the harness say

struct Options {
  collector::ExportOptions exporting;
  std::string account_path;
  std::string log_path;
  uint64_t traffic_seed = 0;
  uint64_t life = 0;
  uint64_t reports = 0;
  uint64_t pace_microseconds = 0;
  bool waits_for_room = false;
};

void Note(const collector::ExportStatus& status, DriverAccount& account) {
  account.closed = status.delivery.reports_closed();
  account.acknowledged = status.delivery.reports_acknowledged();
  account.evicted = status.delivery.reports_evicted();
  account.spooled = status.delivery.reports_spooled();
}

void HandOver(const Options& options, collector::Exporter& exporter, DriverAccount& account) {
  const uint64_t n = options.life * kReportsPerLife + account.submitted++;
  v1::WindowReport report = MadeReport(options.exporting.collector, options.traffic_seed, n);
  options.waits_for_room ? exporter.SubmitAndWait(std::move(report)) : exporter.Submit(std::move(report));
}

// Hands over one report after the other until it is told to stop, as the worker of a link does: it may be
// waiting for room behind a full disk, and then ends only when the exporter does.
void Work(const std::stop_token& stop, const Options& options, collector::Exporter& exporter,
          DriverAccount& account) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    const bool is_done = account.submitted >= options.reports;
    if (!is_done) HandOver(options, exporter, account);
    Note(exporter.Status(), account);
    const auto pause = is_done ? kNotice : std::chrono::microseconds(options.pace_microseconds);
    stopped.wait_for(lock, stop, pause, [] { return false; });
  }
}

// True when SIGTERM came, false when it was asked to drain.
bool AwaitEnd(const sigset_t& stop, const DriverAccount& account) {
  const timespec notice{0, std::chrono::nanoseconds(kNotice).count()};
  while (account.drain_asked == 0) {
    if (sigtimedwait(&stop, nullptr, &notice) == SIGTERM) return true;
  }
  return false;
}

int Drive(Options options) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  DriverAccount& account = MapDriverAccount(options.account_path);
  std::ofstream log(options.log_path, std::ios::app);
  options.exporting.on_change = [&log](const std::string& line) { log << line << std::endl; };
  options.exporting.points = MadePoints(options.exporting.collector);
  const absl::StatusOr<std::unique_ptr<collector::Exporter>> exporter =
      collector::Exporter::Open(options.exporting);
  if (!exporter.ok()) {
    log << "life " << options.life << ": " << exporter.status().message() << std::endl;
    return 1;
  }
  const collector::ExportStatus opened = (*exporter)->Status();
  Note(opened, account);
  account.closed_at_open = opened.delivery.reports_closed();
  account.epoch = opened.epoch;
  (*exporter)->Start();
  std::jthread worker([&](const std::stop_token& stopping) { Work(stopping, options, **exporter, account); });
  const bool was_told_to_stop = AwaitEnd(stop, account);
  worker.request_stop();
  if (!was_told_to_stop) {
    worker.join();
    // A report that can only be acknowledged over a connection of the calm.
    HandOver(options, **exporter, account);
    account.drained = (*exporter)->Drain(kDrainDeadline) ? 1 : 0;
  }
  (*exporter)->Stop();
  if (worker.joinable()) worker.join();
  const collector::ExportStatus last = (*exporter)->Status();
  Note(last, account);
  account.lost = last.waiting + last.refused;
  account.ended = 1;
  return 0;
}

}  // namespace
}  // namespace kansoku::testing

int main(int argc, char** argv) {
  kansoku::testing::Options options;
  kansoku::collector::ExportOptions& exporting = options.exporting;
  std::string address, spool;
  uint64_t spool_bytes = 0, batch_bytes = 0, bytes_in_flight = 0;
  CLI::App app("Hands made reports to the exporter of a collector.", "kansoku-report-driver");
  app.add_option("--name", exporting.collector, "Collector's name")->required();
  app.add_option("--aggregator", address, "Where reports go")->required();
  app.add_option("--spool", spool, "The spool's file")->required();
  app.add_option("--spool-bytes", spool_bytes, "Its size")->required();
  app.add_option("--batch-bytes", batch_bytes, "Largest batch")->required();
  app.add_option("--bytes-in-flight", bytes_in_flight, "Sent ahead of acknowledgements")->required();
  app.add_option("--queued-reports", exporting.max_queued_reports, "Room before the spool")->required();
  app.add_option("--account", options.account_path, "File to keep account in")->required();
  app.add_option("--log", options.log_path, "File to say in what happens")->required();
  app.add_option("--seed", options.traffic_seed, "Of the reports")->required();
  app.add_option("--life", options.life, "Which life of this collector it is")->required();
  app.add_option("--reports", options.reports, "How many to hand over")->required();
  app.add_option("--pace-microseconds", options.pace_microseconds, "Pause after each")->required();
  std::string certificate, key, authorities;
  CLI::Option* const has_certificate =
      app.add_option("--certificate", certificate, "Its own; else plain text");
  app.add_option("--key", key, "The certificate's")->needs(has_certificate);
  app.add_option("--authorities", authorities, "Of the aggregator's certificate")->needs(has_certificate);
  app.add_flag("--wait-for-room", options.waits_for_room, "Wait for the queue, as a capture file does");
  CLI11_PARSE(app, argc, argv);
  exporting.isp = "test-isp";
  exporting.software_version = "driver";
  exporting.jitter_seed = options.traffic_seed + options.life;
  exporting.aggregator.set_address(address);
  // The shortest that a configuration may say.
  exporting.aggregator.set_acknowledgement_deadline_seconds(1);
  exporting.aggregator.set_max_backoff_seconds(1);
  exporting.aggregator.set_max_batch_bytes(batch_bytes);
  exporting.aggregator.set_max_bytes_in_flight(bytes_in_flight);
  if (!certificate.empty()) {
    kansoku::v1::TlsConfig& tls = *exporting.aggregator.mutable_tls();
    tls.set_certificate_path(certificate);
    tls.set_key_path(key);
    tls.set_authorities_path(authorities);
  }
  exporting.spool.set_path(spool);
  exporting.spool.set_max_bytes(spool_bytes);
  exporting.spool.set_max_age_hours(1);
  return kansoku::testing::Drive(std::move(options));
}
