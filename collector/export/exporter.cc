// SPDX-License-Identifier: Apache-2.0
#include "collector/export/exporter.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "collector/export/export_sayings.h"
#include "collector/export/export_stream.h"
#include "proto/transport/credentials.h"

namespace kansoku::collector {
namespace {

constexpr size_t kMaxReportsPerAppend = 1024;
constexpr absl::Duration kSpoolRetry = absl::Seconds(1);

// A steady clock in absl's clothes: only differences mean something. Wall-clock time may jump by years when a
// router boots, and would hold up deadlines with it.
absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename Value>
const absl::Status& StatusOf(const absl::StatusOr<Value>& result) {
  return result.status();
}

uint64_t Undecided(const Spool& spool) {
  return spool.spool_account().evicted[v1::Tombstone::REASON_UNDECIDED];
}

}  // namespace

absl::StatusOr<std::unique_ptr<Exporter>> Exporter::Open(ExportOptions options) {
  absl::StatusOr<std::unique_ptr<Spool>> spool =
      Spool::Open(options.spool.path(), Spool::LimitsOf(options.spool));
  if (!spool.ok()) return spool.status();
  auto credentials =
      MakeChannelCredentials(options.aggregator.has_tls() ? &options.aggregator.tls() : nullptr);
  if (!credentials.ok()) return credentials.status();
  std::unique_ptr<Exporter> exporter(
      new Exporter(std::move(options), *std::move(credentials), *std::move(spool)));
  const std::optional<Spool::Repair>& repair = exporter->spool_->repair_at_open();
  if (repair.has_value()) exporter->AnnounceRepair(*repair);
  return exporter;
}

Exporter::Exporter(ExportOptions options, std::shared_ptr<grpc::ChannelCredentials> credentials,
                   std::unique_ptr<Spool> spool)
    : queue_(options.max_queued_reports),
      options_(std::move(options)),
      credentials_(std::move(credentials)),
      spool_(std::move(spool)),
      delivery_(DeliveryOptionsOf(options_.aggregator)),
      random_(options_.jitter_seed) {
  // The account of an earlier run may never have arrived; one of a new spool has nothing to say.
  if (spool_->spool_account().last_place == 0) settled_entries_ = 0;
  // What an earlier run left, it may have sent.
  if (!spool_->is_current_epoch()) may_be_counted_through_ = spool_->last_sequence();
  Publish();
}

Exporter::~Exporter() { Stop(); }

void Exporter::Start() { thread_ = std::thread(&Exporter::Run, this); }

void Exporter::Submit(v1::WindowReport report) { queue_.Push(std::move(report)); }

void Exporter::SubmitAndWait(v1::WindowReport report) { queue_.PushAndWait(std::move(report)); }

bool Exporter::Drain(absl::Duration timeout) {
  const uint64_t submitted = queue_.counts().pushed;
  std::unique_lock lock(status_mutex_);
  const auto settled = [&] { return settled_entries_.has_value() && *settled_entries_ >= submitted; };
  // By the steady clock: that the wall clock is set makes it neither longer nor shorter.
  status_changed_.wait_for(lock, absl::ToChronoNanoseconds(timeout), [&] { return settled() || stopping_; });
  return settled();
}

void Exporter::Stop() {
  if (stopping_) return;
  {
    const std::lock_guard lock(status_mutex_);
    stopping_ = true;
  }
  status_changed_.notify_all();
  queue_.Close();
  if (thread_.joinable()) thread_.join();
  SpoolRest();
  if (stream_ != nullptr) {
    stream_->Finish(kGoodbye);
    HandleEvents(SteadyNow());
    stream_.reset();
  }
  Publish();
}

ExportStatus Exporter::Status() const {
  ExportStatus status;
  uint64_t spooled = 0;
  {
    const std::lock_guard lock(status_mutex_);
    status = status_;
    spooled = published_entries_;
  }
  // The queue is asked last: it has never accepted fewer than were spooled.
  const ReportQueue::Counts queue = queue_.counts();
  status.waiting = queue.pushed - spooled;
  status.refused = queue.refused;
  return status;
}

void Exporter::Run() {
  while (!stopping_) {
    Wait(SteadyNow());
    const absl::Time now = SteadyNow();
    HandleEvents(now);
    Trim(now);
    TakeChange(now);
    SpoolReports(now);
    KeepConnection(now);
    Send(now);
    Publish();
  }
}

// Sleeps until reports come, the stream has something to tell (it interrupts the queue) or something is due.
void Exporter::Wait(absl::Time now) {
  absl::Time wake_at = delivery_.due();
  if (spool_retry_at_ > now) wake_at = std::min(wake_at, spool_retry_at_);
  const bool may_take = unspooled_.empty();
  std::vector<v1::SequencedReport> taken = queue_.Pop(may_take ? kMaxReportsPerAppend : 0, wake_at - now);
  if (!may_take) return;
  unspooled_ = std::move(taken);
  const auto lost = std::count_if(unspooled_.begin(), unspooled_.end(),
                                  [](const v1::SequencedReport& entry) { return entry.has_tombstone(); });
  if (lost > 0) {
    Announce(
        absl::StrCat(lost, " reports were lost: the queue to the spool was full; tombstones stand for them"));
  }
}

// Damage that shows while the spool is in use is repaired at once, and the call made again.
template <typename Call>
auto Exporter::WithRepair(const Call& call) {
  auto result = call();
  const absl::Status status = StatusOf(result);
  if (!absl::IsDataLoss(status)) return result;
  const absl::StatusOr<Spool::Repair> repair = spool_->Rebuild(status);
  if (!repair.ok()) return decltype(result)(repair.status());
  AnnounceRepair(*repair);
  return call();
}

void Exporter::SpoolReports(absl::Time now) {
  if (unspooled_.empty() || now < spool_retry_at_) return;
  const SpoolAccount before = spool_->spool_account();
  const absl::Status status =
      WithRepair([&] { return spool_->Append(unspooled_, now, may_be_counted_through_); });
  if (!status.ok()) return NoteSpool(status, now);
  spooled_entries_ += unspooled_.size();
  unspooled_.clear();
  NoteSpool(status, now);
  AnnounceEviction(before);
}

void Exporter::AnnounceEviction(const SpoolAccount& before) {
  const auto has_more = [&](v1::Tombstone::Reason reason) {
    return spool_->spool_account().evicted[reason] > before.evicted[reason];
  };
  const bool is_full = has_more(v1::Tombstone::REASON_SPOOL_FULL);
  const bool is_old = has_more(v1::Tombstone::REASON_EXPIRED);
  if (evicting_ || !(is_full || is_old)) return;
  evicting_ = true;
  Announce(EvictionText(options_.spool, is_full));
}

void Exporter::SpoolRest() {
  const absl::Time now = SteadyNow();
  spool_retry_at_ = absl::InfinitePast();
  do {
    SpoolReports(now);
    if (!unspooled_.empty()) break;
    unspooled_ = queue_.Pop(kMaxReportsPerAppend, absl::ZeroDuration());
  } while (!unspooled_.empty());
  if (!unspooled_.empty()) {
    Announce(absl::StrCat(unspooled_.size() + queue_.counts().waiting,
                          " reports are lost: ", spool_status_.message()));
  }
}

void Exporter::NoteSpool(const absl::Status& status, absl::Time now) {
  spool_retry_at_ = status.ok() ? absl::InfinitePast() : now + kSpoolRetry;
  const bool changed = status.ok() != spool_status_.ok();
  spool_status_ = status;
  if (!changed) return;
  Announce(status.ok() ? absl::StrCat("spool ", options_.spool.path(), " can be written again")
                       : absl::StrCat(status.message(), "; reports wait in memory"));
}

void Exporter::AnnounceRepair(const Spool::Repair& repair) {
  ++repairs_;
  account_due_ = true;
  Announce(RepairText(options_.spool, repair));
}

void Exporter::HandleEvents(absl::Time now) {
  if (stream_ == nullptr) return;
  const ExportStream::Events events = stream_->Take();
  if (events.welcome.has_value()) Greet(events.welcome->committed_through(), now);
  if (stream_ != nullptr && events.acknowledged_through.has_value()) {
    const absl::Status status = delivery_.Acknowledge(*events.acknowledged_through, now);
    if (status.ok()) {
      Trim(now);
    } else {
      Lose(status, now);
    }
  }
  if (stream_ != nullptr && events.ended.has_value()) {
    Lose(events.ended->ok() ? absl::UnavailableError("it closed the stream") : *events.ended, now);
  }
}

void Exporter::Greet(uint64_t committed_through, absl::Time now) {
  const uint64_t last = spool_->last_sequence();
  if (!spool_->is_current_epoch() && committed_through > last) {
    // Its entries are the same, number by number, in every copy of the file.
    Announce(absl::StrCat("spool ", options_.spool.path(), " is an older copy: of an earlier run it holds ",
                          last, " reports, and ", committed_through, " of that run were committed already"));
    committed_through = last;
  }
  const absl::Status status = delivery_.Welcome(committed_through, spool_->first_sequence(), last, now);
  if (!status.ok()) {
    Lose(status, now);
    if (absl::IsOutOfRange(status)) StartNewEpoch(now);
    return;
  }
  may_be_counted_through_ = committed_through;
  const absl::Status settled = WithRepair([&] { return spool_->Settle(committed_through); });
  if (!settled.ok()) {
    NoteSpool(settled, now);
    return Lose(settled, now, false);
  }
  connection_status_ = absl::OkStatus();
  account_due_ = true;
  if (std::exchange(is_turning_, false)) return;
  ++welcomes_;
  Announce(absl::StrCat("connected to ", options_.aggregator.address()));
}

void Exporter::StartNewEpoch(absl::Time now) {
  const uint64_t undecided_before = Undecided(*spool_);
  const absl::Status status = WithRepair([this] { return spool_->StartNewEpoch(sent_through_); });
  NoteSpool(status, now);
  if (!status.ok()) return;
  sent_through_ = 0;
  may_be_counted_through_ = 0;
  Announce(NewEpochText(options_.spool, spool_->account().reports_spooled(),
                        Undecided(*spool_) - undecided_before));
}

void Exporter::Trim(absl::Time now) {
  if (delivery_.phase() != Delivery::Phase::kStreaming ||
      delivery_.committed_through() < spool_->first_sequence() || now < spool_retry_at_) {
    return;
  }
  const uint64_t epoch = spool_->epoch();
  const absl::Status status =
      WithRepair([this] { return spool_->TrimThrough(delivery_.committed_through()); });
  if (status.ok()) {
    account_due_ = true;
    evicting_ = false;
  }
  NoteSpool(status, now);
  if (spool_->epoch() != epoch) Turn(now);
}

// The epoch of an earlier run is delivered. A stream carries one, so that the next needs another.
void Exporter::Turn(absl::Time now) {
  stream_.reset();
  delivery_.Turn(now);
  is_turning_ = true;
  may_be_counted_through_ = 0;
}

void Exporter::KeepConnection(absl::Time now) {
  if (now < delivery_.due()) return;
  if (delivery_.phase() == Delivery::Phase::kPausing) return Connect(now);
  Lose(absl::DeadlineExceededError(absl::StrCat(
           "no acknowledgement for ", options_.aggregator.acknowledgement_deadline_seconds(), " s")),
       now);
}

void Exporter::Connect(absl::Time now) {
  v1::Hello hello;
  hello.set_collector(options_.collector);
  hello.set_isp(options_.isp);
  hello.set_software_version(options_.software_version);
  hello.set_epoch(spool_->epoch());
  hello.set_first_sequence(spool_->first_sequence());
  *hello.mutable_points() = {options_.points.begin(), options_.points.end()};
  delivery_.Begin(now);
  stream_ = std::make_unique<ExportStream>(options_.aggregator.address(), credentials_, hello,
                                           [this] { queue_.Interrupt(); });
}

void Exporter::Lose(const absl::Status& reason, absl::Time now, bool heals_soon) {
  const bool was_connected =
      (delivery_.phase() == Delivery::Phase::kStreaming && connection_status_.ok()) || is_turning_;
  is_turning_ = false;
  stream_.reset();
  const absl::Duration pause = delivery_.Lost(!heals_soon || IsRefusal(reason), now, random_);
  // The same failure of the next attempts is no change; and what ends as Stop() asked was not lost.
  const bool changed = was_connected || reason != connection_status_;
  connection_status_ = reason;
  if (!changed || stopping_) return;
  Announce(LossText(options_.aggregator, reason, was_connected, pause));
}

void Exporter::Send(absl::Time now) {
  while (const std::optional<Delivery::Request> request = delivery_.NextBatch(spool_->last_sequence())) {
    absl::StatusOr<std::vector<v1::SequencedReport>> entries =
        WithRepair([&] { return spool_->Read(request->after_sequence, request->max_bytes); });
    if (!entries.ok()) return Lose(entries.status(), now);
    const uint64_t through = entries->back().sequence();
    if (spool_->is_current_epoch()) sent_through_ = std::max(sent_through_, through);
    may_be_counted_through_ = std::max(may_be_counted_through_, through);
    v1::CollectorMessage message;
    for (v1::SequencedReport& entry : *entries) *message.mutable_batch()->add_reports() = std::move(entry);
    message.set_sent_unix_nanoseconds(absl::ToUnixNanos(options_.wall_clock()));
    delivery_.Sent(through, message.ByteSizeLong(), now);
    stream_->Write(std::move(message));
  }
  if (account_due_ && delivery_.phase() == Delivery::Phase::kStreaming) {
    v1::CollectorMessage message;
    *message.mutable_delivery() = spool_->account();
    if (configuration_.has_value()) *message.mutable_delivery()->mutable_configuration() = *configuration_;
    if (options_.process_use) *message.mutable_delivery()->mutable_process() = options_.process_use();
    message.set_sent_unix_nanoseconds(absl::ToUnixNanos(options_.wall_clock()));
    stream_->Write(std::move(message));
    account_due_ = false;
  }
}

void Exporter::Announce(const std::string& line) {
  Publish();
  options_.on_change(line);
}

void Exporter::Publish() {
  const bool connected = delivery_.phase() == Delivery::Phase::kStreaming || is_turning_;
  const bool settled = connected && unspooled_.empty() && spool_->empty() && !account_due_ &&
                       stream_ != nullptr && stream_->Written();
  {
    const std::lock_guard lock(status_mutex_);
    status_.connected = connected;
    status_.last_error = std::string(connection_status_.message());
    status_.spool_error = std::string(spool_status_.message());
    status_.epoch = spool_->epoch();
    status_.delivery = spool_->account();
    status_.spool = spool_->spool_account();
    status_.repairs = repairs_;
    published_entries_ = spooled_entries_;
    status_.reconnects = welcomes_ == 0 ? 0 : welcomes_ - 1;
    if (settled) settled_entries_ = spooled_entries_;
    if (connected && unspooled_.empty() && spool_->empty()) status_.caught_up_at = options_.wall_clock();
  }
  status_changed_.notify_all();
}

}  // namespace kansoku::collector
