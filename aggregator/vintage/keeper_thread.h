// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/register/register_text.h"
#include "aggregator/store/store.h"
#include "aggregator/vintage/month_keeper.h"
#include "aggregator/vintage/month_method.h"
#include "aggregator/vintage/telescope_keeper.h"

namespace kansoku::aggregator {

struct KeeperStatus {
  bool register_is_taken = false;  // the one that was read last
  uint64_t errors = 0;  // of rounds: in which a month failed, a day of telescopes, or reading ahead
};

// The thread that keeps vintages of months and days of telescopes, and the register in force. Anyone may call
// anything from any thread.
class KeeperThread {
 public:
  // How often months and days are looked at; where nothing changed that reads a few rows.
  static constexpr absl::Duration kRoundEvery = absl::Minutes(5);

  // Reads what will be asked about the days that are kept, as long as the thread has nothing else to do.
  using ReadAhead = std::function<absl::Status(absl::FunctionRef<bool()> goes_on)>;

  // `store` must outlive this. `clock` is read on the thread only. `say` takes a line for people.
  // `read_ahead` is called at the end of each round.
  KeeperThread(
      Store& store, MonthMethod method, std::function<absl::Time()> clock,
      std::function<void(const std::string&)> say,
      ReadAhead read_ahead = [](absl::FunctionRef<bool()>) { return absl::OkStatus(); });
  ~KeeperThread();

  // Puts a register in force, and has the months looked at with it. If it could not be read or must not be
  // taken (CheckRegisterChange), the one before stays in force: at the start that of the vintage that was
  // computed last. Without any, no month is computed: days of telescopes need none.
  absl::Status Take(absl::StatusOr<Register> read);

  void Start();
  // Ends the thread after the month or day it keeps or reads.
  void Stop();

  KeeperStatus status() const;

 private:
  void Run();
  void KeepMonths(const Register& statistics_register, absl::Time now);
  void KeepDays(absl::Time now);
  // Counts an error. Says it once while it lasts, and its end.
  struct Plight;
  void Note(const absl::Status& kept, const Plight& plight, std::string& last_error);
  absl::StatusOr<Register> LastUsed() const;

  Store& store_;
  const MonthMethod method_;
  const std::function<absl::Time()> clock_;
  const std::function<void(const std::string&)> say_;
  const ReadAhead read_ahead_;
  MonthKeeper months_;  // this and what follows: the thread's own
  TelescopeKeeper days_;
  std::string last_error_of_months_, last_error_of_days_, last_error_of_reading_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;  // this and what follows: guarded by mutex_
  bool is_due_ = false;
  std::shared_ptr<const Register> in_force_;
  KeeperStatus status_;

  std::thread thread_;
};

}  // namespace kansoku::aggregator
