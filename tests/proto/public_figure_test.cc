// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/public_figure.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kansoku {
namespace {

v1::Figure FigureOf(const std::string& value, const std::string& exact,
                    const std::vector<std::string>& steps = {}) {
  v1::Figure figure;
  figure.set_value(value);
  figure.set_exact(exact);
  for (const std::string& step : steps) figure.add_steps()->set_value(step);
  KeepWhatIsPublic(figure);
  return figure;
}

std::vector<std::string> Steps(const v1::Figure& figure) {
  std::vector<std::string> values;
  for (const v1::FigureStep& step : figure.steps()) values.push_back(step.value());
  return values;
}

TEST(PublicFigure, IsTheSameWhateverItWasRoundedFrom) {
  const std::vector<std::string> before = {"12603600000000000", "439/1000", "2592000"};
  const v1::Figure first = FigureOf("38.9", "38900000000000", before);
  const v1::Figure revised =
      FigureOf("38.9", "77800000000001/2", {"12603600000000001", "439/1000", "2592000"});
  EXPECT_EQ(first.exact(), "");
  EXPECT_EQ(Steps(first), (std::vector<std::string>{"1.26e+16", "0.439", "2.59e+06"}));
  EXPECT_EQ(first.SerializeAsString(), revised.SerializeAsString());
}

TEST(PublicFigure, HasStepsWithAsManyDigitsAsItsValue) {
  const std::string third = "1/3";
  EXPECT_EQ(Steps(FigureOf("7", "7", {third})).front(), "0.3");
  EXPECT_EQ(Steps(FigureOf("-0.0120", "-3/250", {third})).front(), "0.333");
  EXPECT_EQ(Steps(FigureOf("0.0", "0", {third})).front(), "0.3");
  EXPECT_EQ(Steps(FigureOf("1200.50", "2401/2", {third, "1200"})),
            (std::vector<std::string>{"0.333333", "1200"}));
  EXPECT_EQ(Steps(FigureOf("12345678901234567890", "12345678901234567890", {third})).front(),
            "0.333333333333333")
      << "of more a double knows nothing";
  EXPECT_EQ(Steps(FigureOf("7", "7", {"a word"})).front(), "");
}

TEST(PublicFigure, SaysWhatItsUnitIs) {
  EXPECT_EQ(FigureOf("38.9", "77800000000001/2").power_of_ten(), 12);
  EXPECT_EQ(FigureOf("12.7", "127/1000").power_of_ten(), -2);
  EXPECT_EQ(FigureOf("-0.1", "-1/2000").power_of_ten(), -2) << "0.05 %";
  EXPECT_EQ(FigureOf("0.1", "1499/1000000").power_of_ten(), -2) << "0.1499 %";
  EXPECT_EQ(FigureOf("1", "1").power_of_ten(), 0);
  const v1::Figure zero = FigureOf("0.0", "1/1000000");
  EXPECT_TRUE(zero.has_power_of_ten()) << "whatever it is, it is 0";
  EXPECT_FALSE(FigureOf("", "").has_power_of_ten());
}

TEST(PublicFigure, TellsTheErrorOfManyAlone) {
  v1::Figure figure;
  figure.set_value("38.9");
  figure.set_standard_error("0.1");
  figure.set_error_is_of_many(true);
  KeepWhatIsPublic(figure);
  EXPECT_EQ(figure.standard_error(), "0.1");
  figure.clear_error_is_of_many();
  KeepWhatIsPublic(figure);
  EXPECT_EQ(figure.standard_error(), "");
}

TEST(PublicFigure, ThatIsWithheldHasNoSteps) {
  EXPECT_EQ(Steps(FigureOf("", "", {"1/3"})), std::vector<std::string>());
}

}  // namespace
}  // namespace kansoku
