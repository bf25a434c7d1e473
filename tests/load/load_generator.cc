// SPDX-License-Identifier: Apache-2.0
//
// Thousands of collectors in one process, each with a connection of its own, against one aggregator. Prints
// one JSON object: what was sent and acknowledged, how long acknowledgements took, and what it cost this
// process. tests/load/run starts it beside an aggregator and reads that one's cost.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>
#include <queue>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/load/simulated_collector.h"

namespace kansoku::load {
namespace {

struct Options {
  std::string aggregator = "127.0.0.1:50051";
  int collectors = 100;
  int cells = 50;
  double seconds = 30;
  double spread_seconds = 10;
  double connect_seconds = 10;
  double drain_seconds = 60;
  int backlog_collectors = 0;
  int backlog_windows = 360;
  int batch_windows = 1;
  int history_windows = 0;
  bool statistics = false;
  std::string certificates;
};

// Indices of collectors that have something to do, from gRPC's threads.
class Ready {
 public:
  void Add(size_t collector) {
    {
      const std::lock_guard lock(mutex_);
      collectors_.push_back(collector);
    }
    changed_.notify_one();
  }
  std::vector<size_t> Take(absl::Time deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, absl::ToChronoTime(deadline), [this] { return !collectors_.empty(); });
    return std::exchange(collectors_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<size_t> collectors_;
};

struct Due {
  absl::Time at;
  size_t collector;
  bool operator>(const Due& other) const { return at > other.at; }
};

double Milliseconds(std::vector<absl::Duration>& waits, double quantile) {
  if (waits.empty()) return 0;
  const size_t at =
      std::min(waits.size() - 1, static_cast<size_t>(quantile * static_cast<double>(waits.size())));
  std::nth_element(waits.begin(), waits.begin() + static_cast<std::ptrdiff_t>(at), waits.end());
  return absl::ToDoubleMilliseconds(waits[at]);
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Octets as a collector's statistics have them: some thirty buckets for each class.
void AddStatistics(v1::Measurement& measurement) {
  for (v1::Cell& cell : *measurement.mutable_cells()) {
    v1::FlowStatistics& statistics = *cell.mutable_statistics();
    statistics.set_tcp_segments(cell.packets());
    for (v1::Histogram* histogram : {statistics.mutable_packet_octets(), statistics.mutable_flow_octets(),
                                     statistics.mutable_flow_milliseconds()}) {
      for (uint32_t bucket = 40; bucket < 50; ++bucket) {
        histogram->add_buckets(bucket);
        histogram->add_counts(cell.packets() / 10);
      }
    }
  }
}

v1::Measurement MeasurementOf(const Options& options) {
  v1::Measurement measurement = aggregator::SampleMeasurement(1, options.cells, false);
  if (options.statistics) AddStatistics(measurement);
  return measurement;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string NameOf(int collector) { return "load-" + std::to_string(collector); }

// Plain text without a folder. Credentials that watch their files, as a collector's do, take a thread each.
std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const std::string& folder, const std::string& name) {
  if (folder.empty()) return grpc::InsecureChannelCredentials();
  const std::string path = folder + "/" + name;
  return grpc::SslCredentials({.pem_root_certs = Read(path + ".authority.crt"),
                               .pem_private_key = Read(path + ".key"),
                               .pem_cert_chain = Read(path + ".crt")});
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), measurement_(MeasurementOf(options)) {}

  nlohmann::json Run() {
    Connect();
    std::cerr << "measuring" << std::endl;  // whoever measures the aggregator begins now
    const absl::Time start = absl::Now();
    const double cpu = CpuSeconds();
    const uint64_t acknowledged = AcknowledgedWindows();
    Close(start, start + absl::Seconds(options_.seconds));
    nlohmann::json out = {{"collectors", collectors_.size()},
                          {"cells", options_.cells},
                          {"seconds", absl::ToDoubleSeconds(absl::Now() - start)},
                          {"acknowledged_windows", AcknowledgedWindows() - acknowledged},
                          {"own_cpu_seconds", CpuSeconds() - cpu}};
    std::cerr << "measured" << std::endl;
    Drain();
    out["backlog_seconds"] = absl::ToDoubleSeconds(backlog_gone_ - start);
    Add(out);
    return out;
  }

 private:
  // Everyone without a backlog is welcomed before the clock starts.
  void Connect() {
    const absl::Time start = absl::Now();
    const int64_t now_s = absl::ToUnixSeconds(start) / kWindowSeconds * kWindowSeconds;
    // Windows that come in batches of more than one are of earlier times, or they would be of the future.
    const int earlier =
        (options_.batch_windows - 1) * static_cast<int>(options_.seconds / kWindowSeconds + 1);
    for (int i = 0; i < options_.collectors; ++i) {
      const int backlog = BacklogOf(i);
      const size_t index = collectors_.size();
      collectors_.push_back(std::make_unique<SimulatedCollector>(
          SimulatedCollectorOptions{
              .name = NameOf(i),
              .aggregator = options_.aggregator,
              .credentials = CredentialsOf(options_.certificates, NameOf(i)),
              .measurement = &measurement_,
              .first_window_unix_seconds = now_s - int64_t{backlog + earlier} * kWindowSeconds,
              .backlog_windows = static_cast<uint64_t>(backlog),
              .max_backoff = absl::Seconds(30),
              .seed = index},
          [this, index] { ready_.Add(index); }));
    }
    // Those with a backlog come back while windows of the others are measured.
    for (size_t i = static_cast<size_t>(options_.backlog_collectors); i < collectors_.size(); ++i) {
      const absl::Time at = start + Share(options_.connect_seconds, i);
      while (absl::Now() < at) ProceedReady(at);
      Proceed(i);
    }
    while (!AllWelcomed()) ProceedReady(absl::Now() + absl::Milliseconds(100));
    if (options_.history_windows == 0) return;
    while (AcknowledgedWindows() < ClosedWindows()) ProceedReady(absl::Now() + absl::Milliseconds(100));
  }

  // Closes windows until the end, each collector's ten seconds after its last one.
  void Close(absl::Time start, absl::Time end) {
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due;
    for (size_t i = 0; i < collectors_.size(); ++i) due.push({start + Share(options_.spread_seconds, i), i});
    while (due.top().at < end) {
      const auto [at, collector] = due.top();
      while (absl::Now() < at) ProceedReady(at);
      due.pop();
      // At the moment it was due, not when this busy process came to it.
      for (int i = 0; i < options_.batch_windows; ++i) collectors_[collector]->CloseWindow(at);
      Proceed(collector);
      due.push({at + absl::Seconds(kWindowSeconds), collector});
    }
    while (absl::Now() < end) ProceedReady(end);
  }

  // A wait that lasts beyond the end must not be left out.
  void Drain() {
    const absl::Time give_up = absl::Now() + absl::Seconds(options_.drain_seconds);
    while (AcknowledgedWindows() < ClosedWindows() && absl::Now() < give_up) {
      ProceedReady(absl::Now() + absl::Milliseconds(100));
    }
  }

  void Add(nlohmann::json& out) {
    uint64_t welcomes = 0, lost = 0;
    std::string error;
    for (const auto& one : collectors_) {
      welcomes += one->counts().welcomes;
      lost += one->counts().lost_streams;
      if (error.empty()) error = one->counts().last_error;
    }
    out["unacknowledged_windows"] = ClosedWindows() - AcknowledgedWindows();
    out["welcomes"] = welcomes;
    out["lost_streams"] = lost;
    out["error"] = error;
    for (const auto& [name, quantile] : {std::pair{"p50", 0.5}, {"p99", 0.99}, {"most", 1.0}}) {
      out["wait_ms"][name] = Milliseconds(waits_, quantile);
    }
  }

  void Proceed(size_t index) {
    const bool is_behind = index < static_cast<size_t>(options_.backlog_collectors);
    collectors_[index]->Proceed(absl::Now(), [&](absl::Duration wait) {
      if (!is_behind) waits_.push_back(wait);
    });
  }

  void ProceedReady(absl::Time deadline) {
    for (const size_t index : ready_.Take(deadline)) Proceed(index);
    const absl::Time now = absl::Now();
    if (now < all_at_) return;
    all_at_ = now + absl::Seconds(1);
    for (size_t i = 0; i < collectors_.size(); ++i) {
      if (collectors_[i]->has_started()) Proceed(i);
    }
    if (HasBacklog()) backlog_gone_ = absl::Now();
  }

  bool HasBacklog() const {
    const auto behind = std::span(collectors_).first(static_cast<size_t>(options_.backlog_collectors));
    return std::any_of(behind.begin(), behind.end(), [&](const auto& one) {
      return one->acknowledged_windows() < static_cast<uint64_t>(options_.backlog_windows);
    });
  }

  int BacklogOf(int collector) const {
    return options_.history_windows +
           (collector < options_.backlog_collectors ? options_.backlog_windows : 0);
  }
  absl::Duration Share(double seconds, size_t index) const {
    return absl::Seconds(seconds) * (static_cast<double>(index) / static_cast<double>(collectors_.size()));
  }
  bool AllWelcomed() const {
    return std::all_of(collectors_.begin(), collectors_.end(),
                       [](const auto& one) { return !one->has_started() || one->is_welcomed(); });
  }
  uint64_t AcknowledgedWindows() const {
    return std::accumulate(collectors_.begin(), collectors_.end(), uint64_t{0},
                           [](uint64_t sum, const auto& one) { return sum + one->acknowledged_windows(); });
  }
  uint64_t ClosedWindows() const {
    return std::accumulate(collectors_.begin(), collectors_.end(), uint64_t{0},
                           [](uint64_t sum, const auto& one) { return sum + one->closed_windows(); });
  }

  const Options options_;
  const v1::Measurement measurement_;
  Ready ready_;
  std::vector<std::unique_ptr<SimulatedCollector>> collectors_;
  std::vector<absl::Duration> waits_;  // of collectors without a backlog
  absl::Time all_at_ = absl::InfinitePast();
  absl::Time backlog_gone_ = absl::Now();
};

int Main(int argc, char** argv) {
  CLI::App app("Many simulated collectors against one aggregator; prints a JSON object.", "load_generator");
  Options options;
  app.add_option("--aggregator", options.aggregator, "Host and port");
  app.add_option("--collectors", options.collectors, "How many")->check(CLI::Range(1, 19'000));
  app.add_option("--cells", options.cells, "In each window")->check(CLI::Range(1, 120));
  app.add_option("--seconds", options.seconds, "How long windows close")->check(CLI::PositiveNumber);
  app.add_option("--spread", options.spread_seconds, "Seconds over which the collectors' windows close")
      ->check(CLI::Range(0.0, 10.0));
  app.add_option("--connect", options.connect_seconds, "Seconds over which the collectors come");
  app.add_option("--drain", options.drain_seconds, "Seconds to wait for the last acknowledgements");
  app.add_option("--backlog-collectors", options.backlog_collectors, "How many bring a backlog");
  app.add_option("--backlog-windows", options.backlog_windows, "How many windows it has");
  app.add_option("--batch", options.batch_windows, "Windows that close at once, every ten seconds")
      ->check(CLI::Range(1, 1'000));
  app.add_option("--history", options.history_windows, "Windows of each collector that the store has before");
  app.add_flag("--statistics", options.statistics, "Histograms in each cell");
  app.add_option("--certificates", options.certificates,
                 "Folder of load_certificates; without it, plain text");
  CLI11_PARSE(app, argc, argv);
  Load load(options);
  std::cout << load.Run().dump() << std::endl;
  // A process with thousands of connections is faster ended than taken apart.
  std::quick_exit(0);
}

}  // namespace
}  // namespace kansoku::load

int main(int argc, char** argv) { return kansoku::load::Main(argc, argv); }
