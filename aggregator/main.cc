// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "aggregator/aggregator.h"
#include "aggregator/config.h"
#include "aggregator/process_rights.h"
#include "proto/contract/version.h"
#include "proto/transport/handshake_log.h"

namespace kansoku::aggregator {
namespace {

constexpr int kOk = 0, kBadUse = 2;

int Refuse(std::string_view what) {
  std::cerr << "kansoku-aggregator: " << what << "\n";
  return kBadUse;
}

// Blocked before any thread starts, so that all of them inherit the mask and only Wait sees the signals.
sigset_t BlockStopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

int Serve(const v1::AggregatorConfig& config) {
  if (absl::Status status = GiveUpRights(); !status.ok()) return Refuse(std::string(status.message()));
  const sigset_t stop_signals = BlockStopSignals();
  ListenToHandshakes([](const std::string& line) { std::cerr << "kansoku-aggregator: " + line + "\n"; });
  absl::StatusOr<std::unique_ptr<Aggregator>> aggregator = Aggregator::Start(
      config, [](const std::string& line) { std::cerr << "kansoku-aggregator: " + line + "\n"; });
  if (!aggregator.ok()) return Refuse(std::string(aggregator.status().message()));
  std::cout << "listening: grpc " << (*aggregator)->grpc_address() << ", metrics http://"
            << (*aggregator)->metrics_address() << "/metrics" << std::endl;
  int signal = 0;
  while (sigwait(&stop_signals, &signal) != 0) {
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
  app.add_flag("--check-config", check_only, "Check the configuration file and exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kBadUse;
  }
  const absl::StatusOr<v1::AggregatorConfig> config = LoadConfig(config_path);
  if (!config.ok()) return Refuse(std::string(config.status().message()));
  if (check_only) {
    std::cout << config_path << ": ok, store " << config->store_path() << "\n";
    return kOk;
  }
  return Serve(*config);
}

}  // namespace kansoku::aggregator

int main(int argc, char** argv) { return kansoku::aggregator::Main(argc, argv); }
