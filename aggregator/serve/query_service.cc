// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/query_service.h"

#include <utility>

#include "aggregator/serve/figure_kinds.h"
#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/flow_records_query.h"
#include "aggregator/serve/ledger_query.h"
#include "aggregator/serve/matched_panel_query.h"
#include "aggregator/serve/points_query.h"
#include "aggregator/serve/recompute_query.h"
#include "aggregator/serve/telescope_query.h"
#include "aggregator/serve/vintages_query.h"
#include "aggregator/serve/withheld_answers.h"
#include "aggregator/serve/withheld_telescope.h"
#include "proto/contract/day.h"
#include "proto/contract/public_figure.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kReaders = 2;
constexpr size_t kMostWaiting = 64;

void KeepWhatIsPublic(google::protobuf::RepeatedPtrField<v1::Figure>& figures) {
  for (v1::Figure& figure : figures) kansoku::KeepWhatIsPublic(figure);
}

absl::Status CheckIsOneQuestion(const v1::GetFiguresRequest& asked) {
  if (asked.has_range() + asked.has_months() + asked.has_telescope() == 1) return absl::OkStatus();
  if (asked.has_months() && asked.has_range()) {
    return absl::InvalidArgumentError(
        "months: not together with range; the one asks for what was published, the other computes");
  }
  if (asked.has_telescope()) {
    return absl::InvalidArgumentError("telescope: not together with range or months; it has days of its own");
  }
  return absl::InvalidArgumentError("say of what: range, months or telescope");
}

}  // namespace

QueryService::QueryService(const StoreReader& store, const PortTable& ports, LiveStatusReader live,
                           std::function<absl::Time()> clock, const AccessControl& access,
                           LimitCounts& counts, const AnswerLimits& limits)
    : store_(store),
      ports_(ports),
      live_(std::move(live)),
      clock_(std::move(clock)),
      access_(access),
      answers_(store, access, counts, kReaders, kMostWaiting, limits) {}

absl::Status QueryService::ReadAhead(RememberedHours::GoesOn goes_on) {
  const uint32_t fewest = access_.FewestIspsOfRegulators();
  if (fewest <= 1) return absl::OkStatus();
  const absl::CivilDay today = DayOf(clock_());
  return hours_.ReadAhead(store_, {absl::CivilDay(today.year() - 1, 1, 1), today}, fewest, goes_on);
}

grpc::ServerUnaryReactor* QueryService::ListPoints(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* question,
                                                   grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::ListPointsRequest, v1::ListPointsResponse>(
      context, question, answer,
      [](const v1::ListPointsRequest& /*asked*/, const StoreReader& store, const ReadScope& /*scope*/) {
        return ReadPoints(store);
      });
}

grpc::ServerUnaryReactor* QueryService::GetTraffic(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* question,
                                                   grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::GetTrafficRequest, v1::GetTrafficResponse>(
      context, question, answer,
      [this](const v1::GetTrafficRequest& asked, const StoreReader& store, const ReadScope& scope) {
        return ReadTraffic(store, asked, scope.fewest_isps, clock_());
      },
      About::kMeasured, Reading::kLong);
}

grpc::ServerUnaryReactor* QueryService::GetDarknet(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* question,
                                                   grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::GetDarknetRequest, v1::GetDarknetResponse>(
      context, question, answer,
      [this](const v1::GetDarknetRequest& asked, const StoreReader& store, const ReadScope& scope) {
        return ReadDarknet(store, asked, scope.fewest_isps, clock_());
      },
      About::kMeasured, Reading::kLong);
}

grpc::ServerUnaryReactor* QueryService::GetFigures(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* question,
                                                   grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::GetFiguresRequest, v1::GetFiguresResponse>(
      context, question, answer,
      [this, context](const v1::GetFiguresRequest& asked, const StoreReader& store,
                      const ReadScope& scope) -> absl::StatusOr<v1::GetFiguresResponse> {
        if (absl::Status one = CheckIsOneQuestion(asked); !one.ok()) return one;
        if (asked.has_months()) {
          auto published = ReadMonths(store, asked.months(), clock_());
          if (published.ok() && !scope.sees_exact_values()) KeepWhatIsPublic(*published->mutable_figures());
          return published;
        }
        if (scope.published_only) {
          return answers_.Denied(
              "figures of a range and of a telescope are computed from measurements, which are not "
              "published; ask with "
              "months");
        }
        if (asked.has_telescope()) {
          const v1::TelescopeSelection& days = asked.telescope();
          if (scope.sees_dark_prefixes() && !days.as_public()) {
            return ReadTelescope(store, days, ports_.in_force().get());
          }
          RememberedHours of_isp;  // what one sees of the hours is not what all do
          return ReadTelescope(store, days, ports_.in_force().get(),
                               days.as_public() ? scope.fewest_isps_of_public : scope.fewest_isps,
                               scope.isp.has_value() ? of_isp : hours_,
                               [context] { return !context->IsCancelled(); });
        }
        if (scope.sees_dark_prefixes()) return ReadFigures(store, asked);
        return ReadFigures(store, asked, scope.fewest_isps, clock_());
      },
      About::kPublished, Reading::kLong);
}

grpc::ServerUnaryReactor* QueryService::GetLedger(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* question,
                                                  grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::GetLedgerRequest, v1::GetLedgerResponse>(
      context, question, answer,
      [this](const v1::GetLedgerRequest& asked, const StoreReader& store, const ReadScope& scope) {
        auto ledger = ReadLedger(store, live_(), asked);
        if (ledger.ok()) WithholdCounts(scope.fewest_isps, *ledger);
        return ledger;
      });
}

grpc::ServerUnaryReactor* QueryService::ListFlowRecords(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* question,
                                                        grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::ListFlowRecordsRequest, v1::ListFlowRecordsResponse>(
      context, question, answer,
      [](const v1::ListFlowRecordsRequest& asked, const StoreReader& store,
         const ReadScope& scope) -> absl::StatusOr<v1::ListFlowRecordsResponse> {
        if (absl::Status allowed = MayReadFlowRecords(scope.fewest_isps); !allowed.ok()) return allowed;
        return ReadFlowRecords(store, asked);
      });
}

grpc::ServerUnaryReactor* QueryService::ListFigureKinds(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* question,
                                                        grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::ListFigureKindsRequest, v1::ListFigureKindsResponse>(
      context, question, answer,
      [](const v1::ListFigureKindsRequest& /*asked*/, const StoreReader& /*store*/,
         const ReadScope& /*scope*/) { return aggregator::ListFigureKinds(); },
      About::kPublished);
}

grpc::ServerUnaryReactor* QueryService::ListVintages(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* question,
                                                     grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::ListVintagesRequest, v1::ListVintagesResponse>(
      context, question, answer,
      [](const v1::ListVintagesRequest& asked, const StoreReader& store, const ReadScope& /*scope*/) {
        return aggregator::ListVintages(store, asked);
      },
      About::kPublished);
}

grpc::ServerUnaryReactor* QueryService::RecomputeVintage(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* question,
                                                         grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::RecomputeVintageRequest, v1::RecomputeVintageResponse>(
      context, question, answer,
      [this](const v1::RecomputeVintageRequest& asked, const StoreReader& store,
             const ReadScope& scope) -> absl::StatusOr<v1::RecomputeVintageResponse> {
        if (scope.isp.has_value()) {
          return answers_.Denied(
              "a vintage is computed again from what every ISP measured; only a regulator has that done");
        }
        return aggregator::RecomputeVintage(store, asked);
      });
}

grpc::ServerUnaryReactor* QueryService::GetMatchedPanel(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* question,
                                                        grpc::ByteBuffer* answer) {
  return answers_.Tell<v1::GetMatchedPanelRequest, v1::GetMatchedPanelResponse>(
      context, question, answer,
      [this](const v1::GetMatchedPanelRequest& asked, const StoreReader& /*store*/, const ReadScope& scope) {
        // Of every ISP's hours, whoever asks: the sums over them are everyone's, as published ones are.
        auto panel = ReadMatchedPanel(store_, asked);
        if (panel.ok() && !scope.sees_exact_values()) KeepWhatIsPublic(*panel->mutable_figures());
        return panel;
      },
      About::kPublished);
}

}  // namespace kansoku::aggregator
