// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/export.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/ask.h"
#include "aggregator/ctl/history_folder.h"
#include "aggregator/ctl/history_samples.h"
#include "aggregator/ctl/open_metrics.h"
#include "aggregator/ctl/render_months.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

absl::StatusOr<std::vector<TimedSample>> SamplesOfHistory(const ExportQuestion& question) {
  const absl::StatusOr<std::vector<HistoryFile>> history = ReadHistory(question.history_folder);
  if (!history.ok()) return history.status();
  return question.of_telescopes ? TelescopeHistorySamples(*history, question.request.months())
                                : HistorySamples(*history, question.request.months());
}

std::string NothingOf(const ExportQuestion& question) {
  const v1::MonthSelection& months = question.request.months();
  const std::string what = question.of_telescopes
                               ? "year of dark addresses that ends in "
                               : absl::StrCat("rate of the series ", EnumLabel(months.series()), " of ");
  return absl::StrCat("--history: ", question.history_folder, " has no ", what, months.first(), " to ",
                      months.last());
}

}  // namespace

absl::StatusOr<Answer> Export(const Server& server, const ExportQuestion& question) {
  Answer answer;
  std::vector<TimedSample> samples;
  if (!question.history_folder.empty()) {
    absl::StatusOr<std::vector<TimedSample>> history = SamplesOfHistory(question);
    if (!history.ok()) return history.status();
    samples = *std::move(history);
    if (samples.empty()) answer.problems.push_back(NothingOf(question));
  }
  if (!question.only_history) {
    const absl::StatusOr<v1::GetFiguresResponse> measured = Ask(server, question);
    if (!measured.ok()) return measured.status();
    for (TimedSample& sample : FigureSamples({measured->figures().begin(), measured->figures().end()})) {
      samples.push_back(std::move(sample));
    }
    for (std::string& problem : MissingMonths(question.request.months(), *measured)) {
      answer.problems.push_back(std::move(problem));
    }
  }
  answer.text = OpenMetricsText(samples);
  return answer;
}

}  // namespace kansoku::aggregator
