// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "aggregator/publish/csvw_metadata.h"
#include "aggregator/publish/data_package.h"
#include "aggregator/publish/figure_columns.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/open_data_csv.h"
#include "aggregator/publish/open_data_json.h"
#include "proto/contract/enum_label.h"
#include "tests/aggregator/publish/sample_publication.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::ordered_json;
using testing::SamplePublication;

TEST(OpenData, CsvIsExactlyThis) {
  EXPECT_EQ(
      OpenDataCsv(FigureTable(SamplePublication())),
      "period,time_zone,figure_id,series,group,direction,day_type,weekday,slot,lag,value,unit,standard_error,"
      "withheld_reason,withheld_because,digits,basis,coverage,vintage,state,quality,windows,expected_windows,"
      "method,source,"
      "computed_at,register_digest,licence\r\n"
      "2024-11,Asia/Tokyo,fixed_download_national,fixed,,,,,,,38.9,Tbps,,,,1,contract_share,0.4390,1,final,"
      "simulated imputed partial,4319,4320,"
      "\"8 x octets / seconds of the month, \"\"as seen\"\" & < 1 (METRICS 3.4)\",観測統計局,"
      "2024-12-24T09:26:40+09:00,ab12,PDL-1.0\r\n"
      "2024-11,Asia/Tokyo,fixed_download_growth,fixed,,,,,,12_months,,%,,"
      "series_break,\"series_break: since 2024-05, \"\"9 ISPs\"\"\",,,,2,revised,complete,4319,4320,"
      "\"8 x octets / seconds of the month, \"\"as seen\"\" & < 1 (METRICS 3.4)\",観測統計局,"
      "2024-12-24T09:26:40+09:00,ab12,PDL-1.0\r\n"
      "2024-09,Asia/"
      "Tokyo,mobile_rate,mobile,,download,,,,,6123.4,Gbps,,,,1,,,1,provisional,complete,4319,4320,"
      "\"8 x octets / seconds of the month, \"\"as seen\"\" & < 1 (METRICS 3.4)\",観測統計局,"
      "2024-12-24T09:26:40+09:00,ab12,PDL-1.0\r\n");
}

TEST(OpenData, JsonKeepsDigits) {
  const Json json = Json::parse(FiguresJson(SamplePublication()));
  EXPECT_EQ(json["publisher"]["name_en"], "Office of <Observed> Statistics");
  EXPECT_EQ(json["licence"]["id"], "PDL-1.0");
  EXPECT_EQ(json["simulated"], true);
  ASSERT_EQ(json["figures"].size(), 3u);
  EXPECT_EQ(json["figures"][0], Json::parse(R"json({
    "period": "2024-11", "figure_id": "fixed_download_national", "series": "fixed", "value": "38.9",
    "unit": "Tbps", "digits": 1, "basis": "contract_share", "coverage": "0.4390", "vintage": 1,
    "state": "final", "quality": "simulated imputed partial", "windows": 4319, "expected_windows": 4320,
    "method": "8 x octets / seconds of the month, \"as seen\" & < 1 (METRICS 3.4)",
    "computed_at": "2024-12-24T09:26:40+09:00", "register_digest": "ab12"
})json"));
  EXPECT_FALSE(json["figures"][1].contains("value"));
  EXPECT_EQ(json["figures"][1]["withheld_reason"], "series_break");
  EXPECT_EQ(json["figures"][1]["withheld_because"], "series_break: since 2024-05, \"9 ISPs\"");
}

TEST(OpenData, PackageDescribesEveryColumnAndFile) {
  const Json package = Json::parse(
      DataPackage(SamplePublication(), {{"data/figures.csv", "abc"}, {"data/history/a_b.csv", ""}}));
  EXPECT_EQ(package["profile"], "data-package");
  EXPECT_EQ(package["simulated"], true);
  EXPECT_EQ(package["licenses"], Json::parse(R"json([{"name": "PDL-1.0",
    "path": "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    "title": "Public Data License, version 1.0"}])json"));
  ASSERT_EQ(package["resources"].size(), 2u);
  const Json& figures = package["resources"][0];
  EXPECT_EQ(figures["name"], "figures");
  EXPECT_EQ(figures["bytes"], 3);
  EXPECT_EQ(figures["hash"], "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const Json& fields = figures["schema"]["fields"];
  ASSERT_EQ(fields.size(), FigureColumns().size());
  EXPECT_EQ(fields[0], Json::parse(R"json({"name": "period", "type": "yearmonth", "title": "Period",
    "title_ja": "対象月", "description": "month, from its first midnight to its last in the time zone"})json"));
  EXPECT_EQ(fields[10]["name"], "value");
  EXPECT_EQ(fields[10]["unit"], "{unit}");
  EXPECT_EQ(fields[17]["name"], "coverage");
  EXPECT_EQ(fields[17]["unit"], "1");
  EXPECT_EQ(package["resources"][1]["name"], "history-a-b");
  EXPECT_EQ(package["resources"][1]["schema"]["fields"][1],
            Json::parse(R"json({"name": "value", "type": "number", "unit": "{unit}"})json"));
}

TEST(OpenData, CsvwNamesEveryTableAndUnit) {
  const Json metadata = Json::parse(CsvwMetadata(SamplePublication()));
  EXPECT_EQ(metadata["@context"],
            Json::parse(R"json(["http://www.w3.org/ns/csvw", {"@language": "en"}])json"));
  ASSERT_EQ(metadata["tables"].size(), 7u);
  EXPECT_EQ(metadata["tables"][2]["url"], "darknet-growth.csv");
  EXPECT_EQ(metadata["tables"][6]["url"], "history/shares.csv");
  const Json& columns = metadata["tables"][0]["tableSchema"]["columns"];
  ASSERT_EQ(columns.size(), FigureColumns().size());
  EXPECT_EQ(columns[10], Json::parse(R"json({"name": "value", "titles": "value",
    "dc:title": [{"@value": "値", "@language": "ja"}, {"@value": "Value", "@language": "en"}],
    "dc:description": "rounded once, half away from zero; empty when withheld", "datatype": "decimal",
    "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure": "{unit}"})json"));
  EXPECT_EQ(columns[0]["datatype"], "gYearMonth");
  EXPECT_EQ(columns[20]["separator"], " ");
}

TEST(OpenData, ThePageListsWhyFiguresAreWithheld) {
  std::ostringstream page;
  page << std::ifstream(std::string(KANSOKU_SOURCE_DIR) + "/docs/open-data.md").rdbuf();
  const auto& reasons = *v1::WithheldReason_descriptor();
  for (int i = 1; i < reasons.value_count(); ++i) {
    v1::Figure figure;
    figure.set_withheld_reason(static_cast<v1::WithheldReason>(reasons.value(i)->number()));
    const std::string row =
        "\n| `" + EnumLabel(*reasons.value(i)) + "` | " + WithheldText(figure, Language::kJapanese) + " |\n";
    EXPECT_NE(page.str().find(row), std::string::npos) << row;
  }
}

TEST(OpenData, RefusesWhatHasNoColumnOrNoValue) {
  const auto refusal = [](const v1::Figure& figure) { return std::string(CheckFigures({figure}).message()); };
  v1::Figure figure = testing::FixedDownload();
  EXPECT_EQ(refusal(figure), "");
  (*figure.mutable_labels())["city"] = "Kyoto";
  EXPECT_EQ(
      refusal(figure),
      "figure fixed_download_national of \"2024-11\": no column for the label city: expected one of group, "
      "direction, day_type, weekday, slot, lag");
  figure = testing::FixedDownload();
  figure.clear_value();
  EXPECT_EQ(
      refusal(figure),
      "figure fixed_download_national of \"2024-11\": it needs a value or a reason why there is none, and "
      "not both");
  figure.set_value("38,9");
  EXPECT_EQ(refusal(figure), "figure fixed_download_national of \"2024-11\": \"38,9\" is no decimal");
  figure.clear_month();
  EXPECT_EQ(refusal(figure), "figure fixed_download_national of \"\": only figures of months are published");
}

}  // namespace
}  // namespace kansoku::aggregator
