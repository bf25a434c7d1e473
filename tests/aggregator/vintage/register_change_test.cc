// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/register_change.h"

#include "tests/aggregator/vintage/kept_months.h"

namespace kansoku::aggregator {
namespace {

class RegisterChangeTest : public KeptMonths {
 protected:
  RegisterChangeTest() {
    Send("tokyo", kNovember, 3);
    MonthKeeper keeper(Method());
    // 2024-11 is final, 2024-12 provisional.
    Keep(keeper, SmallRegister("d1"), kNovemberEnd + 40 * kDay);
  }

  absl::Status Check(const Register& wanted) { return CheckRegisterChange(*store_, wanted, Method()); }
};

constexpr char kHowTo[] =
    "; undo the change, or state under revisions in register.yaml that it is meant: {series: fixed, month: "
    "2024-11, because: ..., by: ...}";

TEST_F(RegisterChangeTest, WhatChangesNothingPublishedIsTaken) {
  EXPECT_EQ(Check(SmallRegister("d1")), absl::OkStatus());
  Register other = SmallRegister("d2");
  other.statistics.mutable_register_()->mutable_publisher()->set_name_en("Ministry");
  EXPECT_EQ(Check(other), absl::OkStatus());
}

TEST_F(RegisterChangeTest, WhatWouldChangeAFinalFigureIsRefusedByName) {
  EXPECT_EQ(
      Check(SmallRegister("d2", 100)),
      absl::FailedPreconditionError(absl::StrCat(
          "the register would change what was published: fixed 2024-11 fixed_per_contract_volume: 300 B "
          "would become 30 B",
          kHowTo)));
  EXPECT_EQ(
      Check(SmallRegister("d2", 0)),
      absl::FailedPreconditionError(absl::StrCat(
          "the register would change what was published: fixed 2024-11 fixed_per_contract_volume: 300 B "
          "would become withheld (contracts are missing)",
          kHowTo)));
}

TEST_F(RegisterChangeTest, OtherPointsAreRefusedThoughTheStoredInputsDoNotHaveThem) {
  Register other = SmallRegister("d2", 10, {"nagoya", "tokyo"});
  EXPECT_EQ(Check(other),
            absl::FailedPreconditionError(
                absl::StrCat("the register would change what was published: fixed 2024-11 point nagoya would "
                             "join; fixed 2024-11 point osaka would leave",
                             kHowTo)));
  other = SmallRegister("d2");
  other.statistics.mutable_register_()->set_octets_basis(v1::OCTETS_BASIS_L2);
  other.statistics.mutable_register_()->mutable_contributors(0)->mutable_points(0)->set_group(v1::GROUP_B1);
  EXPECT_EQ(Check(other),
            absl::FailedPreconditionError(absl::StrCat(
                "the register would change what was published: fixed 2024-11 point osaka would be "
                "b1 of isp-1 instead of a1 of isp-1; fixed 2024-11 octets would be of basis l2 "
                "instead of l3",
                kHowTo)));
  // From the month that is provisional on, points may come and go.
  other = SmallRegister("d2");
  other.statistics.mutable_register_()->mutable_contributors(0)->mutable_points(0)->set_until("2024-12");
  EXPECT_EQ(Check(other), absl::OkStatus());
}

TEST_F(RegisterChangeTest, WhatIsMeantIsTakenOnceForItsMonth) {
  Register meant = SmallRegister("d2", 100);
  Mean("2024-10", "another month", meant);
  EXPECT_FALSE(Check(meant).ok());
  Mean("2024-11", "corrected", meant);
  EXPECT_EQ(Check(meant), absl::OkStatus());
  MonthKeeper keeper(Method());
  Keep(keeper, meant, kNovemberEnd + 41 * kDay);
  EXPECT_EQ(Volumes("2024-11"), (Texts{"300", "30"}));
  // The revision that is still listed does not let the next change pass.
  meant.digest = "d3";
  meant.statistics.mutable_contracts(0)->set_contracts(1'000);
  EXPECT_FALSE(Check(meant).ok());
}

TEST_F(RegisterChangeTest, ALongListIsCut) {
  MonthMethod method = Method();
  method.compute = [](const v1::MonthInputs&, const v1::Statistics& statistics) {
    std::vector<v1::Figure> figures(25);
    for (size_t i = 0; i < figures.size(); ++i) {
      figures[i].set_id(absl::StrCat("f", 100 + i));
      figures[i].set_value(absl::StrCat(statistics.contracts(0).contracts()));
    }
    return figures;
  };
  const std::string said(CheckRegisterChange(*store_, SmallRegister("d2", 11), method).message());
  EXPECT_NE(said.find("fixed 2024-11 f119: 10 would become 11; and 5 more; undo the change"), said.npos)
      << said;
}

}  // namespace
}  // namespace kansoku::aggregator
