// SPDX-License-Identifier: Apache-2.0
//
// A real Prometheus scrapes the aggregator while a collector reports, and answers a query for the download
// rate.
#include <gtest/gtest.h>
#include <httplib.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proto/contract/window.h"
#include "tests/end_to_end/harness.h"
#include "tests/end_to_end/truth.h"
#include "tests/testing/child_process.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::Aggregator;

bool HasPrometheus() { return std::system("command -v prometheus >/dev/null") == 0; }

// The single value of an instant query; NaN-like -1 while there is none.
double Ask(httplib::Client& prometheus, const std::string& promql) {
  const auto answer = prometheus.Get("/api/v1/query?query=" + httplib::detail::encode_query_param(promql));
  if (!answer || answer->status != 200) return -1;
  const auto json = nlohmann::json::parse(answer->body);
  const auto& result = json["data"]["result"];
  return result.size() == 1 ? std::stod(result[0]["value"][1].get<std::string>()) : -1;
}

TEST(Prometheus, ScrapesTheAggregatorAndAnswersForTheDownloadRate) {
  if (!HasPrometheus()) {
    return SkipOrFail("prometheus is not installed; run deploy/dependencies --for test");
  }
  const TempDir dir;
  auto aggregator = Aggregator::Start(AggregatorConfigIn(dir.path()));
  ASSERT_TRUE(aggregator.ok()) << aggregator.status();

  std::ofstream(dir.File("prometheus.yml")) << "global: {scrape_interval: 1s}\nscrape_configs:\n  - "
                                               "job_name: kansoku\n    static_configs:\n      - targets: ['"
                                            << (*aggregator)->metrics_address() << "']\n";
  ChildProcess prometheus({"prometheus", "--config.file=" + dir.File("prometheus.yml"),
                           "--storage.tsdb.path=" + dir.File("tsdb"), "--web.listen-address=127.0.0.1:0"});
  // It prints the port that it took.
  const std::string line = prometheus.WaitForLine("Listening on");
  const size_t at = line.find("address=127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << line;
  httplib::Client client("127.0.0.1", std::atoi(line.c_str() + at + 18));

  const auto until = [](auto&& condition) {
    for (const absl::Time deadline = absl::Now() + absl::Seconds(60); absl::Now() < deadline;) {
      if (condition()) return true;
    }
    return false;
  };
  ASSERT_TRUE(until([&] { return Ask(client, "up{job='kansoku'}") == 1; }));

  // Counters grow between scrapes: one capture a report, each scraped before the next.
  const std::string total = "sum(kansoku_traffic_ip_bytes_total{direction='download',access='fixed'})";
  uint64_t expected = 0;
  for (int i = 0; i < 3; ++i) {
    const Generated traffic = Generate(dir.path(), absl::StrCat("part", i),
                                       {"isp", "--seed", absl::StrCat(i + 1), "--packets", "20000",
                                        "--seconds", "10", "--start", absl::StrCat(1730000100 + 10 * i)});
    expected += IpOctets(traffic.truth, "fixed", "download");
    Collect(CollectorConfigFor(dir.path(), "isp", traffic, (*aggregator)->grpc_address()));
    ASSERT_TRUE(until([&] { return Ask(client, total) == static_cast<double>(expected); })) << expected;
  }
  ASSERT_TRUE(until([&] {
    return Ask(client,
               "8 * sum(rate(kansoku_traffic_ip_bytes_total{direction='download',access='fixed'}[1m]))") > 0;
  }));
  EXPECT_EQ(Ask(client, "min(kansoku_identity_holds)"), 1);
}

}  // namespace
}  // namespace kansoku::testing
