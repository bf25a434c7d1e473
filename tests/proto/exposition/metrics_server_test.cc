// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/metrics_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/temp_dir.h"

namespace kansoku {
namespace {

std::unique_ptr<MetricsServer> Serve(MetricsServer::MetricsText text) {
  auto server = MetricsServer::Start("127.0.0.1:0", std::move(text), {}, absl::Now());
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

TEST(MetricsServer, TakesNoBodies) {
  const auto server = Serve(OneMetric);
  const std::string octets(1 << 20, 'x');
  for (const char* path : {"/metrics", "/healthz", "/"}) {
    httplib::Client client("127.0.0.1", server->port());
    const auto answer = client.Post(path, "x", "text/plain");
    ASSERT_TRUE(answer) << httplib::to_string(answer.error());
    EXPECT_EQ(answer->status, 405);
    EXPECT_EQ(answer->get_header_value("Allow"), "GET, HEAD");
    EXPECT_EQ(answer->get_header_value("Connection"), "close");
    size_t sent = 0;
    client.Post(
        path,
        [&](size_t /*offset*/, httplib::DataSink& sink) {
          if (!sink.write(octets.data(), octets.size())) return false;
          if ((sent += octets.size()) == size_t{64} << 20) sink.done();
          return true;
        },
        "text/plain");
    EXPECT_LT(sent, size_t{64} << 20) << "what the sockets hold may go, and no more";
  }
}

TEST(MetricsServer, RefusesAPortInUse) {
  const auto server = Serve(OneMetric);
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  const auto second = MetricsServer::Start(address, OneMetric, {}, absl::Now());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable) << second.status();
  EXPECT_NE(std::string(second.status().message()).find(address), std::string::npos) << second.status();
}

TEST(MetricsServer, FreesItsPortWhenStopped) {
  auto server = Serve(OneMetric);
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  server->Stop();
  server->Stop();
  const auto second = MetricsServer::Start(address, OneMetric, {}, absl::Now());
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST(MetricsServer, RefusesWhatIsNoAddress) {
  for (const char* address :
       {"", "9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", ":9464"}) {
    EXPECT_EQ(MetricsServer::Start(address, OneMetric, {}, absl::Now()).status().code(),
              absl::StatusCode::kInvalidArgument)
        << address;
  }
  EXPECT_EQ(MetricsServer::Start("192.0.2.1:0", OneMetric, {}, absl::Now()).status().code(),
            absl::StatusCode::kUnavailable);
}

class ProtectedMetrics : public ::testing::Test {
 protected:
  ProtectedMetrics() { testing::WriteInOneStep(folder_.File("password"), "correct horse\n"); }

  void AddTls() {
    const v1::TlsConfig server =
        authority_.Issue(folder_.path(), "server", {.alternative_names = testing::kLoopbackNames});
    config_.set_certificate_path(server.certificate_path());
    config_.set_key_path(server.key_path());
    authorities_path_ = server.authorities_path();
  }
  void AddPassword() {
    config_.set_user("prometheus");
    config_.set_password_path(folder_.File("password"));
  }
  std::unique_ptr<MetricsServer> Serve() {
    auto server = MetricsServer::Start("127.0.0.1:0", OneMetric, config_, absl::Now());
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
  std::unique_ptr<httplib::SSLClient> TlsClient(int port, const v1::TlsConfig& own = {}) {
    auto client =
        std::make_unique<httplib::SSLClient>("127.0.0.1", port, own.certificate_path(), own.key_path());
    client->set_ca_cert_path(authorities_path_.c_str());
    client->enable_server_certificate_verification(true);
    return client;
  }
  absl::Status Refusal() {
    return MetricsServer::Start("127.0.0.1:0", OneMetric, config_, absl::Now()).status();
  }

  testing::TempDir folder_;
  testing::CertificateAuthority authority_{"authority"};
  v1::MetricsConfig config_;
  std::string authorities_path_;
};

TEST_F(ProtectedMetrics, ArePassedToWhoKnowsThePassword) {
  AddPassword();
  const auto server = Serve();
  httplib::Client client("127.0.0.1", server->port());
  auto answer = client.Get("/metrics");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(answer->get_header_value("WWW-Authenticate"), "Basic realm=\"kansoku\"");
  EXPECT_EQ(answer->body, "This needs the user and password of metrics.user.\n");
  client.set_basic_auth("prometheus", "correct horsE");
  EXPECT_EQ(client.Get("/metrics")->status, 401);
  client.set_basic_auth("prometheus", "correct horse");
  answer = client.Get("/metrics");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "kansoku_build_info 1\n");
}

TEST_F(ProtectedMetrics, ArePassedOverTls13Only) {
  AddTls();
  const auto server = Serve();
  const auto client = TlsClient(server->port());
  const auto answer = client->Get("/metrics");
  ASSERT_TRUE(answer) << httplib::to_string(answer.error());
  EXPECT_EQ(answer->body, "kansoku_build_info 1\n");
  const auto old = TlsClient(server->port());
  SSL_CTX_set_options(old->ssl_context(), SSL_OP_NO_TLSv1_3);
  EXPECT_FALSE(old->Get("/metrics"));
  httplib::Client plain("127.0.0.1", server->port());
  EXPECT_FALSE(plain.Get("/metrics"));
}

TEST_F(ProtectedMetrics, AskForACertificateWhereToldTo) {
  AddTls();
  config_.set_client_authorities_path(authorities_path_);
  const auto server = Serve();
  EXPECT_FALSE(TlsClient(server->port())->Get("/metrics"));
  const v1::TlsConfig own =
      authority_.Issue(folder_.path(), "prometheus", {.alternative_names = "DNS:prometheus"});
  const auto answer = TlsClient(server->port(), own)->Get("/metrics");
  ASSERT_TRUE(answer) << httplib::to_string(answer.error());
  EXPECT_EQ(answer->status, 200);
}

// A resumed connection would show neither side's certificate anew.
TEST_F(ProtectedMetrics, AreNotPassedOverResumedConnections) {
  AddTls();
  config_.set_client_authorities_path(authorities_path_);
  const auto server = Serve();
  const v1::TlsConfig own =
      authority_.Issue(folder_.path(), "prometheus", {.alternative_names = "DNS:prometheus"});
  const auto client = TlsClient(server->port(), own);
  static int tickets;
  tickets = 0;
  SSL_CTX_set_session_cache_mode(client->ssl_context(), SSL_SESS_CACHE_CLIENT);
  SSL_CTX_sess_set_new_cb(client->ssl_context(), [](SSL*, SSL_SESSION*) { return ++tickets * 0; });
  const auto answer = client->Get("/metrics");
  ASSERT_TRUE(answer) << httplib::to_string(answer.error());
  EXPECT_EQ(tickets, 0);
}

TEST_F(ProtectedMetrics, TakeANewCertificateWithoutARestart) {
  AddTls();
  const auto server = Serve();
  EXPECT_TRUE(TlsClient(server->port())->Get("/metrics"));
  testing::CertificateAuthority next{"next"};
  authorities_path_ =
      next.Issue(folder_.path(), "server", {.alternative_names = testing::kLoopbackNames}).authorities_path();
  EXPECT_TRUE(TlsClient(server->port())->Get("/metrics"));
}

TEST_F(ProtectedMetrics, TakeNewAuthoritiesWithoutARestart) {
  AddTls();
  const std::string ours = authorities_path_;
  config_.set_client_authorities_path(folder_.File("scrapers.crt"));
  testing::CertificateAuthority next{"next"};
  const v1::TlsConfig old_scraper =
      authority_.Issue(folder_.path(), "old", {.alternative_names = "DNS:prometheus"});
  testing::TempDir folder_of_next;
  const v1::TlsConfig new_scraper =
      next.Issue(folder_of_next.path(), "new", {.alternative_names = "DNS:prometheus"});
  std::filesystem::copy_file(ours, config_.client_authorities_path());
  const auto server = Serve();
  EXPECT_TRUE(TlsClient(server->port(), old_scraper)->Get("/metrics"));
  EXPECT_FALSE(TlsClient(server->port(), new_scraper)->Get("/metrics"));
  std::filesystem::copy_file(new_scraper.authorities_path(), config_.client_authorities_path(),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_FALSE(TlsClient(server->port(), old_scraper)->Get("/metrics"));
  EXPECT_TRUE(TlsClient(server->port(), new_scraper)->Get("/metrics"));
  testing::WriteInOneStep(config_.client_authorities_path(), "no certificate\n");
  EXPECT_FALSE(TlsClient(server->port(), new_scraper)->Get("/metrics"));
}

TEST_F(ProtectedMetrics, TakeANewPasswordWithoutARestart) {
  AddPassword();
  const auto server = Serve();
  httplib::Client client("127.0.0.1", server->port());
  client.set_basic_auth("prometheus", "correct horse");
  EXPECT_EQ(client.Get("/metrics")->status, 200);
  testing::WriteInOneStep(folder_.File("password"), "battery staple\n");
  EXPECT_EQ(client.Get("/metrics")->status, 401);
  client.set_basic_auth("prometheus", "battery staple");
  EXPECT_EQ(client.Get("/metrics")->status, 200);
  testing::WriteInOneStep(folder_.File("password"), "\n");
  const auto answer = client.Get("/metrics");
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "The file of metrics.password_path cannot be used any more.\n");
}

TEST_F(ProtectedMetrics, SayWhichFileCannotBeUsed) {
  AddPassword();
  testing::WriteInOneStep(folder_.File("password"), "correct horse\n", 0644);
  const std::string path = folder_.File("password");
  EXPECT_EQ(Refusal().message(),
            absl::StrCat("metrics.password_path: ", path,
                         ": other users can reach this password; run: chmod 600 ", path));
  testing::WriteInOneStep(path, "\n");
  EXPECT_EQ(Refusal().message(), absl::StrCat("metrics.password_path: ", path,
                                              ": its first line is empty; write the password there"));
  testing::WriteInOneStep(path, "correct horse\n");
  EXPECT_TRUE(Refusal().ok());
  AddTls();
  config_.set_key_path(path);
  EXPECT_EQ(Refusal().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace kansoku
