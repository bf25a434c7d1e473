// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/isp_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

absl::StatusOr<std::vector<TierSpan>> IspView::Plan(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                                    uint32_t step_seconds, uint32_t window_seconds) const {
  return store_.Plan(start_unix_seconds, end_unix_seconds, step_seconds, window_seconds);
}

absl::Status IspView::Scan(Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                           std::span<const std::string> points,
                           absl::FunctionRef<void(const Bucket&)> visit) const {
  const absl::StatusOr<std::vector<std::string>> own = Own(points);
  if (!own.ok()) return own.status();
  if (own->empty()) return absl::OkStatus();  // to the store, no names would mean all
  return store_.Scan(tier, start_unix_seconds, end_unix_seconds, *own, visit);
}

absl::Status IspView::ScanFlowRecords(
    int64_t start_unix_seconds, int64_t end_unix_seconds, std::span<const std::string> points,
    FlowRecordPlace first, absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit) const {
  const absl::StatusOr<std::vector<std::string>> own = Own(points);
  if (!own.ok()) return own.status();
  if (own->empty()) return absl::OkStatus();
  return store_.ScanFlowRecords(start_unix_seconds, end_unix_seconds, *own, first, visit);
}

absl::Status IspView::ScanDarknetSources(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                         std::span<const std::string> points,
                                         absl::FunctionRef<void(const v1::WindowReport&)> visit) const {
  const absl::StatusOr<std::vector<std::string>> own = Own(points);
  if (!own.ok()) return own.status();
  if (own->empty()) return absl::OkStatus();
  return store_.ScanDarknetSources(start_unix_seconds, end_unix_seconds, *own, visit);
}

absl::Status IspView::ScanGaps(int64_t start_unix_seconds, int64_t end_unix_seconds,
                               absl::FunctionRef<void(const Gap&)> visit) const {
  const absl::StatusOr<std::vector<std::string>> own = Own({});
  if (!own.ok()) return own.status();
  return store_.ScanGaps(start_unix_seconds, end_unix_seconds, [&](const Gap& gap) {
    if (std::find(own->begin(), own->end(), gap.point) != own->end()) visit(gap);
  });
}

absl::StatusOr<std::vector<v1::QuarantinedReport>> IspView::Quarantine(const QuarantineFilter& filter) const {
  std::vector<v1::QuarantinedReport> own;
  QuarantineFilter rest = filter;
  // A page of the store's may hold none of the ISP's, and still not be the last.
  while (own.size() < filter.most) {
    absl::StatusOr<std::vector<v1::QuarantinedReport>> page = store_.Quarantine(rest);
    if (!page.ok() || page->empty()) return page.ok() ? own : page;
    rest.after_id = page->back().id();
    for (v1::QuarantinedReport& report : *page) {
      const absl::StatusOr<bool> is_own = IsOwn(report.collector());
      if (!is_own.ok()) return is_own.status();
      if (*is_own && own.size() < filter.most) own.push_back(std::move(report));
    }
  }
  return own;
}

absl::StatusOr<v1::QuarantinedReport> IspView::FindQuarantined(uint64_t id) const {
  absl::StatusOr<v1::QuarantinedReport> report = store_.FindQuarantined(id);
  if (!report.ok()) return report;
  const absl::StatusOr<bool> is_own = IsOwn(report->collector());
  if (!is_own.ok()) return is_own.status();
  if (!*is_own) return absl::NotFoundError(absl::StrCat("there is no report ", id, " in quarantine"));
  return report;
}

absl::StatusOr<std::vector<PointRecord>> IspView::Points() const {
  absl::StatusOr<std::vector<PointRecord>> points = store_.Points();
  if (points.ok()) std::erase_if(*points, [this](const PointRecord& point) { return point.isp != isp_; });
  return points;
}

absl::StatusOr<std::vector<CollectorRecord>> IspView::Collectors() const {
  absl::StatusOr<std::vector<CollectorRecord>> collectors = store_.Collectors();
  if (collectors.ok()) {
    std::erase_if(*collectors, [this](const CollectorRecord& collector) { return collector.isp != isp_; });
  }
  return collectors;
}

absl::StatusOr<std::vector<PointTotals>> IspView::ReadTotals(bool with_hours) const {
  absl::StatusOr<std::vector<PointTotals>> points = store_.ReadTotals(with_hours);
  if (points.ok())
    std::erase_if(*points, [this](const PointTotals& totals) { return totals.point.isp != isp_; });
  return points;
}

absl::StatusOr<std::vector<v1::Vintage>> IspView::Vintages(const VintageFilter& filter) const {
  return store_.Vintages(filter);
}

absl::StatusOr<v1::Vintage> IspView::FindVintage(v1::Series series, const std::string& month,
                                                 uint32_t number) const {
  absl::StatusOr<v1::Vintage> vintage = store_.FindVintage(series, month, number);
  if (!vintage.ok()) return vintage;
  auto& points = *vintage->mutable_inputs()->mutable_points();
  points.erase(std::remove_if(points.begin(), points.end(),
                              [this](const v1::PointMonth& point) { return point.isp() != isp_; }),
               points.end());
  return vintage;
}

absl::StatusOr<v1::Statistics> IspView::FindRegister(const std::string& /*digest*/) const {
  return absl::PermissionDeniedError("the register names the points of every ISP; only a regulator may ask");
}

absl::StatusOr<uint64_t> IspView::MonthChanges(const std::string& month) const {
  return store_.MonthChanges(month);
}

absl::Status IspView::ScanTelescopeDays(const std::string& isp, const std::string& first_day,
                                        const std::string& last_day,
                                        absl::FunctionRef<void(const v1::TelescopeDay&)> visit) const {
  // To the store, no name would mean everyone.
  if (isp_.empty() || (!isp.empty() && isp != isp_)) return absl::OkStatus();
  return store_.ScanTelescopeDays(isp_, first_day, last_day, visit);
}

absl::StatusOr<KeptDay> IspView::LastTelescopeDay(const std::string& isp, const std::string& first_day,
                                                  const std::string& last_day) const {
  if (isp_.empty() || (!isp.empty() && isp != isp_)) return KeptDay();
  return store_.LastTelescopeDay(isp_, first_day, last_day);
}

absl::StatusOr<std::vector<KeptDay>> IspView::KeptTelescopeDays(const std::string& isp,
                                                                const std::string& first_day,
                                                                const std::string& last_day) const {
  if (isp_.empty() || (!isp.empty() && isp != isp_)) return std::vector<KeptDay>();
  return store_.KeptTelescopeDays(isp_, first_day, last_day);
}

absl::StatusOr<uint64_t> IspView::DayChanges(const std::string& day) const { return store_.DayChanges(day); }

absl::StatusOr<bool> IspView::IsOwn(const std::string& collector) const {
  const absl::StatusOr<std::vector<CollectorRecord>> own = Collectors();
  if (!own.ok()) return own.status();
  return std::any_of(own->begin(), own->end(),
                     [&](const CollectorRecord& record) { return record.collector == collector; });
}

absl::StatusOr<std::vector<std::string>> IspView::Own(std::span<const std::string> asked) const {
  const absl::StatusOr<std::vector<PointRecord>> points = Points();
  if (!points.ok()) return points.status();
  std::vector<std::string> names;
  for (const PointRecord& point : *points) {
    if (asked.empty() || std::find(asked.begin(), asked.end(), point.point) != asked.end()) {
      names.push_back(point.point);
    }
  }
  return names;
}

}  // namespace kansoku::aggregator
