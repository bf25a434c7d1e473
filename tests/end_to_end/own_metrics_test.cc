// SPDX-License-Identifier: Apache-2.0
//
// A collector's own /metrics, as Prometheus scrapes it: over TLS, with a certificate, from a confined
// program.
#include <gmock/gmock.h>
#include <httplib.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/end_to_end/live_system.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class OwnMetricsOverHttps : public LiveSystemTest {
 protected:
  std::string WriteConfig() {
    const v1::TlsConfig server =
        authority_.Issue(dir_.path(), "collector", {.alternative_names = kLoopbackNames});
    authorities_path_ = server.authorities_path();
    std::ofstream(dir_.File("collector.yaml"))
        << CollectorConfig("method: packet_ring", "  - {point: p, interface: right}\n")
        << "metrics_listen: 127.0.0.1:0\nmetrics: {certificate_path: " << server.certificate_path()
        << ", key_path: " << server.key_path() << ", client_authorities_path: " << authorities_path_ << "}\n";
    return dir_.File("collector.yaml");
  }
  std::unique_ptr<httplib::SSLClient> Client(int port, const v1::TlsConfig& own) const {
    auto client =
        std::make_unique<httplib::SSLClient>("127.0.0.1", port, own.certificate_path(), own.key_path());
    client->set_ca_cert_path(authorities_path_.c_str());
    client->enable_server_certificate_verification(true);
    return client;
  }

  // Who shows a certificate of somebody else learns why, however early the connection ends.
  void ExpectRefused(const std::string& url) {
    CertificateAuthority stranger("stranger");
    const v1::TlsConfig own = stranger.Issue(dir_.path(), "stranger", {.alternative_names = "DNS:stranger"});
    std::ofstream(dir_.File("ctl.yaml"))
        << "aggregator: 127.0.0.1:1\ntls: {certificate_path: " << own.certificate_path()
        << ", key_path: " << own.key_path() << ", authorities_path: " << authorities_path_ << "}\n";
    for (int i = 0; i < 10; ++i) {
      const Finished finished = RunProgram({KANSOKU_CTL, "--config", dir_.File("ctl.yaml"), "doctor",
                                            "--metrics", url, "--prometheus", "none"});
      ASSERT_EQ(finished.exit_status, 1) << finished.err;
      ASSERT_THAT(finished.out, HasSubstr("no answer in time, or it wants another certificate"));
    }
  }

  CertificateAuthority authority_{"authority"};
  std::string authorities_path_;
};

TEST_F(OwnMetricsOverHttps, SayHowTheCollectorFaresToWhoShowsACertificate) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", WriteConfig()});
  const std::string line = collector.WaitForLine("metrics: https://127.0.0.1:");
  int port = 0;
  ASSERT_EQ(std::sscanf(line.c_str(), "kansoku-collector: metrics: https://127.0.0.1:%d/metrics", &port), 1)
      << line;
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));
  SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 9).Build(), 123);
  ASSERT_TRUE(WaitForPackets({{"p", 123}}));

  ExpectRefused(absl::StrCat("https://127.0.0.1:", port));
  const v1::TlsConfig own =
      authority_.Issue(dir_.path(), "prometheus", {.alternative_names = "DNS:prometheus"});
  const auto answer = Client(port, own)->Get("/metrics");
  ASSERT_TRUE(answer) << httplib::to_string(answer.error());
  ASSERT_EQ(answer->status, 200);
  EXPECT_THAT(answer->body, HasSubstr("kansoku_edge_captured_packets_total{point=\"p\"} 123\n"));
  EXPECT_THAT(answer->body, HasSubstr("kansoku_edge_dropped_packets_total{point=\"p\",by=\"kernel\"} 0\n"));
  EXPECT_THAT(answer->body, HasSubstr("\nkansoku_edge_connected 1\n"));
  EXPECT_THAT(answer->body,
              HasSubstr("kansoku_edge_finding_severity{interface=\"right\",check=\"presence\"} 0\n"));
  EXPECT_THAT(answer->body, HasSubstr("kansoku_edge_finding_severity{interface=\"\",check=\"clock\"}"));
  EXPECT_THAT(answer->body,
              HasSubstr("kansoku_certificate_expiry_timestamp_seconds{of=\"metrics\"} 4100000000\n"));
  EXPECT_THAT(answer->body, HasSubstr("kansoku_build_info{program=\"kansoku-collector\""));
  EXPECT_THAT(answer->body, Not(HasSubstr("kansoku_process_resident_bytes 0\n")));
  collector.Signal(SIGTERM);
  EXPECT_EQ(collector.Wait(), 0);
}

}  // namespace
}  // namespace kansoku::testing
