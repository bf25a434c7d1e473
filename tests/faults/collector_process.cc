// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/collector_process.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {

namespace {

constexpr uint64_t kMostDamagedOctets = 32;

}  // namespace

bool ClocksCanJump() { return !std::string_view(KANSOKU_LIBFAKETIME).empty(); }

CollectorProcess::CollectorProcess(std::string name, std::string folder, uint64_t relay_seed,
                                   bool clock_can_jump)
    : name_(std::move(name)),
      folder_(std::move(folder)),
      relay_(relay_seed),
      clock_can_jump_(clock_can_jump) {
  if (clock_can_jump_) SetClock(0);
}

void CollectorProcess::SetClock(int64_t seconds_ahead) const {
  std::ofstream(File("clock.new")) << (seconds_ahead < 0 ? "" : "+") << seconds_ahead << "\n";
  // The file is read at every look at the clock, and must never be half written.
  std::filesystem::rename(File("clock.new"), File("clock"));
}

void CollectorProcess::Signal(int signal) {
  if (process_ != nullptr) process_->Signal(signal);
}

void CollectorProcess::Run(std::vector<std::string> command) {
  if (clock_can_jump_) {
    // Steady time stays what it is, as where a machine's clock is set.
    const std::vector<std::string> environment = {"env", absl::StrCat("LD_PRELOAD=", KANSOKU_LIBFAKETIME),
                                                  "FAKETIME_TIMESTAMP_FILE=" + File("clock"),
                                                  "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"};
    command.insert(command.begin(), environment.begin(), environment.end());
  }
  process_ = std::make_unique<ChildProcess>(command);
  ++lives_;
}

std::vector<std::string> CollectorProcess::SpoolFiles() const {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/disk")) {
    if (entry.path().filename().string().starts_with("spool.db")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool CollectorProcess::DamageSpool(uint64_t seed) const {
  std::mt19937_64 random(seed);
  const std::vector<std::string> files = SpoolFiles();
  if (runs() || files.empty()) return false;
  const std::string& path = files[random() % files.size()];
  const uint64_t size = std::filesystem::file_size(path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  for (uint64_t octets = size == 0 ? 0 : 1 + random() % kMostDamagedOctets; octets > 0; --octets) {
    const auto at = static_cast<std::streamoff>(random() % size);
    const int octet = file.seekg(at).get();
    file.seekp(at).put(static_cast<char>(octet ^ static_cast<int>(1 + random() % 255)));
  }
  return size > 0;
}

int CollectorProcess::SignalAndWait(int signal) {
  process_->Signal(signal);
  // A frozen process would never heed it.
  process_->Signal(SIGCONT);
  return Wait();
}

int CollectorProcess::Wait() {
  const int status = process_->Wait();
  process_.reset();
  return status;
}

void CollectorProcess::Complain(const std::string& problem) {
  problems_.push_back(absl::StrCat(name_, ", life ", lives_ - 1, ": ", problem));
}

}  // namespace kansoku::testing
