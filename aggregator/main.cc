// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/stubs/logging.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "aggregator/aggregator.h"
#include "aggregator/config.h"
#include "aggregator/open_files.h"
#include "aggregator/register/register_folder.h"
#include "aggregator/serve/port_table.h"
#include "proto/confinement/process_rights.h"
#include "proto/confinement/system_call_filter.h"
#include "proto/contract/version.h"
#include "proto/transport/handshake_log.h"

namespace kansoku::aggregator {
namespace {

constexpr int kOk = 0, kBadUse = 2;

void Say(const std::string& line) { std::cerr << "kansoku-aggregator: " + line + "\n"; }

int Refuse(const std::string& what) {
  Say(what);
  return kBadUse;
}

// Blocked before any thread starts, so that all of them inherit the mask and only Serve sees the signals.
sigset_t BlockSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

// Keeps what is there when the file cannot be taken, and says so.
void ReadRegistryAgain(const std::string& config_path, Aggregator& aggregator) {
  const absl::StatusOr<v1::AggregatorConfig> config = LoadConfig(config_path);
  const absl::Status status = config.ok() ? aggregator.ReplaceRegistry(*config) : config.status();
  if (status.ok() && !config->has_tls()) return;
  if (status.ok()) {
    Say(absl::StrCat("the registry was read again: ", config->registry().collectors_size(), " collectors, ",
                     config->registry().clients_size(), " clients (other keys are read at start)"));
  } else {
    Say(absl::StrCat("the registry stays as it was: ", absl::string_view(status.message())));
  }
}

// What is wrong with it the aggregator says itself.
void ReadStatisticsAgain(Aggregator& aggregator) {
  if (aggregator.ReadStatisticsAgain().ok()) Say("the register of statistics was read again");
}

void ReadPortCategoriesAgain(Aggregator& aggregator) {
  if (aggregator.ReadPortCategoriesAgain().ok()) Say("the table of port categories was read again");
}

int Serve(const std::string& config_path, const v1::AggregatorConfig& config) {
  // Debian builds abseil with its search for deadlocks among gRPC's locks, which takes a tenth of the time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // What cannot be read is refused with a reason; a peer must not fill the log with it besides.
  google::protobuf::SetLogHandler(nullptr);
  for (const auto& give_up : {KeepMemoryPrivate, GiveUpEveryRight}) {
    if (absl::Status status = give_up(); !status.ok()) return Refuse(std::string(status.message()));
  }
  const absl::StatusOr<uint64_t> most_open_files = RaiseOpenFileLimit();
  if (!most_open_files.ok()) return Refuse(std::string(most_open_files.status().message()));
  const auto collectors = static_cast<uint64_t>(config.registry().collectors_size());
  if (const std::string said = OpenFileShortfall(*most_open_files, collectors); !said.empty()) Say(said);
  const sigset_t signals = BlockSignals();
  ListenToHandshakes(Say);
  absl::StatusOr<std::unique_ptr<Aggregator>> aggregator = Aggregator::Start(config, Say);
  if (!aggregator.ok()) return Refuse(std::string(aggregator.status().message()));
  // Both servers listen by now; nothing else shall.
  if (absl::Status status = FilterSystemCalls({.accepting = true}); !status.ok())
    return Refuse(std::string(status.message()));
  std::cout << "listening: grpc " << (*aggregator)->grpc_address() << ", metrics "
            << (config.metrics().certificate_path().empty() ? "http://" : "https://")
            << (*aggregator)->metrics_address() << "/metrics" << std::endl;
  int signal = 0;
  while (sigwait(&signals, &signal) != 0 || signal == SIGHUP) {
    if (signal == SIGHUP) {
      ReadRegistryAgain(config_path, **aggregator);
      if (config.has_statistics()) ReadStatisticsAgain(**aggregator);
      if (!config.port_categories_path().empty()) ReadPortCategoriesAgain(**aggregator);
    }
    signal = 0;
  }
  (*aggregator)->Stop();
  return kOk;
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app("Stores the windows of Kansoku collectors exactly once and serves the figures.",
               "kansoku-aggregator");
  app.set_version_flag("--version", "kansoku-aggregator " + std::string(SoftwareVersion()));
  std::string config_path;
  bool check_only = false;
  app.add_option("--config", config_path, "Configuration file (docs/configuration.md)")->required();
  app.add_flag("--check-config", check_only, "Check the configuration and the register it names, and exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kBadUse;
  }
  const absl::StatusOr<v1::AggregatorConfig> config = LoadConfig(config_path);
  if (!config.ok()) return Refuse(std::string(config.status().message()));
  if (check_only) {
    if (config->has_statistics()) {
      const absl::StatusOr<Register> statistics = ReadRegister(config->statistics().folder());
      if (!statistics.ok()) return Refuse(std::string(statistics.status().message()));
      std::cout << config->statistics().folder() << ": ok, register " << statistics->digest << "\n";
    }
    if (const std::string& path = config->port_categories_path(); !path.empty()) {
      const absl::StatusOr<PortCategories> categories = ReadPortCategories(path);
      if (!categories.ok()) return Refuse(std::string(categories.status().message()));
      std::cout << path << ": ok, port categories\n";
    }
    std::cout << config_path << ": ok, store " << config->store_path() << "\n";
    return kOk;
  }
  return Serve(config_path, *config);
}

}  // namespace kansoku::aggregator

int main(int argc, char** argv) { return kansoku::aggregator::Main(argc, argv); }
