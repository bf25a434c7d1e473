// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool_account.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kansoku::collector {
namespace {

constexpr size_t kMaxAccountBytes = 1 << 20;
// The line is written twice, far apart; between them there is a hole. Damage to a page, together with damage
// to SQLite's log, would otherwise hide how many numbers were given out.
constexpr off_t kLines[] = {0, kMaxAccountBytes};
// No number by itself, so that versions before it read past it.
constexpr absl::string_view kEvictedThrough = "evicted-through=";

uint32_t Checksum(std::string_view text) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<z_size_t>(text.size())));
}

}  // namespace

uint64_t SpoolAccount::evicted_reports() const {
  return std::accumulate(evicted.begin(), evicted.end(), uint64_t{0});
}

uint64_t SpoolAccount::LastPlaceOf(size_t index) const {
  return index + 1 < epochs.size() ? epochs[index + 1].base : last_place;
}

const SpoolEpoch* SpoolAccount::EpochAt(uint64_t place) const {
  const auto after = std::find_if(epochs.begin(), epochs.end(),
                                  [place](const SpoolEpoch& epoch) { return epoch.base >= place; });
  return after == epochs.begin() ? nullptr : &*(after - 1);
}

void SpoolAccount::DropPastEpochs() {
  while (epochs.size() > 1 && LastPlaceOf(0) < first_place) epochs.erase(epochs.begin());
}

void SpoolAccount::Settle(uint64_t held_reports) {
  const uint64_t told = acknowledged + held_reports + evicted_reports();
  if (told <= last_place) {
    evicted[v1::Tombstone::REASON_DAMAGED] += last_place - told;
    return;
  }
  // Reports are held that a newer account had given up or seen acknowledged.
  uint64_t excess = told - last_place;
  for (uint64_t* count : {&evicted[v1::Tombstone::REASON_SPOOL_FULL], &evicted[v1::Tombstone::REASON_EXPIRED],
                          &evicted[v1::Tombstone::REASON_DAMAGED], &acknowledged}) {
    const uint64_t taken = std::min(excess, *count);
    *count -= taken;
    excess -= taken;
  }
}

std::string EncodeAccount(const SpoolAccount& account) {
  std::string line =
      absl::StrCat("kansoku-spool ", account.revision, " ", account.first_place, " ", account.last_place, " ",
                   account.acknowledged, " ", account.running_seconds, " ", account.evicted.size());
  for (const uint64_t reports : account.evicted) absl::StrAppend(&line, " ", reports);
  for (const SpoolEpoch& epoch : account.epochs) absl::StrAppend(&line, " ", epoch.epoch, " ", epoch.base);
  absl::StrAppend(&line, " ", kEvictedThrough, account.evicted_through);
  absl::StrAppend(&line, " ", Checksum(line), "\n");
  return line;
}

std::optional<SpoolAccount> DecodeAccount(std::string_view text) {
  const size_t end = text.find('\n');
  const size_t last_space = end == text.npos ? text.npos : text.rfind(' ', end);
  if (last_space == text.npos) return std::nullopt;
  const absl::string_view line(text.data(), last_space);
  uint32_t checksum = 0;
  if (!absl::SimpleAtoi(absl::string_view(text.data() + last_space + 1, end - last_space - 1), &checksum) ||
      checksum != Checksum({line.data(), line.size()})) {
    return std::nullopt;
  }
  SpoolAccount account;
  std::vector<uint64_t> numbers;
  for (absl::string_view word : absl::StrSplit(line, ' ')) {
    uint64_t number = 0;
    if (absl::SimpleAtoi(word, &number)) {
      numbers.push_back(number);
    } else if (absl::ConsumePrefix(&word, kEvictedThrough) && absl::SimpleAtoi(word, &number)) {
      account.evicted_through = number;
    }
  }
  constexpr size_t kFixed = 6;
  if (numbers.size() < kFixed) return std::nullopt;
  account.revision = numbers[0];
  account.first_place = numbers[1];
  account.last_place = numbers[2];
  account.acknowledged = numbers[3];
  account.running_seconds = numbers[4];
  const uint64_t reasons = numbers[5];
  if (reasons > account.evicted.size() || numbers.size() < kFixed + reasons) return std::nullopt;
  std::copy_n(numbers.begin() + kFixed, reasons, account.evicted.begin());
  for (size_t i = kFixed + reasons; i + 1 < numbers.size(); i += 2) {
    account.epochs.push_back({.epoch = numbers[i], .base = numbers[i + 1]});
  }
  return account;
}

AccountFile::~AccountFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status AccountFile::Open(const std::string& spool_path, bool create) {
  if (descriptor_ >= 0) return absl::OkStatus();
  const std::string path = spool_path + "-account";
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("spool ", spool_path, ": cannot open ", path,
                                                   "; check the owner and mode of file and folder"));
  }
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor);
    return absl::UnavailableError(
        absl::StrCat("spool ", spool_path,
                     ": in use by another process; stop it, or give each collector its own spool.path"));
  }
  descriptor_ = descriptor;
  return absl::OkStatus();
}

std::optional<SpoolAccount> AccountFile::Read() const {
  if (descriptor_ < 0) return std::nullopt;
  std::optional<SpoolAccount> newest;
  std::string text(kMaxAccountBytes, '\0');
  for (const off_t place : kLines) {
    const ssize_t read = pread(descriptor_, text.data(), text.size(), place);
    if (read <= 0) continue;
    std::optional<SpoolAccount> account = DecodeAccount({text.data(), static_cast<size_t>(read)});
    if (account.has_value() && (!newest.has_value() || account->revision > newest->revision))
      newest = std::move(account);
  }
  return newest;
}

void AccountFile::Write(const SpoolAccount& account) const {
  const std::string line = EncodeAccount(account);
  // A line that arrives in part fails its checksum and says nothing.
  for (const off_t place : kLines) {
    [[maybe_unused]] const ssize_t written = pwrite(descriptor_, line.data(), line.size(), place);
  }
}

}  // namespace kansoku::collector
