// SPDX-License-Identifier: Apache-2.0
//
// What is changed of an exporter while it runs: left by any thread, taken by the exporter's own.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/ingest.pb.h"

namespace grpc {
class ChannelCredentials;
}

namespace kansoku::collector {

struct ExportSettings {
  v1::AggregatorAddress aggregator;  // with every default in place; its certificates' files were checked
  v1::SpoolConfig spool;             // its path cannot change
  std::vector<v1::PointDescription> points;
};

struct ExportChange {
  std::optional<ExportSettings> settings;
  std::shared_ptr<grpc::ChannelCredentials> credentials;  // with settings
  std::optional<v1::ConfigurationState> configuration;    // for the aggregator to know
};

class PendingExportChange {
 public:
  // The newest of each kind stays.
  void Leave(ExportSettings settings, std::shared_ptr<grpc::ChannelCredentials> credentials) {
    const std::lock_guard lock(mutex_);
    change_.settings = std::move(settings);
    change_.credentials = std::move(credentials);
  }
  void Leave(const v1::ConfigurationState& configuration) {
    const std::lock_guard lock(mutex_);
    change_.configuration = configuration;
  }

  ExportChange Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(change_, {});
  }

 private:
  std::mutex mutex_;
  ExportChange change_;
};

}  // namespace kansoku::collector
