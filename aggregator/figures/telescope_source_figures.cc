// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_source_figures.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/unique_hosts.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

using Labels = std::map<std::string, std::string>;

class Appender {
 public:
  Appender(const v1::Figure& frame, std::vector<v1::Figure>& figures) : frame_(frame), figures_(figures) {}

  void Add(const FigureKind& kind, const Labels& labels, const Rational& value) const {
    figures_.push_back(MakeFigure(kind, Labelled(frame_, labels), value));
  }

 private:
  const v1::Figure& frame_;
  std::vector<v1::Figure>& figures_;
};

void AppendSurvey(const JudgedSum& judged, bool is_one_day, const Appender& append) {
  const auto add = [&](const Labels& labels, const SourcesSum& of) {
    if (judged.packets > 0) {
      append.Add(figures::kDarknetSurveyScanShare, labels, QuotientOf(of.packets, judged.packets));
    }
    if (is_one_day) append.Add(figures::kDarknetSurveySources, labels, ToInteger(of.sources));
  };
  add({{"rule", "behaviour"}}, judged.survey);
  add({{"rule", "listed"}}, judged.listed);
  for (const auto& [list, of] : judged.lists) add({{"rule", "listed"}, {"list", list}}, of);
}

void AppendTools(const JudgedSum& judged, bool is_one_day, const Appender& append) {
  for (const auto& [tool, of] : judged.tools) {
    append.Add(figures::kDarknetToolPackets, {{"tool", tool}}, of.packets);
    if (is_one_day) append.Add(figures::kDarknetToolSources, {{"tool", tool}}, ToInteger(of.sources));
  }
}

void AppendVictims(const JudgedSum& judged, bool is_one_day, const Appender& append) {
  append.Add(figures::kDarknetVictimPackets, {}, judged.victims.packets);
  if (!is_one_day) return;
  append.Add(figures::kDarknetVictims, {}, ToInteger(judged.victims.sources));
  if (!judged.backscatter_sources.has_value()) return;
  append.Add(figures::kDarknetBackscatterSources, {}, ToInteger(*judged.backscatter_sources));
}

// A day without sketches lacks its hosts in the union.
void AppendNonSurvey(const JudgedSum& judged, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  using figures::kDarknetNonSurveyHosts;
  if (!judged.is_one_way()) {
    figures.push_back(WithholdFigure(kDarknetNonSurveyHosts, frame, OtherKeys()));
    return;
  }
  if (judged.days_without_non_survey > 0) {
    const Withheld why(
        v1::WITHHELD_REASON_OTHER_KEYS,
        absl::StrCat("on ", judged.days_without_non_survey, " of the days collectors did not say ",
                     "the family of every source: run this version, or a later one, on all"));
    figures.push_back(WithholdFigure(kDarknetNonSurveyHosts, frame, why));
    return;
  }
  for (const auto& [family, sketch] : judged.non_survey) {
    figures.push_back(
        HostsFigure(kDarknetNonSurveyHosts, sketch, Labelled(frame, {{"family", EnumLabel(family)}})));
  }
}

void AppendJudged(const TelescopePeriod& sum, std::vector<v1::Figure>& figures) {
  using namespace figures;
  const JudgedSum& judged = sum.judged;
  const v1::Figure frame = FrameOfJudged(sum);
  const Appender append(frame, figures);
  append.Add(kDarknetUnjudgedPackets, {{"because", "no_room"}}, judged.no_room_packets);
  append.Add(kDarknetUnjudgedPackets, {{"because", "untold"}}, judged.untold_packets);
  append.Add(kDarknetUnjudgedPackets, {{"because", "no_port"}}, judged.survey_portless_packets);
  append.Add(kDarknetUnjudgedPackets, {{"because", "undecided"}}, judged.undecided.packets);
  if (sum.is_one_day()) append.Add(kDarknetMostUnjudgedOfOne, {}, ToInteger(judged.most_unjudged_of_one));
  if (judged.is_of_one_rule()) {
    AppendSurvey(judged, sum.is_one_day(), append);
    AppendTools(judged, sum.is_one_day(), append);
    AppendVictims(judged, sum.is_one_day(), append);
  } else {
    for (const FigureKind* kind : {&kDarknetSurveyScanShare, &kDarknetToolPackets, &kDarknetVictimPackets}) {
      figures.push_back(WithholdFigure(*kind, frame, OtherKeys()));
    }
  }
  AppendNonSurvey(judged, frame, figures);
}

void AppendHosts(const TelescopePeriod& sum, std::vector<v1::Figure>& figures) {
  const v1::Figure frame = FrameOfHosts(sum);
  if (sum.hosts.is_one_way()) {
    sum.hosts.sketches.AppendFigures(frame, figures);
  } else if (sum.hosts.is_any_missing || !sum.hosts.keys.empty()) {
    figures.push_back(WithholdFigure(figures::kDarknetUniqueHosts, frame, OtherKeys()));
  }
}

}  // namespace

void AppendSourceFigures(const TelescopePeriod& sum, std::vector<v1::Figure>& figures) {
  if (sum.judged.days > 0) AppendJudged(sum, figures);
  AppendHosts(sum, figures);
  if (!sum.is_one_day() || !sum.subscribers.has_value()) return;
  const v1::Figure frame = FrameOf(sum);
  const Appender append(frame, figures);
  append.Add(figures::kDarknetInfectedSubscribers, {{"evidence", "reached"}},
             ToInteger(sum.subscribers->reached()));
  append.Add(figures::kDarknetInfectedSubscribers, {{"evidence", "scanning"}},
             ToInteger(sum.subscribers->scanning()));
  append.Add(figures::kDarknetUnjudgedSubscriberPackets, {}, ToInteger(sum.subscribers->further_packets()));
}

}  // namespace kansoku::aggregator
