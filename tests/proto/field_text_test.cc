// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/field_text.h"

#include <gtest/gtest.h>

#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/config_rule.h"

namespace kansoku {
namespace {

TEST(FieldText, TakesOneValueOrSaysWhy) {
  v1::Presentation row;
  const auto set = [&](const char* field, const char* text) {
    return SetFieldFromText(text, *row.GetDescriptor()->FindFieldByName(field), row);
  };
  EXPECT_EQ(set("digits", "9"), "");
  EXPECT_EQ(set("unit", "Tbps"), "");
  EXPECT_EQ(row.digits(), 9u);
  EXPECT_EQ(row.unit(), "Tbps");
  EXPECT_EQ(set("digits", "10"), "\"10\": expected a whole number from 0 to 9");
  EXPECT_EQ(set("digits", " 1"), "\" 1\": expected a whole number from 0 to 9");
  EXPECT_EQ(set("unit", ""), "must not be empty");
  EXPECT_EQ(row.digits(), 9u);
  EXPECT_EQ(row.unit(), "Tbps");
}

TEST(FieldText, TakesNoMessages) {
  v1::AggregatorConfig config;
  EXPECT_EQ(SetFieldFromText("x", *config.GetDescriptor()->FindFieldByName("clock"), config),
            "no text is read into the type of kansoku.v1.AggregatorConfig.clock");
}

TEST(Formats, AMonthIsOfFourAndTwoDigits) {
  EXPECT_EQ(FormatComplaint(v1::FORMAT_MONTH, "2024-11"), "");
  for (const char* wrong : {"", "2024", "2024-13", "2024-1", "2024-11-01", "2024/11"}) {
    EXPECT_EQ(FormatComplaint(v1::FORMAT_MONTH, wrong),
              "expected a month such as 2024-11, from 1971-01 to 9998-12")
        << wrong;
  }
}

TEST(Formats, AQuarterIsItsLastMonth) {
  for (const char* right : {"2024-03", "2024-06", "2024-09", "2024-12"})
    EXPECT_EQ(FormatComplaint(v1::FORMAT_QUARTER, right), "") << right;
  EXPECT_EQ(FormatComplaint(v1::FORMAT_QUARTER, "2024-01"), "not the last month of a quarter; write 2023-12");
  EXPECT_EQ(FormatComplaint(v1::FORMAT_QUARTER, "2024-11"), "not the last month of a quarter; write 2024-09");
  EXPECT_EQ(FormatComplaint(v1::FORMAT_QUARTER, "2024-Q3"),
            "expected the last month of a quarter, such as 2024-09");
}

TEST(Formats, ADateIsOneOfTheCalendar) {
  for (const char* right : {"2024-11-01", "2024-02-29", "1971-01-01"})
    EXPECT_EQ(FormatComplaint(v1::FORMAT_DATE, right), "") << right;
  for (const char* wrong : {"", "2023-02-29", "2024-11-31", "2024-11", "2024-11-1", " 2024-11-01",
                            "2024-11-01 ", "2024-11-01T00", "20241101", "12024-11-01"})
    EXPECT_EQ(FormatComplaint(v1::FORMAT_DATE, wrong), "expected a date such as 2024-11-01") << wrong;
}

TEST(Formats, AShareIsAboveNothingAndAtMostAll) {
  for (const char* right : {"0.439", "0.1", "0.000000001", "1", "1.0", "1.00"})
    EXPECT_EQ(FormatComplaint(v1::FORMAT_SHARE, right), "") << right;
  for (const char* wrong :
       {"",   "0",    "0.0",  "0.00",  "1.01", "2",  "43.9", "43.9%", ".5",    "0.",
        "1.", "-0.4", "+0.4", "0,439", "00.4", "01", "4e-1", "0.4 ",  "0.4.3", "0.4999999999999999999999"})
    EXPECT_EQ(FormatComplaint(v1::FORMAT_SHARE, wrong),
              "expected a decimal above 0 and at most 1, such as 0.439")
        << wrong;
}

}  // namespace
}  // namespace kansoku
