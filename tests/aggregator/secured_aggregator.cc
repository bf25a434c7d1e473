// SPDX-License-Identifier: Apache-2.0
#include "tests/aggregator/secured_aggregator.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <sstream>

#include "absl/strings/str_cat.h"
#include "aggregator/access/registry_rules.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/config_text.h"
#include "proto/transport/credentials.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/sample_vintage.h"

namespace kansoku::aggregator {
namespace {

constexpr char kRegistry[] =
    "registry:\n"
    "  collectors:\n"
    "    - {name: tokyo, isp: isp-a, points: [tokyo]}\n"
    "    - {name: osaka, isp: isp-b, points: [osaka]}\n"
    "  clients:\n"
    "    - {name: noc, role: operator, isp: isp-a}\n"
    "    - {name: ministry, role: regulator}\n"
    "    - {name: web, role: public}\n";

v1::AggregatorConfig ConfigOf(const std::string& folder, const std::string& more) {
  v1::AggregatorConfig config;
  const auto places =
      ParseConfig(absl::StrCat("listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", folder,
                               "/store\nretention: {window_hours: 1000000, five_minute_days: 100000}\n"
                               "commit_interval_milliseconds: 1\nclock: {max_behind_days: 0}\n",
                               more),
                  "aggregator.yaml", config);
  EXPECT_TRUE(places.ok()) << places.status();
  EXPECT_TRUE(CheckRegistry(config, *places).ok());
  return config;
}

std::string TlsText(const v1::TlsConfig& tls) {
  return absl::StrCat("tls: {certificate_path: ", tls.certificate_path(), ", key_path: ", tls.key_path(),
                      ", authorities_path: ", tls.authorities_path(), "}\n");
}

// 2100-01-01T00:00:00Z: goes to quarantine.
constexpr int64_t kFarAhead = 4'102'444'800;

template <typename Sensor>
void SayPrefix(Sensor& sensor) {
  v1::DarkPrefix& prefix = *sensor.add_prefixes();
  prefix.set_address(kDarkPrefix);
  prefix.set_length(24);
  prefix.set_address_seconds(sensor.address_seconds());
}

v1::TelescopeDay DayByPrefix(uint64_t packets, const std::string& isp = "") {
  v1::TelescopeDay day = SampleDay(kTelescopeDay, packets, 1, isp);
  for (v1::SensorDay& sensor : *day.mutable_sensors()) SayPrefix(sensor);
  return day;
}

void Publish(const std::string& store_path, const std::vector<std::string>& isps) {
  const auto store = SqliteStore::Open({.path = store_path});
  ASSERT_TRUE(store.ok()) << store.status();
  v1::Figure figure = SampleFigure("fixed_download_national", {}, "38.9", "38912345678901");
  figure.set_standard_error("0.1");  // of few
  figure.mutable_steps(0)->set_value("12607600000000000/3");
  for (const char* month : {kPublishedEarlier, kPublishedMonth}) {
    const v1::Vintage vintage = SampleVintage(v1::SERIES_FIXED, month, 1, kSampleStart, {figure});
    ASSERT_TRUE((*store)->AddVintage(vintage, {}).ok());
  }
  uint64_t all = 0;
  for (const std::string& isp : isps) {
    const uint64_t packets = isp == "isp-a" ? 80 : 160;
    all += packets;
    ASSERT_TRUE((*store)->AddTelescopeDay(DayByPrefix(packets, isp)).ok());
  }
  ASSERT_TRUE((*store)->AddTelescopeDay(DayByPrefix(all)).ok());
}

std::unique_ptr<Aggregator> Started(const v1::AggregatorConfig& config, const std::vector<std::string>& isps,
                                    Aggregator::Say say) {
  Publish(config.store_path(), isps);
  auto aggregator = Aggregator::Start(config, std::move(say));
  EXPECT_TRUE(aggregator.ok()) << aggregator.status();
  return *std::move(aggregator);
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address,
                                         const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                         grpc::ChannelArguments own = {}) {
  own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, credentials, own);
}

std::string IspOf(const std::string& collector) { return collector == "tokyo" ? "isp-a" : "isp-b"; }

void FeedTo(const std::shared_ptr<grpc::Channel>& channel, const std::string& collector) {
  v1::CollectorMessage hello, batch;
  *hello.mutable_hello() = HelloOf(collector, IspOf(collector));
  // The two differ in what they measured.
  const int cells = collector == "tokyo" ? 3 : 5;
  for (int i = 0; i < kSampleWindows; ++i) {
    v1::SequencedReport& report = *batch.mutable_batch()->add_reports();
    report = SampleReport(static_cast<uint64_t>(i) + 1, collector,
                          kSampleStart + i * int64_t{kSampleWindowSeconds}, cells);
    for (v1::DarknetTally& tally : *report.mutable_report()->mutable_measurement()->mutable_darknet()) {
      tally.set_sensor(SensorOf(collector));
      SayPrefix(tally);
    }
    AddSampleRecords(static_cast<uint64_t>(i * cells), 2, *report.mutable_report());
  }
  v1::SequencedReport& ahead = *batch.mutable_batch()->add_reports();
  ahead = SampleReport(kSampleWindows + 1, collector, kFarAhead);
  for (v1::DarknetTally& tally : *ahead.mutable_report()->mutable_measurement()->mutable_darknet())
    SayPrefix(tally);
  const auto stub = v1::Ingest::NewStub(channel);
  grpc::ClientContext context;
  const auto stream = stub->Report(&context);
  stream->Write(hello);
  stream->Write(batch);
  v1::AggregatorMessage answer;
  while (answer.ack().through() <= kSampleWindows) {
    if (!stream->Read(&answer)) break;
  }
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace

v1::Hello HelloOf(const std::string& collector, const std::string& isp) {
  v1::Hello hello = SampleHello(collector);
  hello.set_isp(isp);
  return hello;
}

std::string SensorOf(const std::string& point) { return "dark-" + point; }

grpc::Status Greet(const std::shared_ptr<grpc::Channel>& channel, const v1::Hello& hello) {
  const auto stub = v1::Ingest::NewStub(channel);
  grpc::ClientContext context;
  const auto stream = stub->Report(&context);
  v1::CollectorMessage message;
  *message.mutable_hello() = hello;
  stream->Write(message);
  v1::AggregatorMessage answer;
  const bool welcomed = stream->Read(&answer) && answer.has_welcome();
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.ok(), welcomed);
  return status;
}

v1::GetLedgerResponse Timeless(v1::GetLedgerResponse response) {
  for (v1::CollectorLedger& collector : *response.mutable_collectors()) {
    collector.clear_last_heard_unix_seconds();
    // Whether a stream is open depends on who just said Hello.
    collector.clear_connected();
  }
  return response;
}

v1::ListQuarantineResponse Timeless(v1::ListQuarantineResponse response) {
  for (v1::QuarantinedReport& report : *response.mutable_reports()) {
    report.clear_received_unix_seconds();
    report.clear_text();  // says how far ahead it is
  }
  return response;
}

OpenAggregator::OpenAggregator(const std::vector<std::string>& isps)
    : aggregator_(Started(ConfigOf(folder_.path(), ""), isps, [](const std::string&) {})),
      channel_(ChannelTo(aggregator_->grpc_address(), grpc::InsecureChannelCredentials())) {}

void OpenAggregator::Feed(const std::string& collector) { FeedTo(channel_, collector); }

SecuredAggregator::SecuredAggregator(const std::string& more)
    : server_tls_(
          authority_.Issue(folder_.path(), "server", {.alternative_names = testing::kLoopbackNames})) {
  const v1::TlsConfig& server = server_tls_;
  const v1::AggregatorConfig config =
      ConfigOf(folder_.path(), absl::StrCat(TlsText(server), kRegistry, more));
  aggregator_ = Started(config, {"isp-a", "isp-b"}, [this](const std::string& line) {
    const std::lock_guard lock(mutex_);
    said_.push_back(line);
  });

  grpc::SslCredentialsOptions without_certificate;
  without_certificate.pem_root_certs = authority_.certificate_pem();
  credentials_["no certificate"] = grpc::SslCredentials(without_certificate);
  const auto issue = [&](testing::CertificateAuthority& by, const std::string& peer, const std::string& file,
                         const std::string& names) {
    v1::TlsConfig tls = by.Issue(folder_.path(), file, {.alternative_names = names});
    tls.set_authorities_path(server.authorities_path());
    const auto credentials = MakeChannelCredentials(&tls);
    ASSERT_TRUE(credentials.ok()) << credentials.status();
    credentials_[peer] = *credentials;
  };
  issue(another_, "another authority's operator", "false-noc", "URI:kansoku:client/noc");
  issue(another_, "another authority's collector", "false-tokyo", "URI:kansoku:collector/tokyo");
  // A DNS name is not a name of ours, whatever it says.
  issue(authority_, "nameless", "nameless", "DNS:kansoku:client/ministry");
  issue(authority_, "unregistered client", "nobody", "URI:kansoku:client/nobody");
  issue(authority_, "unregistered collector", "kobe", "URI:kansoku:collector/kobe");
  issue(authority_, "collector tokyo", "tokyo", "URI:kansoku:collector/tokyo");
  issue(authority_, "collector osaka", "osaka", "URI:kansoku:collector/osaka");
  issue(authority_, "operator of isp-a", "noc", "URI:kansoku:client/noc");
  issue(authority_, "regulator", "ministry", "URI:kansoku:client/ministry");
  issue(authority_, "public", "web", "URI:kansoku:client/web");
}

void SecuredAggregator::Feed(const std::string& collector) {
  FeedTo(ChannelOf("collector " + collector), collector);
}

std::shared_ptr<grpc::Channel> SecuredAggregator::ChannelOf(const std::string& peer,
                                                            grpc::ChannelArguments own) {
  return ChannelTo(aggregator_->grpc_address(), credentials_.at(peer), std::move(own));
}

std::string SecuredAggregator::MetricOf(const std::string& name) const {
  httplib::Client client("http://" + aggregator_->metrics_address());
  const auto answer = client.Get("/metrics");
  if (!answer) return "no answer";
  std::istringstream lines(answer->body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
  }
  return "absent";
}

absl::Status SecuredAggregator::ReplaceRegistryWithout(const std::vector<std::string>& lines) {
  std::string registry = kRegistry;
  for (const std::string& line : lines) {
    const size_t at = registry.find(line);
    EXPECT_NE(at, registry.npos) << line;
    registry.erase(at, line.size());
  }
  return aggregator_->ReplaceRegistry(ConfigOf(folder_.path(), absl::StrCat(TlsText(server_tls_), registry)));
}

std::vector<std::string> SecuredAggregator::said() const {
  const std::lock_guard lock(mutex_);
  return said_;
}

}  // namespace kansoku::aggregator
