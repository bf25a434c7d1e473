// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/balance.h"

#include <algorithm>
#include <utility>

#include "aggregator/figures/figure_frame.h"

namespace kansoku::aggregator {
namespace {

// The share of the greater by which in and out may differ.
Rational MostDifference() { return QuotientOf(5, 100); }

struct Balance {
  Quantity in, out;
  int points = 0;  // of the groups added last
};

void AddGroup(const GroupMonth& group, Flow in, Balance& balance) {
  if (group.points == 0) return;
  balance.points += group.points;
  AddFrame(group.frame, balance.in.frame);
  for (const int note : group.frame.notes()) AddNote(static_cast<v1::FigureNote>(note), balance.in.frame);
  const Quantity into = MonthVolume(group, in);
  const Quantity out = MonthVolume(group, in == Flow::kUpload ? Flow::kDownload : Flow::kUpload);
  if (!balance.in.is_withheld()) balance.in.withheld = into.withheld;
  balance.in.value += into.value;
  balance.in.variance += into.variance;
  balance.in.error_is_of_few |= into.error_is_of_few;
  balance.out.value += out.value;
  balance.out.variance += out.variance;
}

}  // namespace

v1::Figure BalanceFigure(std::span<const GroupMonth> subscribers, std::span<const GroupMonth> exchanges,
                         const SeriesMonth& month) {
  Balance balance{.in = {.frame = month.frame}};
  for (const GroupMonth& group : subscribers) AddGroup(group, Flow::kUpload, balance);
  const int subscriber_points = std::exchange(balance.points, 0);
  for (const GroupMonth& group : exchanges) AddGroup(group, Flow::kDownload, balance);
  Quantity result = balance.in;
  const Rational &in = balance.in.value, &out = balance.out.value;
  if (subscriber_points == 0 || balance.points == 0) {
    result.withheld = Withheld(v1::WITHHELD_REASON_NO_POINTS,
                               "the register has no points of subscribers, or none of exchange with others");
  } else if (!result.is_withheld() && out == 0) {
    result.withheld = Withheld(v1::WITHHELD_REASON_NOTHING_COUNTED, "nothing went out of the ISPs");
  }
  if (!result.is_withheld()) {
    AddStep("octets into the ISPs", in, "bytes", result.frame);
    AddStep("octets out of the ISPs", out, "bytes", result.frame);
    result.value = in / out;
    result.variance =
        balance.in.variance / (out * out) + result.value * result.value * balance.out.variance / (out * out);
    if (abs(in - out) > MostDifference() * std::max(in, out)) {
      AddNote(v1::FIGURE_NOTE_UNBALANCED, result.frame);
    }
  }
  return ToFigure(figures::kFixedBalance, result, {}, month);
}

}  // namespace kansoku::aggregator
