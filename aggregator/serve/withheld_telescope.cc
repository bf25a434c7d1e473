// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/withheld_telescope.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/rational.h"
#include "aggregator/figures/withheld.h"
#include "aggregator/serve/day_words.h"
#include "aggregator/serve/few_sources.h"
#include "aggregator/serve/prefix_secrecy.h"
#include "aggregator/serve/small_darknet.h"
#include "aggregator/serve/telescope_query.h"
#include "aggregator/serve/withheld_ranks.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kMostDays = 366;

// Why nothing of the period can be judged.
std::optional<Withheld> WhyUnjudged(const TelescopePeriod& sum, const TelescopeHours& hours) {
  for (const auto& [day, packets] : sum.packets_of_days) {
    const auto held = hours.packets_of_days.find(day);
    const Integer of_hours = held == hours.packets_of_days.end() ? Integer(0) : held->second;
    if (of_hours < packets) {
      return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS,
                      absl::StrCat("how many ISPs contributed to ", day,
                                   " is not known any more: its hours are forgotten (retention.hour_days)"));
    }
    if (of_hours > packets) {
      return Withheld(
          v1::WITHHELD_REASON_UNSETTLED,
          absl::StrCat("more of ", day, " came since it was counted; it is told once it is counted again"));
    }
  }
  return std::nullopt;
}

bool IsOfPort(const v1::Figure& figure) {
  using namespace figures;
  return figure.id() == kDarknetPortShare.id || figure.id() == kDarknetPortPackets.id ||
         figure.id() == kDarknetPortHosts.id || figure.id() == kDarknetCategoryShare.id;
}

// Which figures of a period are small.
class SmallFigures {
 public:
  SmallFigures(const TelescopeHours& hours, const std::vector<v1::Figure>& figures, uint32_t fewest)
      : hours_(hours),
        fewest_(fewest),
        are_sources_small_(!hours.small.families.empty() || AreSourcesOfFew(hours.contributors, fewest)),
        is_any_port_small_(std::any_of(figures.begin(), figures.end(), [&](const v1::Figure& figure) {
          return IsOfSmallPort(hours.small, figure);
        })) {}

  bool Has(const v1::Figure& figure) const {
    using namespace figures;
    const SmallDarknet& small = hours_.small;
    const std::string& id = figure.id();
    const std::string family = LabelOf(figure, "family"), darknet_class = LabelOf(figure, "class");
    if (IsOfPort(figure) && is_any_port_small_) return true;
    // Hosts of all are of sources, as any others.
    if (LabelOf(figure, "population") == "all" && id != kDarknetPortHosts.id) return false;
    if (id == kDarknetClassPackets.id) return small.family_classes.contains({family, darknet_class});
    // A flag is of any class, and no group says whose packets have it.
    if (id == kDarknetFlaggedPackets.id) {
      return !small.families.empty() || !small.family_classes.empty() ||
             AreExaminersFew(hours_.contributors, fewest_);
    }
    if (id == kDarknetInfectedSubscribers.id) {
      const TelescopeContributors& isps = hours_.contributors;
      return (LabelOf(figure, "evidence") == "reached" ? isps.reached : isps.scanning).size() < fewest_;
    }
    if (id == kDarknetPackets.id || id == kDarknetAddresses.id || id == kDarknetDetectableFloodRate.id ||
        id == kDarknetPacketsPerIp.id || id == kDarknetSecondsPerPacketPerIp.id) {
      // Those without a family are of IPv4.
      return small.families.contains(family);
    }
    // Of sources.
    return are_sources_small_ ||
           (!darknet_class.empty() &&
            small.classes.contains({family, darknet_class, LabelOf(figure, "protocol")}));
  }

 private:
  const TelescopeHours& hours_;
  const uint32_t fewest_;
  const bool are_sources_small_;
  const bool is_any_port_small_;
};

// Subscribers of hours that were not those of the figure: the ISPs that were counted are not its own.
bool IsOfOtherSubscribers(const v1::Figure& figure, const TelescopePeriod& sum, const TelescopeHours& hours) {
  if (figure.id() != figures::kDarknetInfectedSubscribers.id) return false;
  const v1::DarknetSubscribers& of_hours = hours.contributors.subscribers;
  return LabelOf(figure, "evidence") == "reached" ? of_hours.reached() != sum.subscribers->reached()
                                                  : of_hours.scanning() != sum.subscribers->scanning();
}

// Nothing: it is told.
std::optional<Withheld> WhyWithheld(const v1::Figure& figure, const TelescopePeriod& sum,
                                    const TelescopeHours& hours, const SmallFigures& small,
                                    const FewSources& few, uint32_t fewest) {
  if (figure.id() == figures::kDarknetYoy.id || figure.id() == figures::kDarknetRatioToBaseYear.id) {
    return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS,
                    "how many ISPs contributed to the other year is judged where that is asked about: "
                    "divide the darknet_packets of both");
  }
  if (figure.id() == figures::kDarknetUnjudgedPackets.id ||
      figure.id() == figures::kDarknetMostUnjudgedOfOne.id ||
      figure.id() == figures::kDarknetUnjudgedSubscriberPackets.id) {
    return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS,
                    "what could not be judged is mostly one ISP's: late, without room, or of sources that it "
                    "does not tell apart");
  }
  if (small.Has(figure)) return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS, BecauseOfFew(fewest));
  if (few.Has(figure)) return BecauseOfFewSources();
  if (IsOfOtherSubscribers(figure, sum, hours)) {
    return Withheld(v1::WITHHELD_REASON_UNSETTLED,
                    absl::StrCat("the subscribers of ", sum.last_day, " are not those that were counted: ",
                                 "some came since, or its hours are forgotten"));
  }
  return std::nullopt;
}

// A value; or which leading port has no category, which tells that it leads.
bool HasContent(const v1::Figure& figure) {
  return !figure.value().empty() || figure.withheld_reason() == v1::WITHHELD_REASON_PORT_WITHOUT_CATEGORY;
}

// Which lists sources are looked up in is each ISP's own configuration.
void LeaveOutLists(std::vector<v1::Figure>& figures) {
  std::erase_if(figures, [](const v1::Figure& figure) { return !LabelOf(figure, "list").empty(); });
}

// Where the numbers of a single ISP may be known: not which addresses they are of.
absl::Status WithholdPrefixes(const TelescopePeriod& /*sum*/, std::vector<v1::Figure>& figures) {
  LeaveOutPrefixes(figures);
  return absl::OkStatus();
}

// Where they may be published: still not those of single sources either.
absl::Status WithholdFewSources(const TelescopePeriod& sum, std::vector<v1::Figure>& figures) {
  LeaveOutPrefixes(figures);
  LeaveOutLists(figures);
  const FewSources few(sum);
  for (v1::Figure& figure : figures) {
    if (HasContent(figure) && few.Has(figure)) Withhold(BecauseOfFewSources(), figure);
  }
  figures = CloseRanks(std::move(figures));
  return absl::OkStatus();
}

void Judge(const TelescopeHours& hours, uint32_t fewest, const TelescopePeriod& sum,
           std::vector<v1::Figure>& figures) {
  const std::optional<Withheld> unjudged = WhyUnjudged(sum, hours);
  LeaveOutPrefixes(figures);
  LeaveOutLists(figures);
  const SmallFigures small(hours, figures, fewest);
  const FewSources few(sum);
  for (v1::Figure& figure : figures) {
    if (!HasContent(figure)) continue;
    const std::optional<Withheld> why =
        unjudged.has_value() ? unjudged : WhyWithheld(figure, sum, hours, small, few, fewest);
    if (why.has_value()) Withhold(*why, figure);
  }
  figures = CloseRanks(std::move(figures));
}

}  // namespace

absl::StatusOr<v1::GetFiguresResponse> ReadTelescope(const StoreReader& store,
                                                     const v1::TelescopeSelection& asked,
                                                     const PortCategories* categories, uint32_t fewest,
                                                     RememberedHours& remembered,
                                                     RememberedHours::GoesOn goes_on) {
  if (fewest <= 1) {
    return ReadTelescope(store, asked, categories, asked.as_public() ? WithholdFewSources : WithholdPrefixes);
  }
  const absl::StatusOr<DayPeriod> days = DaysSelected(asked);
  if (!days.ok()) return days.status();
  if (days->days() > kMostDays) {
    return absl::InvalidArgumentError(absl::StrCat(
        "telescope.last_day: ", days->days(), " days; where what fewer than ", fewest,
        " ISPs contribute to is withheld, each of their hours is read: ask for ", kMostDays, " at most"));
  }
  return ReadTelescope(store, asked, categories,
                       [&](const TelescopePeriod& sum, std::vector<v1::Figure>& figures) {
                         const auto hours = remembered.Read(store, sum, fewest, goes_on);
                         if (hours.ok()) Judge(*hours, fewest, sum, figures);
                         return hours.status();
                       });
}

}  // namespace kansoku::aggregator
