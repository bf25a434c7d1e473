// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/stream_registry.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

// Texts, and octets of a name and of a text: what strangers send must not fill memory or the log.
constexpr size_t kMostSaid = 1'000, kMostNameOctets = 63, kMostTextOctets = 500;

}  // namespace

// Streams are always ended with the lock released: ending one may call Close.

absl::StatusOr<StreamRegistry::StreamId> StreamRegistry::Open(End end, CheckAgain check_again) {
  std::lock_guard lock(mutex_);
  if (!accepting_) return absl::UnavailableError("the aggregator is stopping; come back later");
  streams_[++last_id_] = Stream{std::move(end), std::move(check_again), {}};
  return last_id_;
}

void StreamRegistry::Close(StreamId stream) {
  std::lock_guard lock(mutex_);
  const auto closing = streams_.find(stream);
  if (closing == streams_.end()) return;
  const std::string collector = closing->second.collector;
  streams_.erase(closing);
  const auto speaker = speakers_.find(collector);
  if (speaker == speakers_.end() || speaker->second != stream) return;
  speakers_.erase(speaker);
  if (const auto known = collectors_.find(collector); known != collectors_.end())
    known->second.connected = false;
}

void StreamRegistry::Claim(StreamId stream, const std::string& collector) {
  End end_older;
  {
    std::lock_guard lock(mutex_);
    const auto claiming = streams_.find(stream);
    if (claiming == streams_.end()) return;
    claiming->second.collector = collector;
    StreamId& speaker = speakers_[collector];
    if (const auto older = streams_.find(speaker); speaker != stream && older != streams_.end()) {
      end_older = older->second.end;
    }
    speaker = stream;
  }
  if (end_older) {
    end_older(absl::UnavailableError(
        absl::StrCat("a newer stream of collector ", collector,
                     " took over; if this comes again, two collectors have its name")));
  }
}

void StreamRegistry::SetConnected(StreamId stream, const std::string& collector,
                                  std::optional<absl::Time> certificate_expiry) {
  std::lock_guard lock(mutex_);
  IngestStatus::Collector& known = collectors_[collector];
  const auto speaker = speakers_.find(collector);
  known.connected = speaker != speakers_.end() && speaker->second == stream;
  if (known.connected) known.certificate_expiry = certificate_expiry;
}

void StreamRegistry::SetClockOffset(const std::string& collector, std::optional<absl::Duration> offset) {
  std::lock_guard lock(mutex_);
  if (const auto known = collectors_.find(collector); known != collectors_.end())
    known->second.clock_offset = offset;
}

void StreamRegistry::CountRefused(const std::string& collector, uint64_t reports) {
  std::lock_guard lock(mutex_);
  collectors_[collector].refused_reports += reports;
}

void StreamRegistry::NoteAcknowledged(absl::Duration after_arrival) {
  std::lock_guard lock(mutex_);
  acknowledgements_.Add(after_arrival);
}

void StreamRegistry::CountRefusedHello(const std::string& collector, const absl::Status& why) {
  std::string text = absl::StrCat(
      "collector \"", absl::Utf8SafeCHexEscape(absl::string_view(collector).substr(0, kMostNameOctets)),
      "\": its Hello is refused: ", why.message());
  text.resize(std::min(text.size(), kMostTextOctets));
  std::lock_guard lock(mutex_);
  ++refused_hellos_;
  if (said_.size() < kMostSaid && said_.insert(text).second) say_(text);
}

void StreamRegistry::SayQuarantined(const std::string& collector, v1::QuarantineReason reason,
                                    const std::string& text) {
  std::lock_guard lock(mutex_);
  if (said_quarantined_.size() >= kMostSaid || !said_quarantined_.emplace(collector, reason).second) return;
  say_(absl::StrCat("collector ", collector, ": goes to quarantine: ", text,
                    "; see kansokuctl quarantine (further ones of this kind are not said)"));
}

void StreamRegistry::CheckAllAgain() {
  std::vector<CheckAgain> checks;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, stream] : streams_) checks.push_back(stream.check_again);
  }
  for (const CheckAgain& check_again : checks) check_again();
}

void StreamRegistry::EndAll(const absl::Status& status) {
  std::vector<End> ends;
  {
    std::lock_guard lock(mutex_);
    accepting_ = false;
    for (const auto& [id, stream] : streams_) ends.push_back(stream.end);
  }
  for (const End& end : ends) end(status);
}

std::map<std::string, IngestStatus::Collector> StreamRegistry::collectors() const {
  std::lock_guard lock(mutex_);
  return collectors_;
}

uint64_t StreamRegistry::refused_hellos() const {
  std::lock_guard lock(mutex_);
  return refused_hellos_;
}

AcknowledgementTimes StreamRegistry::acknowledgements() const {
  std::lock_guard lock(mutex_);
  return acknowledgements_;
}

}  // namespace kansoku::aggregator
