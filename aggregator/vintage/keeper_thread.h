// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/register/register_text.h"
#include "aggregator/store/store.h"
#include "aggregator/vintage/month_keeper.h"
#include "aggregator/vintage/month_method.h"

namespace kansoku::aggregator {

struct KeeperStatus {
  bool register_is_taken = false;  // the one that was read last
  uint64_t errors = 0;             // rounds in which a month failed
};

// The thread that keeps the vintages, and the register in force. Anyone may call anything from any thread.
class KeeperThread {
 public:
  // How often the months are looked at; where nothing changed that reads a few rows.
  static constexpr absl::Duration kRoundEvery = absl::Minutes(5);

  // `store` must outlive this. `clock` is read on the thread only. `say` takes a line for people.
  KeeperThread(Store& store, MonthMethod method, std::function<absl::Time()> clock,
               std::function<void(const std::string&)> say);
  ~KeeperThread();

  // Puts a register in force, and has the months looked at with it. If it could not be read or must not be
  // taken (CheckRegisterChange), the one before stays in force: at the start that of the vintage that was
  // computed last. Without any, no month is computed.
  absl::Status Take(absl::StatusOr<Register> read);

  void Start();
  // Ends the thread after the round it is in.
  void Stop();

  KeeperStatus status() const;

 private:
  void Run();
  void KeepRound(const Register& statistics_register);
  absl::StatusOr<Register> LastUsed() const;

  Store& store_;
  const MonthMethod method_;
  const std::function<absl::Time()> clock_;
  const std::function<void(const std::string&)> say_;
  MonthKeeper keeper_;      // this and the next: the thread's own
  std::string last_error_;  // said once while it lasts

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;  // this and what follows: guarded by mutex_
  bool is_due_ = false;
  std::shared_ptr<const Register> in_force_;
  KeeperStatus status_;

  std::thread thread_;
};

}  // namespace kansoku::aggregator
