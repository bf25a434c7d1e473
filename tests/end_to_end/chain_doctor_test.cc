// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl doctor` on a chain of real programs, from a collector on a live link to Prometheus: whole, and
// with one part gone.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>

#include "tests/end_to_end/live_system.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::testing {
namespace {

using Verdicts = std::map<std::string, std::string>;

struct Examined {
  Finished run;
  Verdicts verdicts;
};

Examined Examine(std::vector<std::string> words) {
  words.insert(words.begin(), {KANSOKU_CTL, "--json", "doctor"});
  Examined examined{RunProgram(words), {}};
  const auto answer = nlohmann::json::parse(examined.run.out, nullptr, false);
  if (!answer.is_object()) return examined;
  for (const auto& stage : answer.value("stages", nlohmann::json::array())) {
    examined.verdicts[stage["stage"]] = stage["verdict"];
  }
  return examined;
}

// Once it is as wanted, or after a minute.
Examined ExamineUntil(const std::vector<std::string>& words,
                      const std::function<bool(const Examined&)>& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  Examined examined = Examine(words);
  while (!wanted(examined) && std::chrono::steady_clock::now() < deadline) examined = Examine(words);
  return examined;
}

// What the preflight finds of a virtual interface may be worth a look.
bool IsWell(const Examined& examined) {
  Verdicts verdicts = examined.verdicts;
  if (verdicts["capture"] == "look") verdicts["capture"] = "ok";
  return verdicts == Verdicts{{"reach", "ok"},   {"store", "ok"},      {"collectors", "ok"},
                              {"capture", "ok"}, {"delivery", "ok"},   {"clock", "ok"},
                              {"points", "ok"},  {"quarantine", "ok"}, {"figures", "ok"},
                              {"metrics", "ok"}, {"prometheus", "ok"}};
}

class ChainDoctor : public LiveSystemTest {
 protected:
  // A Prometheus with the released rules that scrapes the aggregator; its URL.
  std::string StartPrometheus() {
    std::ofstream(dir_.File("prometheus.yml"))
        << "global: {scrape_interval: 1s}\nrule_files: [" << KANSOKU_SOURCE_DIR
        << "/deploy/prometheus/kansoku.rules.yml]\nscrape_configs:\n  - {job_name: kansoku, static_configs: "
           "[{targets: ['"
        << metrics_address_ << "']}]}\n";
    prometheus_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        "prometheus", "--config.file=" + dir_.File("prometheus.yml"),
        "--storage.tsdb.path=" + dir_.File("tsdb"), "--web.listen-address=127.0.0.1:0"});
    const std::string line = prometheus_->WaitForLine("Listening on");
    const size_t at = line.find("127.0.0.1:");
    return at == line.npos ? ""
                           : "http://" + line.substr(at, line.find_first_not_of("127.0:0123456789", at) - at);
  }

  std::vector<std::string> Words(const std::string& prometheus) const {
    return {"--aggregator", address_, "--metrics", "http://" + metrics_address_, "--prometheus", prometheus};
  }

  std::unique_ptr<ChildProcess> prometheus_;
};

TEST_F(ChainDoctor, FindsAWholeChainWellAndThenThePartThatIsGone) {
  if (RunProgram({"prometheus", "--version"}).exit_status != 0) {
    return SkipOrFail("prometheus is not installed; run deploy/dependencies --for test");
  }
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  auto collector = StartCollector();
  const std::string prometheus = StartPrometheus();
  ASSERT_NE(prometheus, "");

  const Examined whole = ExamineUntil(Words(prometheus), IsWell);
  EXPECT_EQ(whole.run.exit_status, 0) << whole.run.out;
  EXPECT_EQ(whole.run.err, "");
  EXPECT_TRUE(IsWell(whole)) << whole.run.out;

  const Examined nowhere = Examine(Words("http://127.0.0.1:1"));
  EXPECT_EQ(nowhere.run.exit_status, 1);
  EXPECT_EQ(
      nowhere.run.err,
      "kansokuctl: the chain is broken at prometheus: start Prometheus; --prometheus says where to look, or "
      "none; see docs/troubleshooting.md#prometheus\n");

  collector->Signal(SIGKILL);
  collector->Wait();
  const Examined killed =
      ExamineUntil(Words(prometheus), [](const Examined& it) { return it.run.exit_status == 1; });
  EXPECT_EQ(killed.verdicts.at("collectors"), "broken") << killed.run.out;
  EXPECT_TRUE(killed.run.err.starts_with("kansokuctl: the chain is broken at collectors: "))
      << killed.run.err;

  aggregator_.reset();
  const Examined gone = Examine(Words(prometheus));
  EXPECT_EQ(gone.verdicts.at("reach"), "broken") << gone.run.out;
  EXPECT_EQ(gone.verdicts.at("store"), "skipped") << gone.run.out;
  EXPECT_EQ(gone.verdicts.at("metrics"), "broken") << gone.run.out;
}

// Mutual TLS between kansokuctl and an aggregator of another authority.
TEST(ChainDoctorOverTls, FindsCertificatesThatAreNotAccepted) {
  const TempDir dir;
  CertificateAuthority authority("authority"), other("another authority");
  const v1::TlsConfig server = authority.Issue(dir.path(), "server", {.alternative_names = kLoopbackNames});
  const v1::TlsConfig client =
      authority.Issue(dir.path(), "client", {.alternative_names = "URI:kansoku:client/ministry"});
  const v1::TlsConfig stranger =
      other.Issue(dir.path(), "stranger", {.alternative_names = "URI:kansoku:client/ministry"});
  const auto tls = [](const v1::TlsConfig& its, const v1::TlsConfig& authorities) {
    return "tls: {certificate_path: " + its.certificate_path() + ", key_path: " + its.key_path() +
           ", authorities_path: " + authorities.authorities_path() + "}\n";
  };
  std::ofstream(dir.File("aggregator.yaml"))
      << "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: " << dir.File("store.db") << "\n"
      << tls(server, server) << "registry: {clients: [{name: ministry, role: regulator}]}\n";
  ChildProcess aggregator({KANSOKU_AGGREGATOR, "--config", dir.File("aggregator.yaml")});
  const std::string line = aggregator.WaitForLine("listening:");
  const size_t at = line.find("127.0.0.1:");
  ASSERT_NE(at, line.npos) << line;
  const std::string address = line.substr(at, line.find(',') - at);

  const auto examine = [&](const v1::TlsConfig& its, const v1::TlsConfig& authorities) {
    std::ofstream(dir.File("ctl.yaml")) << "aggregator: " << address << "\n" << tls(its, authorities);
    return Examine({"--config", dir.File("ctl.yaml"), "--metrics", "none", "--prometheus", "none"})
        .verdicts["reach"];
  };
  EXPECT_EQ(examine(client, server), "ok");
  EXPECT_EQ(examine(stranger, server), "broken") << "its certificate is not accepted";
  EXPECT_EQ(examine(client, stranger), "broken") << "it does not accept the aggregator's";
  const Examined plain = Examine({"--aggregator", address, "--metrics", "none", "--prometheus", "none"});
  EXPECT_EQ(plain.verdicts.at("reach"), "broken") << plain.run.out;
}

}  // namespace
}  // namespace kansoku::testing
