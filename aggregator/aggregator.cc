// SPDX-License-Identifier: Apache-2.0
#include "aggregator/aggregator.h"

#include <unistd.h>

#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/access/access_control.h"
#include "aggregator/ingest/commit_queue.h"
#include "aggregator/ingest/ingest_service.h"
#include "aggregator/register/register_folder.h"
#include "aggregator/serve/admin_service.h"
#include "aggregator/serve/grpc_server.h"
#include "aggregator/serve/metrics_collectable.h"
#include "aggregator/serve/query_service.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/keeper_thread.h"
#include "proto/contract/message_size.h"
#include "proto/exposition/disk_use.h"
#include "proto/exposition/metrics_server.h"
#include "proto/exposition/process_use.h"
#include "proto/terminal/progress.h"
#include "proto/transport/certificate_files.h"
#include "proto/transport/handshake_log.h"

namespace kansoku::aggregator {
namespace {

// For questions that are being answered.
constexpr absl::Duration kShutdownDeadline = absl::Seconds(2);

SqliteStoreOptions StoreOptions(const v1::AggregatorConfig& config) {
  SqliteStoreOptions options;
  options.path = config.store_path();
  options.retention.window_hours = config.retention().window_hours();
  options.retention.five_minute_days = config.retention().five_minute_days();
  options.retention.hour_days = config.retention().hour_days();
  options.quarantine_octets = config.quarantine_bytes();
  return options;
}

// Shows how far it is where an older version's file is brought to this one.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const v1::AggregatorConfig& config) {
  Progress progress(STDERR_FILENO, absl::StrCat("bringing ", config.store_path(), " to this version"));
  SqliteStoreOptions options = StoreOptions(config);
  options.on_migration = [&progress](int done, int steps) {
    progress.Tell(static_cast<uint64_t>(done), static_cast<uint64_t>(steps), absl::Now());
  };
  return SqliteStore::Open(options);
}

CommitQueueOptions QueueOptions(const v1::AggregatorConfig& config,
                                std::function<void(const absl::Status&)> on_store_change) {
  CommitQueueOptions options;
  options.on_store_change = std::move(on_store_change);
  options.interval = absl::Milliseconds(config.commit_interval_milliseconds());
  return options;
}

ClockTolerance ToleranceOf(const v1::ClockConfig& config) {
  return {.ahead = absl::Seconds(config.max_ahead_seconds()),
          .behind = config.max_behind_days() == 0 ? absl::InfiniteDuration()
                                                  : absl::Hours(24 * config.max_behind_days())};
}

IngestLimits LimitsOf(const v1::LimitConfig& config) {
  IngestLimits limits;
  limits.send.times_live = config.times_live();
  limits.send.octets_per_second = config.bytes_per_second();
  return limits;
}

// Two threads may have something to say at once.
Aggregator::Say OneAtATime(Aggregator::Say say) {
  return [mutex = std::make_shared<std::mutex>(), say = std::move(say)](const std::string& line) {
    const std::lock_guard lock(*mutex);
    say(line);
  };
}

// The address as configured, with the port that was bound.
std::string WithPort(const std::string& host_port, int port) {
  return absl::StrCat(host_port.substr(0, host_port.rfind(':')), ":", port);
}

EdgeCounts EdgeCountsOf(const AcknowledgementTimes& times) {
  EdgeCounts counts{.below = {}, .count = times.count, .sum = times.sum_seconds};
  for (size_t edge = 0; edge < times.within.size(); ++edge)
    counts.below.push_back({times.kEdgesSeconds[edge], times.within[edge]});
  return counts;
}

// What a peer must find valid. A file that cannot be read any more is complained about where it is used.
std::map<std::string, std::string> CertificatePaths(const v1::AggregatorConfig& config) {
  std::map<std::string, std::string> paths;
  if (config.has_tls()) paths["grpc"] = config.tls().certificate_path();
  if (!config.metrics().certificate_path().empty()) paths["metrics"] = config.metrics().certificate_path();
  return paths;
}

}  // namespace

// In the order in which a report meets them; destroyed the other way round.
struct Aggregator::Parts {
  Parts(std::unique_ptr<Store> opened, const v1::AggregatorConfig& config, Say say)
      : say_line(OneAtATime(std::move(say))),
        store(std::move(opened)),
        commits(*store, QueueOptions(config, [this](const absl::Status& status) { StoreChanged(status); }),
                [] { return absl::Now(); }),
        has_registry(config.has_tls()),
        access(config.has_tls() ? AccessControl::By(config.registry()) : AccessControl::Open()),
        ingest(
            commits, access, ToleranceOf(config.clock()), [] { return absl::Now(); }, say_line, limit_counts,
            LimitsOf(config.limits())),
        query(
            *store, ports, [this] { return Live(); }, [] { return absl::Now(); }, access, limit_counts),
        admin(
            *store,
            [this](QuarantineDecision decision, QuarantineDecided decided) {
              return commits.Decide(std::move(decision), std::move(decided));
            },
            access, limit_counts),
        metrics(
            *store, ports, [this] { return Live(); }, [this] { return Use(); }, say_line),
        started(absl::Now()),
        store_path(config.store_path()),
        certificate_paths(CertificatePaths(config)),
        port_categories_path(config.port_categories_path()),
        statistics_folder(config.statistics().folder()),
        keeper(
            *store, CurrentMethod(), [] { return absl::Now(); }, say_line,
            [this](RememberedHours::GoesOn goes_on) { return query.ReadAhead(goes_on); }) {}

  LiveStatus Live() const {
    const IngestStatus status = ingest.status();
    LiveStatus live;
    for (const auto& [name, collector] : status.collectors) {
      if (collector.connected) live.connected_collectors.insert(name);
      live.refused_reports[name] = collector.refused_reports;
      if (collector.clock_offset.has_value()) live.clock_offsets[name] = *collector.clock_offset;
      if (collector.certificate_expiry.has_value())
        live.certificate_expiries[name] = *collector.certificate_expiry;
    }
    live.store_is_writable = status.commits.store_error.empty();
    live.commits = status.commits.commits;
    live.commit_errors = status.commits.commit_errors;
    live.expire_errors = status.commits.expire_errors;
    live.refused_hellos = status.refused_hellos;
    live.denied_queries = query.denied() + admin.denied();
    live.failed_handshakes = FailedHandshakes();
    live.exceeded_limits = limit_counts.ByLabel();
    const KeeperStatus kept = keeper.status();
    live.keeper_errors = kept.errors;
    if (!statistics_folder.empty()) live.register_is_taken = kept.register_is_taken;
    return live;
  }

  OwnUse Use() const {
    OwnUse use{.process = ReadProcessUse(started),
               .store = ReadDiskUse(store_path),
               .certificate_expiries = {},
               .acknowledgement_seconds = EdgeCountsOf(ingest.status().acknowledgements)};
    for (const auto& [of, path] : certificate_paths) {
      if (const auto expiry = CertificateExpiry(path); expiry.ok()) use.certificate_expiries[of] = *expiry;
    }
    return use;
  }

  // On the commit thread. Whoever hears of it finds health and metrics changed already.
  void StoreChanged(const absl::Status& status) {
    {
      const std::lock_guard lock(health_mutex);
      store_is_writable = status.ok();
      TellHealth();
    }
    if (status.ok()) return say_line("the store can be written again");
    say_line(absl::StrCat("the store cannot be written: ", status.message(),
                          "; nothing is acknowledged until it can, collectors keep their reports"));
  }
  absl::Status TakeStatistics() {
    const absl::Status taken = keeper.Take(ReadRegister(statistics_folder));
    if (taken.ok()) return taken;
    say_line(absl::StrCat("the register of statistics is not taken: ", taken.message(),
                          "; the one before stays in force, without one no month is computed"));
    return taken;
  }

  absl::Status TakePortCategories() {
    absl::StatusOr<PortCategories> read = ReadPortCategories(port_categories_path);
    if (read.ok()) {
      ports.Take(*std::move(read));
      return absl::OkStatus();
    }
    say_line(absl::StrCat("the table of port categories is not taken: ", read.status().message(),
                          "; the one before stays in force, without one shares of categories are withheld"));
    return read.status();
  }

  // With health_mutex held.
  void TellHealth() {
    if (health_of != nullptr) SetServing(*health_of, v1::Ingest::service_full_name(), store_is_writable);
  }

  const Aggregator::Say say_line;
  std::mutex health_mutex;
  bool store_is_writable = true;      // guarded by health_mutex
  grpc::Server* health_of = nullptr;  // the same; grpc's, once it is there
  std::unique_ptr<Store> store;
  CommitQueue commits;
  const bool has_registry;
  AccessControl access;
  LimitCounts limit_counts;
  IngestService ingest;
  PortTable ports;
  QueryService query;
  AdminService admin;
  MetricsCollectable metrics;
  const absl::Time started;
  const std::string store_path;
  const std::map<std::string, std::string> certificate_paths;  // by what they are shown at
  const std::string port_categories_path;                      // empty: no categories
  const std::string statistics_folder;                         // empty: no figures of months
  KeeperThread keeper;
  GrpcServer grpc;
  std::unique_ptr<MetricsServer> metrics_server;
  std::string grpc_address;
  std::string metrics_address;
};

absl::StatusOr<std::unique_ptr<Aggregator>> Aggregator::Start(const v1::AggregatorConfig& config, Say say) {
  if (config.has_tls()) {
    if (absl::Status status = CheckCertificateFiles(config.tls(), absl::Now()); !status.ok()) return status;
  }
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(config);
  if (!store.ok()) return store.status();
  auto parts = std::make_unique<Parts>(*std::move(store), config, std::move(say));

  // What is wrong was said already, and measuring must not wait for it.
  if (!parts->port_categories_path.empty()) parts->TakePortCategories().IgnoreError();

  const std::array<ServedService, 3> services = {{{v1::Ingest::service_full_name(), &parts->ingest},
                                                  {v1::Query::service_full_name(), &parts->query},
                                                  {v1::Admin::service_full_name(), &parts->admin}}};
  parts->commits.Start();
  absl::StatusOr<GrpcServer> grpc_server =
      StartGrpcServer({.address = config.listen(),
                       .most_receive_bytes = kMaxMessageBytes,
                       .most_transport_bytes = config.limits().transport_bytes(),
                       .with_reflection = !config.has_tls() || config.reflection(),
                       .tls = config.has_tls() ? &config.tls() : nullptr},
                      services);
  if (!grpc_server.ok()) return grpc_server.status();
  parts->grpc = *std::move(grpc_server);
  {
    const std::lock_guard lock(parts->health_mutex);
    parts->health_of = parts->grpc.server.get();
    parts->TellHealth();
  }
  parts->grpc_address = WithPort(config.listen(), parts->grpc.port);
  // If it fails that was said already, and measuring must not wait for it.
  if (config.has_statistics()) parts->TakeStatistics().IgnoreError();
  parts->keeper.Start();

  std::unique_ptr<Aggregator> aggregator(new Aggregator(std::move(parts)));
  Parts& started = *aggregator->parts_;
  absl::StatusOr<std::unique_ptr<MetricsServer>> metrics_server = MetricsServer::Start(
      config.metrics_listen(), [&started] { return started.metrics.Text(); }, config.metrics(), absl::Now());
  if (!metrics_server.ok()) return metrics_server.status();
  started.metrics_server = *std::move(metrics_server);
  started.metrics_address = WithPort(config.metrics_listen(), started.metrics_server->port());
  return aggregator;
}

Aggregator::Aggregator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Aggregator::~Aggregator() { Stop(); }

void Aggregator::Stop() {
  if (parts_ == nullptr) return;
  if (parts_->metrics_server != nullptr) parts_->metrics_server->Stop();
  // What the streams had brought is committed, though nobody hears of it any more.
  parts_->ingest.EndStreams();
  parts_->grpc.server->Shutdown(absl::ToChronoTime(absl::Now() + kShutdownDeadline));
  parts_->grpc.server->Wait();
  parts_->keeper.Stop();
  parts_->commits.Stop();
  parts_.reset();
}

absl::Status Aggregator::ReplaceRegistry(const v1::AggregatorConfig& config) {
  if (parts_->has_registry != config.has_tls()) {
    return absl::FailedPreconditionError(
        "tls cannot be turned on or off while the program runs; start it anew");
  }
  if (!parts_->has_registry) return absl::OkStatus();
  parts_->access.Replace(config.registry());
  parts_->ingest.CheckStreamsAgain();
  return absl::OkStatus();
}

absl::Status Aggregator::ReadStatisticsAgain() {
  if (parts_->statistics_folder.empty()) {
    return absl::FailedPreconditionError(
        "statistics cannot be turned on while the program runs; start it anew");
  }
  return parts_->TakeStatistics();
}

absl::Status Aggregator::ReadPortCategoriesAgain() {
  if (parts_->port_categories_path.empty()) {
    return absl::FailedPreconditionError(
        "port_categories_path cannot be given while the program runs; start it anew");
  }
  return parts_->TakePortCategories();
}

const std::string& Aggregator::grpc_address() const { return parts_->grpc_address; }
const std::string& Aggregator::metrics_address() const { return parts_->metrics_address; }

}  // namespace kansoku::aggregator
