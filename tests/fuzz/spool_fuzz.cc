// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a spool's file: it is opened or refused by its name, and whatever is done with one that was
// opened succeeds or says that it failed.
#include <fstream>

#include "absl/strings/match.h"
#include "collector/export/spool.h"
#include "tests/fuzz/expect.h"
#include "tests/testing/temp_dir.h"

namespace {

using namespace kansoku;
using fuzz::Expect;

constexpr uint64_t kMaxBytes = 400;  // of which 40 reports are more

void ExpectNamed(const absl::Status& status) {
  Expect(status.ok() || absl::StrContains(status.message(), "fuzz.spool"), "an error names the file");
}

v1::SequencedReport Report() {
  v1::SequencedReport entry;
  entry.mutable_report()->set_point("point");
  entry.mutable_report()->set_window_start_unix_seconds(1'700'000'000);
  entry.mutable_report()->set_window_seconds(10);
  entry.mutable_report()->mutable_measurement()->mutable_ledger()->set_captured_packets(7);
  return entry;
}

// Reads from the oldest on, a few at a time, as delivery does. Whether all could be read.
bool ReadAll(const collector::Spool& spool) {
  uint64_t after = spool.first_sequence() - 1;
  while (true) {
    const auto entries = spool.Read(after, 100);
    ExpectNamed(entries.status());
    if (!entries.ok()) return false;
    if (entries->empty()) return true;
    for (const v1::SequencedReport& entry : *entries) {
      if (entry.sequence() <= after) return false;  // in a damaged file; the aggregator refuses these
      after = entry.sequence();
    }
  }
}

// Whether everything could be done.
bool Use(const std::string& path) {
  auto spool = collector::Spool::Open(path, {.max_bytes = kMaxBytes});
  ExpectNamed(spool.status());
  if (!spool.ok()) return false;
  const std::vector<v1::SequencedReport> two(2, Report()), too_many(40, Report());
  bool done = ReadAll(**spool);
  for (const auto& step : {(*spool)->Append(two, absl::UnixEpoch()), (*spool)->TrimThrough((*spool)->first_sequence()),
                           (*spool)->StartNewEpoch(0), (*spool)->Append(too_many, absl::UnixEpoch())}) {
    ExpectNamed(step);
    done = done && step.ok();
  }
  const v1::Delivery account = (*spool)->account();
  Expect(!done || account.reports_closed() ==
                      account.reports_acknowledged() + account.reports_spooled() + account.reports_evicted(),
         "the account of a new epoch");
  return ReadAll(**spool) && done;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const testing::TempDir folder;
  const std::string path = folder.File("fuzz.spool");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const bool used = Use(path);
  // What was done to it stays readable.
  if (used) Expect(collector::Spool::Open(path, {.max_bytes = kMaxBytes}).ok(), "it can be opened again");
  fuzz::input_was_taken = used;
  return 0;
}
