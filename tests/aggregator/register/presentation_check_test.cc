// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/presentation_check.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/register/register_text.h"

namespace kansoku::aggregator {
namespace {

std::string Refusal(const std::string& rows) {
  const RegisterFiles files = {
      {"register.yaml",
       "publisher: {name_ja: a, name_en: b, contact: c}\n"
       "contributors: [{isp: kita, name_ja: a, name_en: b, series: fixed, member_since: 2023-01, "
       "points: [{point: k, group: a1}]}]\n"},
      {"holidays.csv", "date,name_ja,name_en\n"},
      {"presentations.csv", absl::StrCat("figure,since,unit,power_of_ten,digits\n", rows)}};
  return std::string(ParseRegister(files, "r").status().message());
}

TEST(PresentationCheck, WhatFitsItsFigureIsAccepted) {
  EXPECT_EQ(Refusal("fixed_download_national,2004-09,Gbps,9,1\n"
                    "fixed_download_national,2014-11,Tbit/s,12,1\n"
                    "fixed_per_contract_rate,2004-09,bps,0,1\n"
                    "fixed_download_growth,2004-09,%,0,1\n"
                    "fixed_coverage,2004-09,ratio,0,3\n"
                    "fixed_volume_per_day,2004-09,EB,18,0\n"
                    "fixed_per_contract_volume_mic,2004-09,GB,9,1\n"
                    "fixed_peak_slot,2004-09,時,0,0\n"
                    "mobile_rate,2010-06,億ビット毎秒,8,0\n"),
            "");
}

TEST(PresentationCheck, AFigureThatThereIsNotIsRefused) {
  EXPECT_EQ(Refusal("fixed_download_national,2004-09,Gbps,9,1\nfixed_donwload_national,2004-09,Gbps,9,1\n"),
            "r/presentations.csv:3: figure: \"fixed_donwload_national\": is no figure; the nearest are "
            "fixed_download_national, fixed_upload_national, fixed_download_growth, and kansokuctl figures "
            "list names all");
}

TEST(PresentationCheck, AFigureThatNoRegisterPrintsIsRefused) {
  EXPECT_EQ(Refusal("traffic_rate,2004-09,Gbps,9,1\n"),
            "r/presentations.csv:2: figure: \"traffic_rate\": is not published by months, and a register "
            "does not say how it is printed; take the row out");
}

TEST(PresentationCheck, OnlyARatioIsPrintedInPercent) {
  for (const char* percent : {"%", "％", "% of Tbps"}) {
    EXPECT_EQ(Refusal(absl::StrCat("fixed_download_national,2004-09,", percent, ",0,1\n")),
              absl::StrCat("r/presentations.csv:2: unit: \"", percent,
                           "\": it is in bit/s, and only a ratio is printed in %; expected a unit of bit/s"));
  }
  for (const char* other : {"percent", "％", "Tbps"}) {
    EXPECT_EQ(Refusal(absl::StrCat("mobile_growth,2004-09,", other, ",0,1\n")),
              absl::StrCat("r/presentations.csv:2: unit: \"", other,
                           "\": it is a ratio; expected %, which multiplies it by 100, or ratio"));
  }
}

TEST(PresentationCheck, BitsAreNotPrintedAsOctets) {
  EXPECT_EQ(Refusal("mobile_rate,2010-06,GB,9,1\n"),
            "r/presentations.csv:2: unit: \"GB\": it is in bit/s; expected a unit of bit/s");
  EXPECT_EQ(Refusal("mobile_volume,2010-06,Gbps,9,1\n"),
            "r/presentations.csv:2: unit: \"Gbps\": it is in bytes; expected a unit of bytes");
}

TEST(PresentationCheck, APrefixSaysThePowerOfTen) {
  EXPECT_EQ(Refusal("fixed_download_national,2004-09,Tbps,9,1\n"),
            "r/presentations.csv:2: power_of_ten: \"9\": Tbps is a unit of 10^12; expected 12, or another "
            "unit");
  EXPECT_EQ(Refusal("mobile_per_subscriber_rate,2004-09,bps,3,1\n"),
            "r/presentations.csv:2: power_of_ten: \"3\": bps is a unit of 10^0; expected 0, or another unit");
}

}  // namespace
}  // namespace kansoku::aggregator
