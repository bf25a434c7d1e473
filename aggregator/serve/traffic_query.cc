// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/traffic_query.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/gap_sum.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/time_steps.h"
#include "aggregator/serve/row_limit.h"
#include "proto/contract/measurement.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::aggregator {
namespace {

// What the rows are split by.
struct Split {
  uint32_t class_mask = 0;
  bool by_point = false;
  bool by_isp = false;
};

// The points that a row sums over, as far as point and ISP are told apart.
struct Subject {
  std::string point;
  std::string isp;
  std::vector<const PointRecord*> points;
};

// In the order of the answer: time, class, then the subject, whose numbers rise with the point's name.
using RowKey = std::tuple<int64_t, TrafficClass, size_t>;

absl::StatusOr<Split> ToSplit(const v1::GetTrafficRequest& request) {
  Split split;
  for (const int dimension : request.by()) {
    switch (dimension) {
      case v1::DIMENSION_GROUP:
        split.class_mask |= TrafficClass::kGroup;
        break;
      case v1::DIMENSION_ACCESS:
        split.class_mask |= TrafficClass::kAccess;
        break;
      case v1::DIMENSION_TECHNOLOGY:
        split.class_mask |= TrafficClass::kTechnology;
        break;
      case v1::DIMENSION_DIRECTION:
        split.class_mask |= TrafficClass::kDirection;
        break;
      case v1::DIMENSION_FAMILY:
        split.class_mask |= TrafficClass::kFamily;
        break;
      case v1::DIMENSION_CARRIER:
        split.class_mask |= TrafficClass::kCarrier;
        break;
      case v1::DIMENSION_TRANSPORT:
        split.class_mask |= TrafficClass::kTransport;
        break;
      case v1::DIMENSION_POINT:
        split.by_point = true;
        break;
      case v1::DIMENSION_ISP:
        split.by_isp = true;
        break;
      default:
        return absl::InvalidArgumentError(absl::StrCat("by: ", dimension, " is not a dimension; ",
                                                       v1::DIMENSION_GROUP, " to ", v1::DIMENSION_ISP,
                                                       " are"));
    }
  }
  return split;
}

std::vector<Subject> ToSubjects(const Split& split, const std::vector<PointRecord>& points) {
  std::map<std::pair<std::string, std::string>, Subject> subjects;
  for (const PointRecord& point : points) {
    const std::pair key(split.by_point ? point.point : "", split.by_isp ? point.isp : "");
    Subject& subject = subjects.try_emplace(key, Subject{key.first, key.second, {}}).first->second;
    subject.points.push_back(&point);
  }
  std::vector<Subject> ordered;
  for (auto& [key, subject] : subjects) ordered.push_back(std::move(subject));
  return ordered;
}

uint64_t Expected(const Subject& subject, const TimeSteps& steps, int64_t step_start) {
  uint64_t windows = 0;
  for (const PointRecord* point : subject.points) {
    windows += ExpectedWindows(*point, step_start, steps.StepEnd(step_start));
  }
  return windows;
}

// What a row says of its class.
struct ClassSum {
  v1::Cell cell;
  uint64_t tcp_new_flows = 0;

  void Add(const v1::Cell& from, bool with_statistics) {
    if (with_statistics || !from.has_statistics()) {
      Merge(from, cell);
    } else {
      v1::Cell counters = from;
      counters.clear_statistics();
      Merge(counters, cell);
    }
    if (from.traffic_class().transport() == v1::TRANSPORT_TCP) tcp_new_flows += from.new_flows();
  }
};

// What it says of the windows behind it.
struct WindowSum {
  uint64_t windows = 0;
  uint64_t tcp_flows_ended = 0;
  uint64_t tcp_flows_one_sided = 0;
  std::set<int> flags;
  GapSum gaps;

  void Add(const v1::Measurement& measurement) {
    windows += measurement.windows();
    tcp_flows_ended += measurement.ledger().tcp_flows_ended();
    tcp_flows_one_sided += measurement.ledger().tcp_flows_one_sided();
    flags.insert(measurement.flags().begin(), measurement.flags().end());
  }
};

}  // namespace

absl::StatusOr<v1::GetTrafficResponse> ReadTraffic(const StoreReader& store,
                                                   const v1::GetTrafficRequest& request) {
  const auto steps = ToTimeSteps(request.range(), request.step_seconds());
  if (!steps.ok()) return steps.status();
  const auto split = ToSplit(request);
  if (!split.ok()) return split.status();
  if (!IsKnownTrafficClass(request.only())) {
    return absl::InvalidArgumentError("only: a field holds a number that is no value of its enum");
  }
  const TrafficClass only(request.only());
  const std::vector<std::string> names(request.points().begin(), request.points().end());
  const auto points = SelectPoints(store, names);
  if (!points.ok()) return points.status();
  const std::vector<Subject> subjects = ToSubjects(*split, *points);
  const bool row_for_every_step = split->class_mask == 0;
  if (row_for_every_step && !subjects.empty() && steps->count() > kMostRows / subjects.size())
    return TooManyRows();

  std::map<std::string, size_t, std::less<>> subject_of;
  for (size_t i = 0; i < subjects.size(); ++i) {
    for (const PointRecord* point : subjects[i].points) subject_of[point->point] = i;
  }
  std::map<RowKey, ClassSum> cells;
  std::map<std::pair<int64_t, size_t>, WindowSum> windows;
  const absl::Status scanned = ScanSteps(store, *steps, *points, [&](int64_t step, const Bucket& bucket) {
    if (cells.size() > kMostRows) return;
    const size_t subject = subject_of.find(bucket.point)->second;
    windows[{step, subject}].Add(bucket.measurement);
    for (const v1::Cell& cell : bucket.measurement.cells()) {
      const TrafficClass traffic_class(cell.traffic_class());
      if (!traffic_class.Matches(only)) continue;
      cells[{step, traffic_class.Keep(split->class_mask), subject}].Add(cell, request.statistics());
    }
  });
  if (!scanned.ok()) return scanned;
  const absl::Status gaps =
      store.ScanGaps(steps->start_unix_seconds, steps->end_unix_seconds, [&](const Gap& gap) {
        const auto subject = subject_of.find(gap.point);
        if (subject == subject_of.end()) return;
        windows[{steps->StepStart(gap.start_unix_seconds), subject->second}].gaps.Add(gap.count);
      });
  if (!gaps.ok()) return gaps;

  if (row_for_every_step) {
    for (uint64_t i = 0; i < steps->count(); ++i) {
      const int64_t step = steps->start_unix_seconds + static_cast<int64_t>(i) * steps->step_seconds;
      for (size_t subject = 0; subject < subjects.size(); ++subject) {
        if (Expected(subjects[subject], *steps, step) > 0) cells.try_emplace({step, TrafficClass(), subject});
      }
    }
  }
  if (cells.size() > kMostRows) return TooManyRows();

  v1::GetTrafficResponse response;
  for (auto& [key, sum] : cells) {
    const auto& [step, traffic_class, subject] = key;
    v1::TrafficRow& row = *response.add_rows();
    *row.mutable_range() = steps->StepRange(step);
    row.set_isp(subjects[subject].isp);
    row.set_point(subjects[subject].point);
    *row.mutable_cell() = std::move(sum.cell);
    *row.mutable_cell()->mutable_traffic_class() = traffic_class.ToMessage();
    row.set_tcp_new_flows(sum.tcp_new_flows);
    const WindowSum& behind = windows[{step, subject}];
    row.set_windows(behind.windows);
    row.set_tcp_flows_ended(behind.tcp_flows_ended);
    row.set_tcp_flows_one_sided(behind.tcp_flows_one_sided);
    row.mutable_flags()->Assign(behind.flags.begin(), behind.flags.end());
    *row.mutable_gaps() = behind.gaps.counts();
    row.set_expected_windows(Expected(subjects[subject], *steps, step));
  }
  return response;
}

}  // namespace kansoku::aggregator
