// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "collector/collector.h"
#include "collector/config.h"
#include "collector/doctor/examination.h"
#include "collector/doctor/examination_watch.h"
#include "collector/doctor/findings_output.h"
#include "collector/doctor_command.h"
#include "collector/measure.h"
#include "collector/own_state.h"
#include "collector/source_options.h"
#include "collector/stop_signals.h"
#include "collector/survey_list_file.h"
#include "proto/confinement/process_rights.h"
#include "proto/confinement/system_call_filter.h"
#include "proto/contract/version.h"
#include "proto/exposition/metrics_server.h"
#include "proto/terminal/progress.h"
#include "proto/transport/handshake_log.h"

namespace kansoku::collector {
namespace {

constexpr int kOk = 0, kProblem = 1, kBadUse = 2;
constexpr absl::Duration kDrainTimeout = absl::Seconds(5);

// An interface may be made anew, and a clock be set right, while a collector runs.
constexpr absl::Duration kExaminedEvery = absl::Seconds(10);
// Asked before the system calls are filtered.
const bool kIsTerminal = isatty(STDERR_FILENO) == 1;
constexpr absl::Duration kDrawnEvery = absl::Milliseconds(500);

void Say(const std::string& line) {
  std::cerr << absl::StrCat(OverProgress(kIsTerminal), "kansoku-collector: ", line, "\n");
}

// Draws meanwhile how far the links' files have been read, where links are files: live ones have no end.
StopSignals::Reason Wait(const StopSignals& signals, const Collector& collector, bool reads_files,
                         Progress& progress) {
  if (!kIsTerminal || !reads_files) return signals.Wait();
  while (true) {
    const std::optional<StopSignals::Reason> reason = signals.WaitFor(kDrawnEvery);
    if (reason.has_value()) return *reason;
    const ReadShare share = collector.read_share();
    if (share.octets > 0) progress.Tell(share.read_octets, share.octets, absl::Now());
  }
}

int Refuse(const absl::Status& status) {
  Say(std::string(status.message()));
  return kBadUse;
}

const char* EvictedBecause(int reason) {
  switch (reason) {
    case v1::Tombstone::REASON_QUEUE_FULL:
      return "the disk could not keep up";
    case v1::Tombstone::REASON_SPOOL_FULL:
      return "the spool was full";
    case v1::Tombstone::REASON_DAMAGED:
      return "the spool was damaged";
    case v1::Tombstone::REASON_EXPIRED:
      return "they had waited for too long";
    case v1::Tombstone::REASON_UNDECIDED:
      return "nobody could tell whether they were counted";
    default:
      return "for a reason that this version does not know";
  }
}

int CheckConfig(const std::string& path) {
  const absl::StatusOr<CheckedConfig> config = LoadConfig(path);
  if (!config.ok()) return Refuse(config.status());
  const absl::StatusOr<SurveyLists> lists =
      ReadSurveyLists(config->config.darknet_sources(), FirstPacketUnixNs(config->config, absl::Now()));
  if (!lists.ok()) return Refuse(lists.status());
  std::cout << path << ": ok, " << config->config.links_size() << " links, "
            << config->plan->subscriber_ranges() << " subscriber prefixes, "
            << config->config.telescopes_size() << " telescope prefixes, " << lists->lists().size()
            << " survey lists\n";
  return kOk;
}

std::string Told(const Collector::Reloaded& reloaded) {
  std::string told =
      absl::StrCat("configuration read again: packets count by it from ",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", reloaded.counted_from, absl::UTCTimeZone()),
                   " on; changed: ", reloaded.taken.empty() ? "no key" : absl::StrJoin(reloaded.taken, ", "));
  if (!reloaded.awaiting_restart.empty())
    absl::StrAppend(&told,
                    "; changed, but wait for a restart: ", absl::StrJoin(reloaded.awaiting_restart, ", "));
  return told;
}

// Reads the file again; says and tells the aggregator what came of it.
void Reload(const std::string& path, Collector& collector, v1::ConfigurationState& state) {
  const absl::StatusOr<CheckedConfig> wanted = LoadConfig(path);
  const absl::StatusOr<Collector::Reloaded> reloaded =
      wanted.ok() ? collector.Reload(*wanted) : wanted.status();
  state.set_is_refused(!reloaded.ok());
  if (reloaded.ok()) {
    state.set_taken(state.taken() + 1);
    state.set_awaiting_restart(reloaded->awaiting_restart.size());
    Say(Told(*reloaded));
  } else {
    state.set_refused(state.refused() + 1);
    Say(absl::StrCat("configuration NOT taken, the one before stays in force: ",
                     reloaded.status().message()));
  }
  collector.TellConfiguration(state);
}

// What an operator should hear of before any number is made.
void SayFindings(const Examination& examination) {
  for (const Finding& finding : examination.Examine()) {
    if (finding.verdict >= Verdict::kDistorts) Say(absl::StrCat("preflight: ", FindingText(finding)));
  }
}

int ExitStatusOf(Verdict worst) {
  switch (worst) {
    case Verdict::kOk:
    case Verdict::kNote:
      return kOk;
    case Verdict::kDistorts:
      return kProblem;
    case Verdict::kCannotMeasure:
      break;
  }
  return kBadUse;
}

// Null where the configuration wants none.
absl::StatusOr<std::unique_ptr<MetricsServer>> ServeMetrics(const v1::CollectorConfig& config,
                                                            MetricsServer::MetricsText text) {
  const std::string& listen = config.metrics_listen();
  if (listen.empty()) return nullptr;
  auto server = MetricsServer::Start(listen, std::move(text), config.metrics(), absl::Now());
  if (server.ok()) {
    Say(absl::StrCat("metrics: ", config.metrics().certificate_path().empty() ? "http://" : "https://",
                     listen.substr(0, listen.rfind(':')), ":", (*server)->port(), "/metrics"));
  }
  return server;
}

int Collect(const std::string& path) {
  const absl::Time started = absl::Now();
  const StopSignals signals;
  Progress progress(STDERR_FILENO, "reading the links' files");
  const absl::StatusOr<CheckedConfig> config = LoadConfig(path);
  if (!config.ok()) return Refuse(config.status());
  const auto& links = config->config.links();
  const bool captures_live = std::any_of(
      links.begin(), links.end(), [](const v1::LinkConfig& link) { return !link.interface().empty(); });
  const bool reads_files = std::any_of(links.begin(), links.end(),
                                       [](const v1::LinkConfig& link) { return !link.file().empty(); });
  // Now, with the rights that the next line gives up.
  const Examination examination(config->config);
  if (absl::Status status = KeepOnlyCaptureRight(captures_live); !status.ok()) return Refuse(status);
  const ExaminationWatch watch(examination, config->config, kExaminedEvery);
  ListenToHandshakes(Say);
  absl::StatusOr<std::unique_ptr<Collector>> collector = Collector::Open(
      *config, {.say = Say,
                .finished = StopSignals::SignalFinished,
                .flags_of = [&watch](const v1::LinkConfig& link) { return watch.FlagsOf(link); }});
  if (!collector.ok()) return Refuse(collector.status());
  if (captures_live) SayFindings(examination);
  const auto metrics_server = ServeMetrics(config->config, [&] {
    return OwnMetricsText(ReadOwnState(**collector, watch.findings(), config->config, started));
  });
  if (!metrics_server.ok()) return Refuse(metrics_server.status());
  const SystemCallNeeds needs{.packet_sockets = captures_live, .accepting = *metrics_server != nullptr};
  if (absl::Status status = FilterSystemCalls(needs); !status.ok()) return Refuse(status);
  (*collector)->Start();
  v1::ConfigurationState configuration;
  StopSignals::Reason reason = Wait(signals, **collector, reads_files, progress);
  for (; reason == StopSignals::Reason::kReload; reason = Wait(signals, **collector, reads_files, progress))
    Reload(path, **collector, configuration);
  if (reason == StopSignals::Reason::kAsked) Say("stopping: closing the open windows");
  (*collector)->Stop(kDrainTimeout);
  const ExportStatus status = (*collector)->export_status();
  const v1::Delivery& delivery = status.delivery;
  Say(std::to_string(delivery.reports_closed()) + " reports closed, " +
      std::to_string(delivery.reports_acknowledged()) + " acknowledged, " +
      std::to_string(delivery.reports_spooled()) + " in the spool, " +
      std::to_string(delivery.reports_evicted()) + " evicted");
  for (int evicted = 1; evicted < v1::Tombstone::Reason_ARRAYSIZE; ++evicted) {
    const uint64_t reports = status.spool.evicted[evicted];
    if (reports > 0) Say(std::to_string(reports) + " evicted: " + EvictedBecause(evicted));
  }
  const uint64_t lost = status.waiting + status.refused;
  if (lost > 0) Say(std::to_string(lost) + " closed reports are lost: the spool could not take them");
  return (*collector)->failed() || lost > 0 ? kProblem : kOk;
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app("Meters packets and reports windows of counters to a Kansoku aggregator.",
               "kansoku-collector");
  app.set_version_flag("--version", "kansoku-collector " + std::string(SoftwareVersion()));
  std::string config_path;
  bool check_only = false;
  auto* config = app.add_option("--config", config_path, "Configuration file (docs/configuration.md)");
  app.add_flag("--check-config", check_only, "Check the configuration file, say what is in it, and exit")
      ->needs(config);

  MeasureOptions measure;
  std::string format = "table";
  auto* measuring =
      app.add_subcommand("measure", "Meter capture files without an aggregator and print the totals");
  measuring->add_option("FILE", measure.files, "Capture files, - for standard input")->required();
  measuring->add_option("--config", measure.config_path, "Classify as this configuration's first link does");
  measuring->add_option("--format", format, "table, or json: one object for each file, a line each")
      ->check(CLI::IsMember({"table", "json"}));
  measuring
      ->add_option_function<std::string>(
          "--layer",
          [&measure](const std::string& layer) {
            measure.layer = layer == "outer" ? Layer::kOuter : Layer::kInner;
          },
          "Count tunnelled packets by their inner or their outer IP header, whatever the configuration says")
      ->check(CLI::IsMember({"inner", "outer"}));
  measuring->add_option("--flows", measure.flows_path,
                        "Also write every unidirectional five-tuple to this CSV file");
  measuring->add_option("--ports", measure.ports_path,
                        "Also write packets and addresses by destination port to this CSV file");
  measuring
      ->add_option("--flow-table-entries", measure.flow_table_entries,
                   "Size of the flow table, whatever the configuration says")
      ->check(CLI::Range(1u, 67108864u));

  DoctorOptions doctor;
  auto* examining =
      app.add_subcommand("doctor", "Say what of this machine will distort the measurement, and what to do");
  examining->footer("Exits with 0 if nothing does, 1 if something distorts, 2 if nothing can be measured.");
  auto* doctor_config =
      examining->add_option("--config", doctor.config_path, "Of the interfaces of this configuration file");
  examining
      ->add_option("--interface", doctor.interfaces, "Of these interfaces, with the defaults of every key")
      ->excludes(doctor_config);
  examining->add_flag("--json", doctor.json, "Print one object, in a line");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kBadUse;
  }
  if (absl::Status status = KeepMemoryPrivate(); !status.ok()) return Refuse(status);
  if (measuring->parsed()) {
    measure.json = format == "json";
    const absl::StatusOr<bool> clean = Measure(measure, std::cout, std::cerr);
    if (!clean.ok()) return Refuse(clean.status());
    return *clean ? kOk : kProblem;
  }
  if (examining->parsed()) {
    if (doctor.config_path.empty() && doctor.interfaces.empty()) {
      Say("doctor: give --config FILE or --interface NAME");
      return kBadUse;
    }
    const absl::StatusOr<Verdict> worst = Examine(doctor, std::cout);
    return worst.ok() ? ExitStatusOf(*worst) : Refuse(worst.status());
  }
  if (config_path.empty()) {
    Say("nothing to do: give --config FILE, measure FILE... or doctor; see --help");
    return kBadUse;
  }
  return check_only ? CheckConfig(config_path) : Collect(config_path);
}

}  // namespace kansoku::collector

int main(int argc, char** argv) { return kansoku::collector::Main(argc, argv); }
