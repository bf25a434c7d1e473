// SPDX-License-Identifier: Apache-2.0
//
// What can be changed of an exporter that runs.
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <optional>

#include "collector/export/export_stream.h"
#include "collector/export/exporter.h"
#include "proto/transport/credentials.h"

namespace kansoku::collector {
namespace {

bool IsEqual(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

}  // namespace

absl::Status Exporter::Reconfigure(ExportSettings settings) {
  auto credentials =
      MakeChannelCredentials(settings.aggregator.has_tls() ? &settings.aggregator.tls() : nullptr);
  if (!credentials.ok()) return credentials.status();
  change_.Leave(std::move(settings), *std::move(credentials));
  queue_.Interrupt();
  return absl::OkStatus();
}

void Exporter::TellConfiguration(const v1::ConfigurationState& state) {
  change_.Leave(state);
  queue_.Interrupt();
}

void Exporter::TakeChange(absl::Time now) {
  ExportChange change = change_.Take();
  if (change.configuration.has_value()) {
    configuration_ = *change.configuration;
    account_due_ = true;
  }
  if (change.settings.has_value()) TakeSettings(std::move(change), now);
}

// What was sent to this aggregator and has arrived should not go to another one.
void Exporter::SayGoodbye(absl::Time now) {
  if (delivery_.phase() != Delivery::Phase::kStreaming || delivery_.bytes_in_flight() == 0) return;
  stream_->Finish(kGoodbye);
  const std::optional<uint64_t> through = stream_->Take().acknowledged_through;
  if (through.has_value() && delivery_.Acknowledge(*through, now).ok()) Trim(now);
}

void Exporter::TakeSettings(ExportChange change, absl::Time now) {
  ExportSettings& settings = *change.settings;
  const bool is_same_aggregator =
      IsEqual(settings.aggregator, options_.aggregator) &&
      std::equal(settings.points.begin(), settings.points.end(), options_.points.begin(),
                 options_.points.end(), [](const auto& a, const auto& b) { return IsEqual(a, b); });
  settings.spool.set_path(options_.spool.path());
  options_.spool = std::move(settings.spool);
  spool_->SetLimits(Spool::LimitsOf(options_.spool));
  if (is_same_aggregator) return;
  if (settings.aggregator.address() != options_.aggregator.address()) SayGoodbye(now);
  options_.aggregator = std::move(settings.aggregator);
  options_.points = std::move(settings.points);
  credentials_ = std::move(change.credentials);
  stream_.reset();
  is_turning_ = false;
  delivery_.Configure(DeliveryOptionsOf(options_.aggregator));
  delivery_.Move(now, random_);
}

}  // namespace kansoku::collector
