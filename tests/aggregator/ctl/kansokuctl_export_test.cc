// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl export`: what it prints, and that a real Prometheus answers for it afterwards.
#include <gtest/gtest.h>
#include <httplib.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/aggregator/ctl/kansokuctl_run.h"
#include "tests/testing/child_process.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

// 2004-11 and 2024-11, in the order of a question.
constexpr char kPublished[] = R"(
  figures { id: "fixed_download_national" series: SERIES_FIXED month: "2004-11" value: "257" unit: "Gbps"
            exact: "257000000000" base_unit: "bit/s" basis: COVERAGE_BASIS_CONTRACT_SHARE vintage: 1
            windows: 3 expected_windows: 4 period { start_unix_seconds: 1099234800 end_unix_seconds: 1101826800 } }
  figures { id: "fixed_download_national" series: SERIES_FIXED month: "2024-11" value: "38.9" unit: "Tbps"
            exact: "77800000000001/2" base_unit: "bit/s" basis: COVERAGE_BASIS_CONTRACT_SHARE vintage: 2
            windows: 4 expected_windows: 4 period { start_unix_seconds: 1730386800 end_unix_seconds: 1732978800 } }
  figures { id: "fixed_upload_national" series: SERIES_FIXED month: "2024-11" withheld_because: "a gap"
            period { start_unix_seconds: 1730386800 end_unix_seconds: 1732978800 } }
  figures { id: "fixed_hour_profile" series: SERIES_FIXED month: "2024-11" value: "1" unit: "bit/s" exact: "1"
            labels { key: "slot" value: "21-23" } windows: 3 expected_windows: 4
            period { start_unix_seconds: 1730386800 end_unix_seconds: 1732978800 } })";

const std::vector<std::string> kExport = {"export", "openmetrics", "--series", "fixed",
                                          "--from", "2004-11",     "--to",     "2024-11"};

using KansokuctlExport = Kansokuctl;

TEST_F(KansokuctlExport, PrintsPublishedFiguresAtTheEndOfTheirMonths) {
  Fill(kPublished, server_.figures);
  EXPECT_EQ(
      Output(kExport),
      R"(# HELP kansoku_fixed_traffic_bits_per_second Mean rate of fixed traffic in the last published month: of the contributors, or estimated for the nation.
# TYPE kansoku_fixed_traffic_bits_per_second gauge
kansoku_fixed_traffic_bits_per_second{direction="download",scope="national",group="a1",basis="contract_share"} 2.57e+11 1101826799
kansoku_fixed_traffic_bits_per_second{direction="download",scope="national",group="a1",basis="contract_share"} 38900000000000.5 1732978799
# HELP kansoku_period_complete_ratio Windows that were present in the last published month, of those expected: of the figure with the fewest.
# TYPE kansoku_period_complete_ratio gauge
kansoku_period_complete_ratio{series="fixed"} 0.75 1101826799
kansoku_period_complete_ratio{series="fixed"} 0.75 1732978799
# HELP kansoku_figure_info Always 1; the labels say which month and vintage a published figure is of.
# TYPE kansoku_figure_info gauge
kansoku_figure_info{figure="fixed_download_national",period="2004-11",basis="contract_share",vintage="1",digits="0"} 1 1101826799
kansoku_figure_info{figure="fixed_download_national",period="2024-11",basis="contract_share",vintage="2",digits="1"} 1 1732978799
# EOF
)");
  ASSERT_EQ(server_.figures_asked.size(), 21u) << "a year at a time";
  EXPECT_EQ(server_.figures_asked[0].ShortDebugString(),
            R"(months { series: SERIES_FIXED first: "2004-11" last: "2005-10" })");
  EXPECT_EQ(server_.figures_asked[20].ShortDebugString(),
            R"(months { series: SERIES_FIXED first: "2024-11" last: "2024-11" })");
}

TEST_F(KansokuctlExport, HasAFormatOfItsOwn) {
  std::vector<std::string> words = kExport;
  words.push_back("--json");
  const Finished refused = Run(words);
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_EQ(refused.err,
            "kansokuctl: --json, --csv: an export has a format of its own, and so has top; see kansokuctl "
            "--help\n");
}

constexpr char kHead[] = "period,value,unit,source,seen_or_recalled,series,basis,note\n";

std::vector<std::string> And(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_F(KansokuctlExport, SaysWhatOthersPublishedUnderAnotherNameAndWhereItWasRead) {
  const TempDir dir;
  std::ofstream(dir.File("rates.csv")) << kHead
                                       << "2020-11,19.8,Tbps,\"Release, p. 1\",seen,"
                                          "fixed_download_national_estimate,9isp,\n"
                                          "2020-11,19900,Gbps,\"White \"\"paper\"\"\",derived,"
                                          "fixed_download_national_estimate,9isp,restated\n"
                                          "2020-11,943.4,Gbps,Release,recalled,"
                                          "fixed_upload_national_estimate,,\n"
                                          "2025-05,1,Gbps,later,seen,fixed_upload_national_estimate,,\n"
                                          "2020-11,1,Gbps,mobile,seen,mobile_download_avg,,\n"
                                          "2020,1,packets,another table's,seen,total_packets,,\n";
  Fill(R"(figures { id: "fixed_upload_national" series: SERIES_FIXED month: "2020-11" value: "1" exact: "1000"
                    period { start_unix_seconds: 1604156400 end_unix_seconds: 1606748400 } })",
       server_.figures);
  EXPECT_EQ(
      Output(And(kExport, {"--history", dir.path()})),
      R"(# HELP kansoku_fixed_traffic_bits_per_second Mean rate of fixed traffic in the last published month: of the contributors, or estimated for the nation.
# TYPE kansoku_fixed_traffic_bits_per_second gauge
kansoku_fixed_traffic_bits_per_second{direction="upload",scope="national",group="a1",basis=""} 1000 1606748399
# HELP kansoku_figure_info Always 1; the labels say which month and vintage a published figure is of.
# TYPE kansoku_figure_info gauge
kansoku_figure_info{figure="fixed_upload_national",period="2020-11",basis="",vintage="0",digits="0"} 1 1606748399
# HELP kansoku_history_traffic_bits_per_second Mean rate of a month as others published it (MIC, mostly by way of the press), not measured by Kansoku; source says where it was read, evidence whether it was seen there, derived or recalled.
# TYPE kansoku_history_traffic_bits_per_second gauge
kansoku_history_traffic_bits_per_second{series="fixed",direction="download",basis="9isp",evidence="derived",source="White \"paper\""} 1.99e+13 1606748399
kansoku_history_traffic_bits_per_second{series="fixed",direction="upload",basis="",evidence="recalled",source="Release"} 9.434e+11 1606748399
# EOF
)");
}

TEST_F(KansokuctlExport, SaysWhatIsWrongWithTheHistory) {
  const TempDir dir;
  const auto problem = [&](const std::string& rows) {
    std::ofstream(dir.File("rates.csv")) << kHead << rows;
    const Finished finished = Run(And(kExport, {"--history", dir.path(), "--only-history"}));
    EXPECT_EQ(finished.exit_status, 1);
    return finished.err;
  };
  EXPECT_EQ(problem("2020,1,Gbps,s,seen,fixed_upload_national_estimate,,\n"),
            "kansokuctl: --history: fixed_upload_national_estimate of 2020: '2020' is not a month; write "
            "2024-11 (1971-01 to 9998-12)\n");
  EXPECT_EQ(
      problem("2020-11,1,PB,s,seen,fixed_upload_national_estimate,,\n"),
      "kansokuctl: --history: fixed_upload_national_estimate of 2020-11: \"1 PB\": expected bit/s, bps, "
      "kbps, Mbps, Gbps or Tbps\n");
  EXPECT_EQ(
      problem("2025-05,1,Gbps,s,seen,fixed_upload_national_estimate,,\n"),
      "kansokuctl: --history: " + dir.path() + " has no rate of the series fixed of 2004-11 to 2024-11\n");
  EXPECT_TRUE(server_.figures_asked.empty()) << "only the history was asked for";
  const Finished refused = Run(And(kExport, {"--only-history"}));
  EXPECT_EQ(refused.exit_status, 2);
}

// Its years stand at their last second in Japan; what is of a quarter is no year.
TEST_F(KansokuctlExport, SaysWhatOthersPublishedOfYearsOfDarkAddresses) {
  const TempDir dir;
  const std::vector<std::string> years = {"export",  "openmetrics", "--series", "darknet",   "--from",
                                          "2015-01", "--to",        "2024-12",  "--history", dir.path()};
  std::ofstream(dir.File("years.csv"))
      << kHead
      << "2014,25660000000,packets,early,seen,total_packets,vintage 2017,\n"
         "2015,54510000000,packets,Report,seen,total_packets,vintage 2017,\n"
         "2015,63160000000,packets,Table,recalled,total_packets,vintage 2024,\n"
         "2020-Q1,118400000000,packets,Press,seen,total_packets,quarterly,\n"
         "2024,2427977,packets per address,Table,recalled,"
         "packets_per_ip_per_year,vintage 2024,\n"
         "2024-11,1,Gbps,mobile,seen,mobile_download_avg,,\n";
  EXPECT_EQ(
      Output(And(years, {"--only-history"})),
      R"(# HELP kansoku_history_darknet_packets Packets to NICT's dark addresses in a year as others published them, by edition (basis), not measured by Kansoku; source says where they were read, evidence whether they were seen there, derived or recalled.
# TYPE kansoku_history_darknet_packets gauge
kansoku_history_darknet_packets{basis="vintage 2017",evidence="seen",source="Report"} 5.451e+10 1451573999
kansoku_history_darknet_packets{basis="vintage 2024",evidence="recalled",source="Table"} 6.316e+10 1451573999
# HELP kansoku_history_darknet_packets_per_address The same for each address, as NICT divides.
# TYPE kansoku_history_darknet_packets_per_address gauge
kansoku_history_darknet_packets_per_address{basis="vintage 2024",evidence="recalled",source="Table"} 2427977 1735657199
# EOF
)");
  EXPECT_TRUE(server_.figures_asked.empty());
  const Finished measured = Run(years);
  EXPECT_EQ(measured.exit_status, 2);
  EXPECT_EQ(measured.err,
            "kansokuctl: --series darknet: only what others published; add --history DIR --only-history. "
            "Measured years are at /metrics, and in `kansokuctl darknet figures`; see kansokuctl --help\n");
  std::ofstream(dir.File("years.csv")) << kHead << "2020,1,packets,s,seen,packets_per_ip_per_year,,\n";
  EXPECT_EQ(Run(And(years, {"--only-history"})).err,
            "kansokuctl: --history: packets_per_ip_per_year of 2020: \"1 packets\": expected packets per "
            "address\n");
  std::ofstream(dir.File("years.csv")) << kHead << "2014,1,packets,s,seen,total_packets,,\n";
  EXPECT_EQ(Run(And(years, {"--only-history"})).err,
            "kansokuctl: --history: " + dir.path() +
                " has no year of dark addresses that ends in 2015-01 to 2024-12\n");
}

// A real Prometheus with the blocks that promtool makes of a text.
class FilledPrometheus {
 public:
  explicit FilledPrometheus(const std::string& text) {
    std::ofstream(dir_.File("history.txt")) << text;
    const Finished made = RunProgram({"promtool", "tsdb", "create-blocks-from", "openmetrics",
                                      dir_.File("history.txt"), dir_.File("tsdb")});
    EXPECT_EQ(made.exit_status, 0) << made.err;
    std::ofstream(dir_.File("prometheus.yml")) << "scrape_configs: []\n";
    prometheus_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"prometheus", "--config.file=" + dir_.File("prometheus.yml"),
                                 "--storage.tsdb.path=" + dir_.File("tsdb"),
                                 "--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:0"});
    const std::string line = prometheus_->WaitForLine("Listening on");
    const size_t at = line.find("address=127.0.0.1:");
    EXPECT_NE(at, std::string::npos) << line;
    if (at != std::string::npos) port_ = std::atoi(line.c_str() + at + 18);
    EXPECT_NE(prometheus_->WaitForLine("Server is ready to receive web requests"), "");
  }

  static bool IsInstalled() { return std::system("command -v prometheus promtool >/dev/null") == 0; }

  // What is found for a month after its end; if it is not one value, the whole answer.
  std::string InTheMonthBefore(const std::string& time, const std::string& selector) {
    httplib::Client client("127.0.0.1", port_);
    const auto answer =
        client.Get("/api/v1/query?time=" + time +
                   "&query=" + httplib::detail::encode_query_param("last_over_time(" + selector + "[31d])"));
    if (!answer) return "no answer";
    const auto result = nlohmann::json::parse(answer->body)["data"]["result"];
    return result.size() == 1 ? result[0]["value"][1].get<std::string>() : answer->body;
  }

 private:
  const TempDir dir_;
  std::unique_ptr<ChildProcess> prometheus_;
  int port_ = 0;
};

constexpr char kNotInstalled[] =
    "prometheus and promtool are not installed; run deploy/dependencies --for test";
constexpr char kNothing[] = R"({"status":"success","data":{"resultType":"vector","result":[]}})";
const std::string kMeasured = "kansoku_fixed_traffic_bits_per_second{direction='download',scope='national'}";

TEST_F(KansokuctlExport, FillsAPrometheusWithTheFigures) {
  if (!FilledPrometheus::IsInstalled()) return SkipOrFail(kNotInstalled);
  Fill(kPublished, server_.figures);
  FilledPrometheus prometheus(Output(kExport));
  EXPECT_EQ(prometheus.InTheMonthBefore("2004-12-15T00:00:00%2B09:00", kMeasured), "257000000000");
  EXPECT_EQ(prometheus.InTheMonthBefore("2024-12-15T00:00:00%2B09:00", kMeasured), "38900000000000.5");
  EXPECT_EQ(prometheus.InTheMonthBefore("2010-01-01T00:00:00%2B09:00", kMeasured), kNothing);
}

// The history that ships, and measured figures after it: twenty years that no name confuses.
TEST_F(KansokuctlExport, FillsAPrometheusWithTheHistoryAndTheFigures) {
  if (!FilledPrometheus::IsInstalled()) return SkipOrFail(kNotInstalled);
  Fill(
      R"(figures { id: "fixed_download_national" series: SERIES_FIXED month: "2024-12" value: "39" exact: "39"
                    period { start_unix_seconds: 1732978800 end_unix_seconds: 1735657200 } })",
      server_.figures);
  FilledPrometheus prometheus(
      Output({"export", "openmetrics", "--series", "fixed", "--from", "2004-11", "--to", "2024-12",
              "--history", KANSOKU_SOURCE_DIR "/deploy/reference"}));
  const auto history = [&](const std::string& time, const std::string& basis) {
    return prometheus.InTheMonthBefore(
        time, "kansoku_history_traffic_bits_per_second{direction='download',basis='" + basis + "'}");
  };
  EXPECT_EQ(history("2004-12-01T00:00:00%2B09:00", "contract_share;revised"), "257000000000");
  EXPECT_EQ(history("2004-11-30T23:59:58%2B09:00", "contract_share;revised"), kNothing) << "not over yet";
  EXPECT_EQ(history("2004-12-15T00:00:00%2B09:00", "ix_share;7isp"), "323600000000") << "as restated";
  EXPECT_EQ(history("2011-12-15T00:00:00%2B09:00", "contract_share;6isp"), "1696000000000");
  EXPECT_EQ(history("2020-12-15T00:00:00%2B09:00", "contract_share;9isp"), "19900000000000");
  EXPECT_EQ(history("2024-12-15T00:00:00%2B09:00", "contract_share;9isp"), "38900000000000");
  EXPECT_EQ(prometheus.InTheMonthBefore("2024-12-15T00:00:00%2B09:00",
                                        "kansoku_history_traffic_bits_per_second{source='MIC white paper "
                                        "2025 (令和7年版 情報通信白書)',evidence='seen'}"),
            "38900000000000");
  EXPECT_EQ(prometheus.InTheMonthBefore("2024-12-15T00:00:00%2B09:00", kMeasured), kNothing)
      << "what others published is not measured";
  EXPECT_EQ(prometheus.InTheMonthBefore("2025-01-15T00:00:00%2B09:00", kMeasured), "39");
}

}  // namespace
}  // namespace kansoku::testing
