// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/metrics_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

std::unique_ptr<MetricsServer> Serve(MetricsServer::MetricsText text) {
  auto server = MetricsServer::Start("127.0.0.1:0", std::move(text));
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

absl::StatusOr<std::string> OneMetric() { return "kansoku_build_info 1\n"; }

TEST(MetricsServer, ServesMetricsInPrometheusFormat) {
  const auto server = Serve(OneMetric);
  httplib::Client client("127.0.0.1", server->port());
  const auto metrics = client.Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->status, 200);
  EXPECT_EQ(metrics->body, "kansoku_build_info 1\n");
  EXPECT_EQ(metrics->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
}

TEST(MetricsServer, AnswersHealthAndNamesItsPaths) {
  const auto server = Serve(OneMetric);
  httplib::Client client("127.0.0.1", server->port());
  const auto health = client.Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
  EXPECT_EQ(health->body, "ok\n");
  const auto other = client.Get("/");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->status, 404);
  EXPECT_EQ(other->body, "This server has GET /metrics and GET /healthz.\n");
}

TEST(MetricsServer, FailsAScrapeThatCannotBeRead) {
  const auto server =
      Serve([]() -> absl::StatusOr<std::string> { return absl::DataLossError("bad page 7"); });
  httplib::Client client("127.0.0.1", server->port());
  const auto metrics = client.Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->status, 503);
  EXPECT_EQ(metrics->body, "DATA_LOSS: bad page 7\n");
}

TEST(MetricsServer, RefusesAPortInUse) {
  const auto server = Serve(OneMetric);
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  const auto second = MetricsServer::Start(address, OneMetric);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable) << second.status();
  EXPECT_NE(std::string(second.status().message()).find(address), std::string::npos) << second.status();
}

TEST(MetricsServer, FreesItsPortWhenStopped) {
  auto server = Serve(OneMetric);
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  server->Stop();
  server->Stop();
  const auto second = MetricsServer::Start(address, OneMetric);
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST(MetricsServer, RefusesWhatIsNoAddress) {
  for (const char* address :
       {"", "9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", ":9464"}) {
    EXPECT_EQ(MetricsServer::Start(address, OneMetric).status().code(), absl::StatusCode::kInvalidArgument)
        << address;
  }
  EXPECT_EQ(MetricsServer::Start("192.0.2.1:0", OneMetric).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace kansoku::aggregator
