// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/contributor_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

absl::Status Check(const std::string& contributors) {
  v1::StatisticsRegister settings;
  const absl::StatusOr<ConfigPlaces> places = ParseConfig(
      absl::StrCat("publisher: {name_ja: a, name_en: b, contact: c}\ncontributors:\n", contributors),
      "r.yaml", settings);
  return places.ok() ? CheckContributors(settings, *places) : places.status();
}

std::string Contributor(const std::string& isp, const std::string& series, const std::string& months,
                        const std::string& points) {
  return absl::StrCat("  - {isp: ", isp, ", name_ja: a, name_en: b, series: ", series, ", ", months,
                      ", points: [", points, "]}\n");
}

std::string Kita(const std::string& months, const std::string& points) {
  return Contributor("kita", "fixed", months, points);
}

TEST(ContributorRules, OrderlyContributorsAreAccepted) {
  const absl::Status status =
      Check(Kita("member_since: 2023-01, member_until: 2024-11",
                 "{point: k1, group: a1}, {point: k2, group: a2, since: 2023-01, until: 2024-11}, "
                 "{point: k3, group: b1, since: 2024-10}, {point: k4, group: b2, until: 2023-02}, "
                 "{point: k5, group: b3}") +
            Contributor("kita", "mobile", "member_since: 2023-01", "{point: k6, group: a1, since: 2030-01}"));
  EXPECT_TRUE(status.ok()) << status;
}

TEST(ContributorRules, ContradictionsAreRefusedWithTheirPlace) {
  const std::string since = "member_since: 2023-01";
  const std::string years = "member_since: 2023-01, member_until: 2024-11";
  const struct {
    std::string contributors;
    std::string refusal;
  } cases[] = {
      {Kita(since, "{point: p, group: a1}") + Kita("member_since: 2025-01", "{point: q, group: a1}"),
       "r.yaml:4: contributors[1].isp: \"kita\": contributes to fixed already; list it once for each series"},
      {Kita("member_since: 2024-11, member_until: 2024-11", "{point: p, group: a1}"),
       "r.yaml:3: contributors[0].member_until: \"2024-11\": expected the first month without it, after "
       "member_since, 2024-11"},
      {Kita("member_since: Nov 2024", "{point: p, group: a1}"),
       "r.yaml:3: contributors[0].member_since: \"Nov 2024\": expected a month such as 2024-11, from 1971-01 "
       "to "
       "9998-12"},
      {Kita(since, "{point: p, group: a1}, {point: p, group: b1}"),
       "r.yaml:3: contributors[0].points[1].point: \"p\": a point of kita already; list each once"},
      {Kita(since, "{point: p, group: a1}") + Contributor("minami", "mobile", since, "{point: p, group: a1}"),
       "r.yaml:4: contributors[1].points[0].point: \"p\": a point of kita already; list each once"},
      {Kita(since, "{point: p, group: a1}, {point: q, group: none}"),
       "r.yaml:3: contributors[0].points[1].group: \"none\": enters no figure; expected a1, a2, b1, b2 or "
       "b3, "
       "or leave the point out"},
      {Kita(since, "{point: p, group: c}"),
       "r.yaml:3: contributors[0].points[0].group: \"c\": expected one of none, a1, a2, b1, b2, b3"},
      {Kita(since, "{point: p, group: b1}"),
       "r.yaml:3: contributors[0].points: none carries a1, where subscribers are measured; without one the "
       "contributor's share counts, and its traffic does not"},
      {Contributor("minami", "mobile", since, "{point: p, group: b1}"),
       "r.yaml:3: contributors[0].points[0].group: \"b1\": a mobile operator is measured where its "
       "subscribers' "
       "traffic alone passes; expected a1"},
      {Kita(since, "{point: p, group: a1, since: 2022-12}"),
       "r.yaml:3: contributors[0].points[0].since: \"2022-12\": before its contributor's first month; "
       "expected "
       "2023-01 or later, or nothing"},
      {Kita(years, "{point: p, group: a1, since: 2024-11}"),
       "r.yaml:3: contributors[0].points[0].since: \"2024-11\": its contributor is no member from 2024-11 "
       "on; "
       "expected an earlier month"},
      {Kita(since, "{point: p, group: a1, since: 2024-01, until: 2024-01}"),
       "r.yaml:3: contributors[0].points[0].until: \"2024-01\": expected the first month without it, after "
       "its "
       "first, 2024-01"},
      {Kita(since, "{point: p, group: a1, until: 2023-01}"),
       "r.yaml:3: contributors[0].points[0].until: \"2023-01\": expected the first month without it, after "
       "its "
       "first, 2023-01"},
      {Kita(years, "{point: p, group: a1, until: 2024-12}"),
       "r.yaml:3: contributors[0].points[0].until: \"2024-12\": its contributor is no member from 2024-11 "
       "on; "
       "leave it out"},
  };
  for (const auto& one : cases) EXPECT_EQ(Check(one.contributors).message(), one.refusal);
}

}  // namespace
}  // namespace kansoku::aggregator
