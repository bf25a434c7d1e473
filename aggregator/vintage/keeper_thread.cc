// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/keeper_thread.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/vintage/register_change.h"
#include "aggregator/vintage/series_month.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

KeeperThread::KeeperThread(Store& store, MonthMethod method, std::function<absl::Time()> clock,
                           std::function<void(const std::string&)> say, ReadAhead read_ahead)
    : store_(store),
      method_(std::move(method)),
      clock_(std::move(clock)),
      say_(std::move(say)),
      read_ahead_(std::move(read_ahead)),
      months_(method_) {}

KeeperThread::~KeeperThread() { Stop(); }

absl::StatusOr<Register> KeeperThread::LastUsed() const {
  const absl::StatusOr<std::vector<v1::Vintage>> vintages = store_.Vintages({});
  if (!vintages.ok()) return vintages.status();
  const auto newest =
      std::max_element(vintages->begin(), vintages->end(), [](const auto& one, const auto& other) {
        return one.computed_unix_seconds() < other.computed_unix_seconds();
      });
  if (newest == vintages->end()) return absl::NotFoundError("no vintage was computed yet");
  absl::StatusOr<v1::Statistics> statistics = store_.FindRegister(newest->register_digest());
  if (!statistics.ok()) return statistics.status();
  return Register{*std::move(statistics), newest->register_digest()};
}

absl::Status KeeperThread::Take(absl::StatusOr<Register> read) {
  const absl::Status taken = read.ok() ? CheckRegisterChange(store_, *read, method_) : read.status();
  {
    const std::lock_guard lock(mutex_);
    status_.register_is_taken = taken.ok();
    if (!taken.ok() && in_force_ != nullptr) return taken;
  }
  absl::StatusOr<Register> taking = taken.ok() ? std::move(read) : LastUsed();
  if (!taking.ok()) return taken;
  {
    const std::lock_guard lock(mutex_);
    in_force_ = std::make_shared<const Register>(*std::move(taking));
    is_due_ = true;
  }
  changed_.notify_all();
  return taken;
}

void KeeperThread::Start() {
  const std::lock_guard lock(mutex_);
  if (running_) return;
  running_ = true;
  is_due_ = true;
  thread_ = std::thread([this] { Run(); });
}

void KeeperThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

KeeperStatus KeeperThread::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

struct KeeperThread::Plight {
  const char* is_over;
  const char* lasts;
};

void KeeperThread::Run() {
  while (true) {
    std::shared_ptr<const Register> statistics_register;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, absl::ToChronoNanoseconds(kRoundEvery),
                        [this] { return !running_ || is_due_; });
      if (!running_) return;
      is_due_ = false;
      statistics_register = in_force_;
    }
    const absl::Time now = clock_();
    // Before the days, of which there may be years to make when a store is first opened by this version.
    if (statistics_register != nullptr) KeepMonths(*statistics_register, now);
    KeepDays(now);
    const absl::Status read = read_ahead_([this] {
      const std::lock_guard lock(mutex_);
      return running_ && !is_due_;
    });
    Note(read,
         {.is_over = "what is asked about telescopes is read ahead again",
          .lasts = "what is asked about telescopes cannot be read ahead: "},
         last_error_of_reading_);
  }
}

void KeeperThread::KeepMonths(const Register& statistics_register, absl::Time now) {
  const absl::Status kept =
      months_.Keep(store_, statistics_register, now, [this](const v1::Vintage& vintage) {
        say_(absl::StrCat(SeriesMonth(vintage.series(), vintage.month()), ": vintage ", vintage.number(),
                          ", ", EnumLabel(vintage.state()), ", by ", vintage.by(), ": ", vintage.because()));
      });
  Note(kept,
       {.is_over = "the figures of all months are up to date again",
        .lasts = "the figures of a month cannot be brought up to date: "},
       last_error_of_months_);
}

void KeeperThread::KeepDays(absl::Time now) {
  const auto say_added = [this](const v1::TelescopeDay& day) {
    const std::string name = absl::StrCat("telescopes ", day.day(), day.isp().empty() ? "" : " of ",
                                          day.isp(), ": revision ", day.revision());
    say_(name);
    if (day.sources_withheld_because().empty()) return;
    say_(absl::StrCat(name, " says nothing of single sources: ", day.sources_withheld_because()));
  };
  const absl::Status kept = days_.Keep(store_, now, say_added, [this] {
    const std::lock_guard lock(mutex_);
    return running_;
  });
  Note(kept,
       {.is_over = "all days of telescopes are up to date again",
        .lasts = "a day of telescopes cannot be brought up to date: "},
       last_error_of_days_);
}

void KeeperThread::Note(const absl::Status& kept, const Plight& plight, std::string& last_error) {
  if (!kept.ok()) {
    const std::lock_guard lock(mutex_);
    ++status_.errors;
  }
  const std::string error(kept.message());
  if (error == last_error) return;
  last_error = error;
  say_(kept.ok() ? plight.is_over : absl::StrCat(plight.lasts, error));
}

}  // namespace kansoku::aggregator
