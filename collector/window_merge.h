// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "collector/meter/dark_subscribers.h"
#include "collector/offload_judge.h"
#include "collector/subscriber_day.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

struct WindowMergeOptions {
  size_t workers = 1;
  uint32_t max_flow_records = 20000;    // in one report; see BoundFlowRecords
  uint32_t max_darknet_sources = 4096;  // the same; see BoundDarknetSources
  // Of reports that wait for another worker's, as encoded.
  size_t max_waiting_bytes = 64 << 20;
};

// Joins what the workers of one link report of the same window into the one report of the link, and judges
// what can only be judged of the whole link (OffloadJudge). Any thread may call.
class WindowMerge {
 public:
  using Sink = std::function<void(v1::WindowReport)>;

  // The sink gets the windows in order, from whichever worker completes them; it must not wait,
  // unless there is only one worker.
  WindowMerge(const WindowMergeOptions& options, Sink sink);

  // A worker's windows come in order; it may skip some. Should a worker fall so far behind that the others'
  // reports do not fit any more, they are passed on as partial, and what it then says of them counts in the
  // next window, as late. A worker that reports an earlier window than before has a clock that was set back:
  // later windows that wait are passed on as partial, and the order begins anew. Workers notice at different
  // times, so a window about which it happens may be passed on twice, each time with the counts of some.
  void Add(size_t worker, v1::WindowReport report);

  // Subscribers whom the worker saw at dark addresses, in the window of which it reports next. Those of the
  // day are remembered as long as somebody looks for them: with a window for which no worker did they are
  // forgotten.
  void AddSubscribers(size_t worker, DarkSubscribers seen);

  // The worker will report nothing more.
  void End(size_t worker);

 private:
  struct Waiting {
    v1::WindowReport report;
    std::optional<DarkSubscribers> subscribers;  // none: no worker looked for them
    size_t bytes = 0;                            // of the report as encoded, and of them; 0: nothing yet
  };
  using Windows = std::map<int64_t, Waiting>;  // by start, in seconds

  static size_t BytesOf(const Waiting& window);
  void PassOnComplete();
  void PassOnPartial(Windows::iterator window);
  void PassOn(Windows::iterator window);
  void GoBackTo(int64_t start);

  const WindowMergeOptions options_;
  const Sink sink_;
  std::mutex mutex_;
  std::vector<int64_t> reported_through_;                       // start of each worker's last window
  std::vector<std::optional<DarkSubscribers>> of_next_report_;  // by worker
  Windows waiting_;
  size_t waiting_bytes_ = 0;
  OffloadJudge offload_judge_;
  SubscriberDay subscriber_day_;
  std::optional<int64_t> next_start_;  // of the first window that was not passed on
};

}  // namespace kansoku::collector
