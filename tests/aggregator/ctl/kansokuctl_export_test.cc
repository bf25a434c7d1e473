// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl export`: what it prints, and that a real Prometheus answers for it afterwards.
#include <gtest/gtest.h>
#include <httplib.h>

#include <cstdlib>
#include <fstream>
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
  EXPECT_EQ(server_.figures_asked.ShortDebugString(),
            R"(months { series: SERIES_FIXED first: "2004-11" last: "2024-11" })");
}

TEST_F(KansokuctlExport, HasAFormatOfItsOwn) {
  std::vector<std::string> words = kExport;
  words.push_back("--json");
  const Finished refused = Run(words);
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_EQ(refused.err,
            "kansokuctl: --json, --csv: an export has a format of its own; see kansokuctl --help\n");
}

TEST_F(KansokuctlExport, FillsAPrometheusWithTheHistory) {
  if (std::system("command -v prometheus promtool >/dev/null") != 0) {
    return SkipOrFail("prometheus and promtool are not installed; run deploy/dependencies --for test");
  }
  Fill(kPublished, server_.figures);
  const TempDir dir;
  std::ofstream(dir.File("history.txt")) << Output(kExport);
  const Finished made = RunProgram(
      {"promtool", "tsdb", "create-blocks-from", "openmetrics", dir.File("history.txt"), dir.File("tsdb")});
  ASSERT_EQ(made.exit_status, 0) << made.err;

  std::ofstream(dir.File("prometheus.yml")) << "scrape_configs: []\n";
  ChildProcess prometheus({"prometheus", "--config.file=" + dir.File("prometheus.yml"),
                           "--storage.tsdb.path=" + dir.File("tsdb"), "--storage.tsdb.retention.time=100y",
                           "--web.listen-address=127.0.0.1:0"});
  const std::string line = prometheus.WaitForLine("Listening on");
  const size_t at = line.find("address=127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << line;
  httplib::Client client("127.0.0.1", std::atoi(line.c_str() + at + 18));
  ASSERT_NE(prometheus.WaitForLine("Server is ready to receive web requests"), "");

  // A month is found for a month after its end.
  const auto download = [&](const std::string& time) {
    const auto answer =
        client.Get("/api/v1/query?time=" + time + "&query=" +
                   httplib::detail::encode_query_param("last_over_time(kansoku_fixed_traffic_bits_per_second{"
                                                       "direction='download',scope='national'}[31d])"));
    if (!answer) return std::string("no answer");
    const auto result = nlohmann::json::parse(answer->body)["data"]["result"];
    return result.size() == 1 ? result[0]["value"][1].get<std::string>() : answer->body;
  };
  EXPECT_EQ(download("2004-12-15T00:00:00%2B09:00"), "257000000000");
  EXPECT_EQ(download("2024-12-15T00:00:00%2B09:00"), "38900000000000.5");
  EXPECT_EQ(download("2010-01-01T00:00:00%2B09:00"),
            R"({"status":"success","data":{"resultType":"vector","result":[]}})");
}

}  // namespace
}  // namespace kansoku::testing
