// SPDX-License-Identifier: Apache-2.0
//
// What a single peer may take of the aggregator, and how often each limit refused something. Reasons are a
// closed set: each is a label of kansoku_limits_exceeded_total.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace kansoku::aggregator {

enum class Limit {
  kMessageEntries,  // a message to the ingest service would take too much memory once it is read
  kDamagedMessage,  // a message is not what its service speaks
  kStreams,         // streams that one identity has open
  kHelloTime,       // a stream without a Hello
  kReportRate,     // reports or octets of one collector: its stream was not read for a while, nothing is lost
  kRequestOctets,  // the length of a question
  kQuestions,      // questions of one identity that are not answered yet, or of all
  kUnreadOctets,   // answers that nobody has taken yet
  kReadTime,       // an answer that was not taken in time
};
inline constexpr int kLimits = static_cast<int>(Limit::kReadTime) + 1;

// As the metric has it.
constexpr std::string_view LimitLabel(Limit limit) {
  constexpr std::array<std::string_view, kLimits> kLabels = {
      "message_entries", "damaged_message", "streams",       "hello_time", "report_rate",
      "request_octets",  "questions",       "unread_octets", "read_time"};
  return kLabels[static_cast<size_t>(limit)];
}

// Since the start of the process. Any thread.
class LimitCounts {
 public:
  void Add(Limit limit) { ++counts_[static_cast<size_t>(limit)]; }

  std::map<std::string, uint64_t> ByLabel() const {
    std::map<std::string, uint64_t> by_label;
    for (int i = 0; i < kLimits; ++i) {
      by_label[std::string(LimitLabel(static_cast<Limit>(i)))] = counts_[static_cast<size_t>(i)];
    }
    return by_label;
  }

 private:
  std::array<std::atomic<uint64_t>, kLimits> counts_ = {};
};

}  // namespace kansoku::aggregator
