// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/ingest/ingest_status.h"
#include "kansoku/v1/quarantine.pb.h"

namespace kansoku::aggregator {

// Which streams are open, and which one speaks for each collector. Any thread.
class StreamRegistry {
 public:
  using StreamId = uint64_t;
  // Ends a stream with a status; at any time, from any thread, also when it has ended already.
  using End = std::function<void(const absl::Status&)>;

  // For people: what is wrong with a collector that cannot even begin. Called on any thread, one at a time.
  using Say = std::function<void(const std::string&)>;

  // Ends a stream if its peer may no longer say what it said.
  using CheckAgain = std::function<void()>;

  explicit StreamRegistry(Say say) : say_(std::move(say)) {}

  // UNAVAILABLE once EndAll was called.
  absl::StatusOr<StreamId> Open(End end, CheckAgain check_again);
  void Close(StreamId stream);

  // From now on `stream` speaks for the collector. An older stream of it is ended: its connection is dead, or
  // two collectors have one name.
  void Claim(StreamId stream, const std::string& collector);
  // The store has welcomed the collector, whose certificate ends then.
  void SetConnected(StreamId stream, const std::string& collector,
                    std::optional<absl::Time> certificate_expiry);
  // Of a collector that was welcomed before; else nothing changes.
  void SetClockOffset(const std::string& collector, std::optional<absl::Duration> offset);
  void CountRefused(const std::string& collector, uint64_t reports);
  // Says why, but nothing twice: a refused collector comes back every few seconds.
  void CountRefusedHello(const std::string& collector, const absl::Status& why);
  void NoteAcknowledged(absl::Duration after_arrival);
  // Says that a report goes to quarantine; of each collector and reason once.
  void SayQuarantined(const std::string& collector, v1::QuarantineReason reason, const std::string& text);

  // Who may report what has changed.
  void CheckAllAgain();
  // Ends every stream, and refuses new ones.
  void EndAll(const absl::Status& status);

  std::map<std::string, IngestStatus::Collector> collectors() const;
  uint64_t refused_hellos() const;
  AcknowledgementTimes acknowledgements() const;

 private:
  struct Stream {
    End end;
    CheckAgain check_again;
    std::string collector;  // empty before Claim
  };

  const Say say_;
  mutable std::mutex mutex_;
  bool accepting_ = true;  // this and what follows: guarded by mutex_
  StreamId last_id_ = 0;
  std::map<StreamId, Stream> streams_;
  std::map<std::string, StreamId> speakers_;
  std::map<std::string, IngestStatus::Collector> collectors_;
  uint64_t refused_hellos_ = 0;
  AcknowledgementTimes acknowledgements_;
  std::set<std::string> said_;
  std::set<std::pair<std::string, v1::QuarantineReason>> said_quarantined_;
};

}  // namespace kansoku::aggregator
