// SPDX-License-Identifier: Apache-2.0
//
// Aggregators with the windows of two ISPs, and everyone who might come to them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aggregator/aggregator.h"
#include "kansoku/v1/admin.grpc.pb.h"
#include "kansoku/v1/ingest.grpc.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::aggregator {

// What each of the two collectors, tokyo of isp-a and osaka of isp-b, reports from kSampleStart on; and one
// report more, which goes to quarantine.
inline constexpr int kSampleWindows = 30;

// What both have published of a month before, and of the same a year before that, made up.
inline constexpr char kPublishedMonth[] = "2024-10";
inline constexpr char kPublishedEarlier[] = "2023-10";

// A day of their telescopes: of everyone's, and of isp-a's alone.
inline constexpr char kTelescopeDay[] = "2024-10-31";

// What is dark, of all sensors: 203.0.113.0/24.
inline constexpr uint32_t kDarkPrefix = 0xcb007100;

// Of a collector with one point of its own name.
v1::Hello HelloOf(const std::string& collector, const std::string& isp);

// The darknet sensor of a point.
std::string SensorOf(const std::string& point);

// Says Hello and leaves again: OK after a welcome, else why the stream ended.
grpc::Status Greet(const std::shared_ptr<grpc::Channel>& channel, const v1::Hello& hello);

// Without what depends on when it was asked.
template <typename Response>
Response Timeless(Response response) {
  return response;
}
v1::GetLedgerResponse Timeless(v1::GetLedgerResponse response);
v1::ListQuarantineResponse Timeless(v1::ListQuarantineResponse response);

// Plain text: everyone may do everything.
class OpenAggregator {
 public:
  // With a day of these ISPs' telescopes.
  explicit OpenAggregator(const std::vector<std::string>& isps = {"isp-a", "isp-b"});
  // The windows of one collector, until they are acknowledged.
  void Feed(const std::string& collector);
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  testing::TempDir folder_;
  std::unique_ptr<Aggregator> aggregator_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Mutual TLS, with both collectors and clients of every role in its registry.
class SecuredAggregator {
 public:
  // `more` goes to the end of the configuration; its last section is the registry.
  explicit SecuredAggregator(const std::string& more = "  fewest_isps: 1\n");
  void Feed(const std::string& collector);  // with its certificate
  // By the names of the matrix.
  std::shared_ptr<grpc::Channel> ChannelOf(const std::string& peer, grpc::ChannelArguments own = {});
  std::string MetricOf(const std::string& name) const;
  std::vector<std::string> said() const;
  // As on SIGHUP, from a file without these lines of the registry.
  absl::Status ReplaceRegistryWithout(const std::vector<std::string>& lines);

 private:
  testing::TempDir folder_;
  testing::CertificateAuthority authority_{"authority"};
  testing::CertificateAuthority another_{"another authority"};
  v1::TlsConfig server_tls_;
  mutable std::mutex mutex_;
  std::vector<std::string> said_;  // guarded by mutex_
  std::map<std::string, std::shared_ptr<grpc::ChannelCredentials>> credentials_;
  std::unique_ptr<Aggregator> aggregator_;
};

}  // namespace kansoku::aggregator
