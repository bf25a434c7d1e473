// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/contributor_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

std::string Quoted(const std::string& text) { return absl::StrCat("\"", text, "\": "); }

absl::Status CheckMembership(const v1::Contributor& contributor, const std::string& path,
                             const ConfigPlaces& places) {
  if (contributor.member_until().empty() || contributor.member_since() < contributor.member_until())
    return absl::OkStatus();
  return places.At(
      absl::StrCat(path, ".member_until"),
      absl::StrCat(Quoted(contributor.member_until()),
                   "expected the first month without it, after member_since, ", contributor.member_since()));
}

absl::Status CheckMonths(const v1::MeasuredPoint& point, const v1::Contributor& contributor,
                         const std::string& path, const ConfigPlaces& places) {
  const std::string& since = point.since().empty() ? contributor.member_since() : point.since();
  const bool contributor_leaves = !contributor.member_until().empty();
  if (since < contributor.member_since()) {
    return places.At(absl::StrCat(path, ".since"),
                     absl::StrCat(Quoted(since), "before its contributor's first month; expected ",
                                  contributor.member_since(), " or later, or nothing"));
  }
  if (contributor_leaves && since >= contributor.member_until()) {
    return places.At(absl::StrCat(path, ".since"),
                     absl::StrCat(Quoted(since), "its contributor is no member from ",
                                  contributor.member_until(), " on; expected an earlier month"));
  }
  if (!point.until().empty() && point.until() <= since) {
    return places.At(
        absl::StrCat(path, ".until"),
        absl::StrCat(Quoted(point.until()), "expected the first month without it, after its first, ", since));
  }
  if (contributor_leaves && point.until() > contributor.member_until()) {
    return places.At(absl::StrCat(path, ".until"),
                     absl::StrCat(Quoted(point.until()), "its contributor is no member from ",
                                  contributor.member_until(), " on; leave it out"));
  }
  return absl::OkStatus();
}

absl::Status CheckGroup(const v1::MeasuredPoint& point, v1::Series series, const std::string& path,
                        const ConfigPlaces& places) {
  const std::string inner = absl::StrCat(path, ".group");
  if (series == v1::SERIES_MOBILE && point.group() != v1::GROUP_A1) {
    return places.At(inner, absl::StrCat(Quoted(EnumLabel(point.group())),
                                         "a mobile operator is measured where its subscribers' traffic alone "
                                         "passes; expected a1"));
  }
  if (point.group() == v1::GROUP_NONE)
    return places.At(inner,
                     "\"none\": enters no figure; expected a1, a2, b1, b2 or b3, or leave the point out");
  return absl::OkStatus();
}

absl::Status CheckPoints(const v1::Contributor& contributor, const std::string& path,
                         const ConfigPlaces& places, std::map<std::string_view, std::string_view>& owners) {
  for (int i = 0; i < contributor.points_size(); ++i) {
    const v1::MeasuredPoint& point = contributor.points(i);
    const std::string inner = absl::StrCat(path, ".points[", i, "]");
    const auto [owner, is_new] = owners.emplace(point.point(), contributor.isp());
    if (!is_new) {
      return places.At(absl::StrCat(inner, ".point"),
                       absl::StrCat(Quoted(point.point()), "a point of ", std::string(owner->second),
                                    " already; list each once"));
    }
    if (absl::Status status = CheckGroup(point, contributor.series(), inner, places); !status.ok())
      return status;
    if (absl::Status status = CheckMonths(point, contributor, inner, places); !status.ok()) return status;
  }
  const bool measures_subscribers =
      std::any_of(contributor.points().begin(), contributor.points().end(),
                  [](const v1::MeasuredPoint& point) { return point.group() == v1::GROUP_A1; });
  if (measures_subscribers) return absl::OkStatus();
  return places.At(
      absl::StrCat(path, ".points"),
      "none carries a1, where subscribers are measured; without one the contributor's share counts, "
      "and its traffic does not");
}

}  // namespace

absl::Status CheckContributors(const v1::StatisticsRegister& settings, const ConfigPlaces& places) {
  std::set<std::pair<v1::Series, std::string_view>> known;
  std::map<std::string_view, std::string_view> owners;
  for (int i = 0; i < settings.contributors_size(); ++i) {
    const v1::Contributor& contributor = settings.contributors(i);
    const std::string path = absl::StrCat("contributors[", i, "]");
    if (!known.emplace(contributor.series(), contributor.isp()).second) {
      return places.At(absl::StrCat(path, ".isp"), absl::StrCat(Quoted(contributor.isp()), "contributes to ",
                                                                EnumLabel(contributor.series()),
                                                                " already; list it once for each series"));
    }
    if (absl::Status status = CheckMembership(contributor, path, places); !status.ok()) return status;
    if (absl::Status status = CheckPoints(contributor, path, places, owners); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
