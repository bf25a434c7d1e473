// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aggregator/publish/charts.h"
#include "aggregator/publish/csvw_metadata.h"
#include "aggregator/publish/darknet_section.h"
#include "aggregator/publish/data_package.h"
#include "aggregator/publish/open_data_csv.h"
#include "aggregator/publish/open_data_json.h"
#include "aggregator/publish/telescope_html.h"
#include "aggregator/publish/telescope_table.h"
#include "tests/aggregator/publish/sample_publication.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::ordered_json;
using testing::SamplePublication;

Publication OnlyTelescope() {
  Publication publication = SamplePublication();
  publication.figures.clear();
  publication.history.clear();
  return publication;
}

std::string Line(const std::string& csv, const std::string& begin) {
  const size_t at = csv.find("\n" + begin);
  return at == csv.npos ? "" : csv.substr(at + 1, csv.find("\r\n", at) - at - 1);
}

TEST(Telescope, IsATableWithARecordForEachFigure) {
  const Publication publication = SamplePublication();
  const std::string csv = OpenDataCsv(TelescopeTable(publication));
  EXPECT_EQ(
      csv.substr(0, csv.find("\r\n")),
      "period,first_day,last_day,time_zone,figure_id,population,rank,protocol,port,category,rule,list,tool,"
      "family,class,flag,division,evidence,unjudged_because,value,unit,standard_error,withheld_reason,"
      "withheld_because,digits,quality,windows,expected_windows,method,source,licence,rules,judgement,"
      "revision,"
      "computed_at");
  EXPECT_EQ(static_cast<size_t>(std::count(csv.begin(), csv.end(), '\n')), 1 + publication.telescope.size());
  EXPECT_EQ(Line(csv, "2024-10"),
            "2024-10,2024-10-01,2024-10-31,Asia/Tokyo,darknet_packets,,,,,,,,,,,,,,,,packets,,sampled,"
            "packets were sampled <here>,,complete,8639,8640,how darknet_packets is computed (METRICS 5),"
            "観測統計局,PDL-1.0,2,1,31,2024-11-01T01:00:00+09:00");
  EXPECT_EQ(
      Line(csv, "2024-11,2024-11-01,2024-11-30,Asia/Tokyo,darknet_port_share"),
      "2024-11,2024-11-01,2024-11-30,Asia/Tokyo,darknet_port_share,all,1,tcp,23,,,,,,,,,,,0.1000,ratio,,,,4,"
      "complete,8639,8640,how darknet_port_share is computed (METRICS 5),観測統計局,PDL-1.0,2,1,31,"
      "2024-12-01T01:00:00+09:00");
  EXPECT_EQ(Line(csv, "2024-11-30,2024-11-30,2024-11-30,Asia/Tokyo,darknet_unique_hosts"),
            "2024-11-30,2024-11-30,2024-11-30,Asia/"
            "Tokyo,darknet_unique_hosts,,,,,,,,,,,,,,,70000000,hosts,567000,,,"
            "0,complete,8639,8640,how darknet_unique_hosts is computed (METRICS 5),観測統計局,PDL-1.0,2,1,31,"
            "2024-12-01T01:00:00+09:00");
}

// Of days that nobody kept.
TEST(Telescope, SaysNeitherRevisionNorTimeOfWhatWasNotComputed) {
  Publication publication = SamplePublication();
  publication.telescope.resize(1);
  publication.telescope[0].clear_darknet_rules();
  publication.telescope[0].clear_darknet_judgement();
  publication.telescope[0].clear_darknet_revision();
  publication.telescope[0].clear_computed_unix_seconds();
  const std::string csv = OpenDataCsv(TelescopeTable(publication));
  EXPECT_TRUE(Line(csv, "2024-10").ends_with(",PDL-1.0,,,,")) << csv;
}

TEST(Telescope, IsJsonWithTheSame) {
  const Publication publication = SamplePublication();
  const Json json = Json::parse(OpenDataJson(publication, TelescopeTable(publication)));
  ASSERT_EQ(json["figures"].size(), publication.telescope.size());
  EXPECT_EQ(json["time_zone"], "Asia/Tokyo");
  EXPECT_EQ(json["figures"][2], Json::parse(R"json({"period": "2024-11", "first_day": "2024-11-01",
      "last_day": "2024-11-30", "figure_id": "darknet_seconds_per_packet_per_ip", "division": "daily",
      "value": "13", "unit": "seconds", "digits": 0, "quality": "complete", "windows": 8639,
      "expected_windows": 8640, "method": "how darknet_seconds_per_packet_per_ip is computed (METRICS 5)",
      "rules": 2, "judgement": 1, "revision": 31, "computed_at": "2024-12-01T01:00:00+09:00"})json"));
  EXPECT_EQ(json["figures"][0]["withheld_reason"], "sampled");
}

TEST(Telescope, IsDescribedForMachines) {
  const Publication publication = SamplePublication();
  const DataTable table = TelescopeTable(publication);
  const Json metadata = Json::parse(CsvwMetadata(publication));
  ASSERT_EQ(metadata["tables"][1]["url"], "telescope.csv");
  const Json& columns = metadata["tables"][1]["tableSchema"]["columns"];
  ASSERT_EQ(columns.size(), table.columns.size());
  EXPECT_EQ(columns[1]["datatype"], "date");
  EXPECT_EQ(columns[6]["datatype"], "integer");
  const Json package = Json::parse(DataPackage(publication, {{"data/telescope.csv", "abc"}}));
  const Json& fields = package["resources"][0]["schema"]["fields"];
  ASSERT_EQ(fields.size(), table.columns.size());
  EXPECT_EQ(fields[31], Json::parse(R"json({"name": "rules", "type": "integer", "title": "Rules",
      "title_ja": "判定規則の版", "description":
      "version of the classes and marks that packets and sources were judged by; empty: several, or before it was said",
      "unit": "1"})json"));
}

TEST(Telescope, RefusesWhatHasNoColumnOrNoValue) {
  v1::Figure figure = SamplePublication().telescope[1];
  EXPECT_TRUE(CheckTelescope({figure}).ok());
  (*figure.mutable_labels())["country"] = "jp";
  EXPECT_EQ(CheckTelescope({figure}).message(),
            "figure darknet_packets of 2024-11: no column for the label country");
  figure.clear_value();
  EXPECT_EQ(
      CheckTelescope({figure}).message(),
      "figure darknet_packets of 2024-11: it needs a value or a reason why there is none, and not both");
}

TEST(Telescope, DrawsCategoriesByMonth) {
  const Chart chart = TelescopeChart(SamplePublication(), Language::kEnglish);
  EXPECT_EQ(chart.caption, "What packets at dark addresses were after (measured, without survey scanners)");
  ASSERT_EQ(chart.rows.size(), 2u);
  const ChartRow& october = chart.rows[0];
  EXPECT_EQ(october.period, "2024-10");
  ASSERT_EQ(october.cells.size(), 4u);
  for (const ChartCell& cell : october.cells) {
    EXPECT_EQ(cell.value, "");
    EXPECT_EQ(cell.because, "packets were sampled <here>");
  }
  const ChartRow& november = chart.rows[1];
  ASSERT_EQ(november.cells.size(), 4u);
  EXPECT_EQ(november.cells[0].value, "30.12");
  EXPECT_EQ(november.cells[1].value, "21");
  EXPECT_EQ(november.cells[2].value, "4.88");
  EXPECT_EQ(november.cells[3].value, "44");
  EXPECT_EQ(november.cells[3].mark, Mark::kMeasured);
  EXPECT_EQ(november.remark, "measured by Kansoku: complete, rules 2");
}

TEST(Telescope, IsOfAllPacketsWhereSourcesAreNotToldApart) {
  Publication publication = OnlyTelescope();
  std::erase_if(publication.telescope, [](const v1::Figure& figure) {
    const auto population = figure.labels().find("population");
    return population != figure.labels().end() && population->second == "non_survey";
  });
  EXPECT_EQ(ShownPopulation(publication), "all");
  const Chart chart = TelescopeChart(publication, Language::kJapanese);
  ASSERT_EQ(chart.rows.size(), 2u);
  EXPECT_EQ(chart.rows[1].cells[0].because, "上位10ポートのいずれかが分類表にないため");
  EXPECT_NE(TelescopeHtml(publication, Language::kEnglish).find("<td>1,000,000</td>"), std::string::npos);
}

TEST(Telescope, ShowsPortsAndWhyFiguresAreWithheld) {
  const std::string english = DarknetSection(OnlyTelescope(), Language::kEnglish);
  EXPECT_NE(english.find("The ten leading ports (November 2024, without survey scanners)"),
            std::string::npos);
  const std::string rows =
      "<tr><th scope=\"row\">1</th><td class=\"text\">23/tcp</td><td>6.25</td><td>62,500</td></tr>\n"
      "<tr><th scope=\"row\">2</th><td class=\"text\">443/tcp</td><td>6.25</td><td>62,500</td></tr>\n"
      "<tr><th scope=\"row\">10</th><td class=\"text\">445/tcp</td><td>6.25</td><td>62,500</td></tr>\n"
      "</tbody>";
  EXPECT_NE(english.find(rows), std::string::npos) << english;
  EXPECT_NE(english.find("<li>Share of a category, all packets: 9999/tcp is in no category</li>"),
            std::string::npos);
  EXPECT_NE(english.find("packets were sampled &lt;here&gt;</td>"), std::string::npos);
  EXPECT_EQ(english.find("darknet-growth"), std::string::npos) << "without a history";
  const std::string japanese = DarknetSection(OnlyTelescope(), Language::kJapanese);
  EXPECT_NE(japanese.find("<li>区分別の割合・全パケット：上位10ポートのいずれかが分類表にないため</li>"),
            std::string::npos);
  EXPECT_NE(japanese.find("ダークネットに届いたパケットが標本抽出されていたため</td>"), std::string::npos);
}

TEST(Telescope, HasNoSectionWhereThereIsNone) {
  Publication publication = OnlyTelescope();
  publication.telescope.clear();
  EXPECT_EQ(DarknetSection(publication, Language::kJapanese), "");
  publication.history = SamplePublication().history;
  const std::string section = DarknetSection(publication, Language::kEnglish);
  EXPECT_NE(section.find("darknet-growth"), std::string::npos);
  EXPECT_EQ(section.find("measured"), std::string::npos);
}

}  // namespace
}  // namespace kansoku::aggregator
