// SPDX-License-Identifier: Apache-2.0
//
// Over real connections on loopback, with gRPC's client and with one that is not gRPC's.
#include "proto/transport/credentials.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "tests/proto/transport/tls_client.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/temp_dir.h"

namespace kansoku {
namespace {

using testing::CertificateAuthority;
using testing::Handshake;
using testing::Shake;

class CredentialsTest : public ::testing::Test {
 protected:
  CredentialsTest() {
    const auto credentials = MakeServerCredentials(&server_tls_, absl::Seconds(1));
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    grpc::ServerBuilder builder;
    builder.AddListeningPort("0.0.0.0:0", *credentials, &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~CredentialsTest() override { server_->Shutdown(); }

  // The service answers every call with UNIMPLEMENTED: whoever sees that was let in.
  grpc::StatusCode Call(const std::string& host, const v1::TlsConfig* tls) {
    const auto credentials = MakeChannelCredentials(tls);
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    return CallWith(host, *credentials);
  }
  grpc::StatusCode CallWith(const std::string& host,
                            const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    grpc::ChannelArguments own;
    own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto stub =
        v1::Query::NewStub(grpc::CreateCustomChannel(absl::StrCat(host, ":", port_), credentials, own));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::ListPointsResponse response;
    return stub->ListPoints(&context, {}, &response).error_code();
  }

  // Whether `holds` comes true while the server looks at its files again.
  template <typename Holds>
  bool Comes(const Holds& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
      if (holds()) return true;
    }
    return false;
  }

  testing::TempDir folder_;
  CertificateAuthority authority_{"authority"};
  CertificateAuthority stranger_{"another authority"};
  const v1::TlsConfig server_tls_ =
      authority_.Issue(folder_.path(), "server", {.alternative_names = testing::kLoopbackNames});
  const v1::TlsConfig client_tls_ =
      authority_.Issue(folder_.path(), "client", {.alternative_names = "URI:kansoku:client/x"});
  v1::Query::CallbackService service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

TEST_F(CredentialsTest, BothSidesOfOneAuthorityTalk) {
  EXPECT_EQ(Call("127.0.0.1", &client_tls_), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Call("localhost", &client_tls_), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(CredentialsTest, Tls13IsSpokenAndTls12IsNot) {
  const std::optional<Handshake> newest = Shake(port_, TLS1_3_VERSION, client_tls_);
  ASSERT_TRUE(newest.has_value());
  EXPECT_EQ(newest->version, TLS1_3_VERSION);
  EXPECT_FALSE(Shake(port_, TLS1_2_VERSION, client_tls_).has_value());
}

TEST_F(CredentialsTest, PlainTextIsNotAnswered) {
  EXPECT_EQ(Call("127.0.0.1", nullptr), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AClientOfAnotherAuthorityIsRefused) {
  v1::TlsConfig tls =
      stranger_.Issue(folder_.path(), "stranger", {.alternative_names = "URI:kansoku:client/x"});
  tls.set_authorities_path(client_tls_.authorities_path());
  EXPECT_EQ(Call("127.0.0.1", &tls), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AClientWithoutACertificateIsRefused) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority_.certificate_pem();
  EXPECT_EQ(CallWith("127.0.0.1", grpc::SslCredentials(options)), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AServerOfAnotherAuthorityIsRefused) {
  v1::TlsConfig tls = client_tls_;
  tls.set_authorities_path(
      stranger_.Issue(folder_.path(), "stranger", {.alternative_names = ""}).authorities_path());
  EXPECT_EQ(Call("127.0.0.1", &tls), grpc::StatusCode::UNAVAILABLE);
}

// Else each collector of the authority could play the aggregator.
TEST_F(CredentialsTest, AServerThatIsNotTheHostCalledIsRefused) {
  EXPECT_EQ(Call("127.0.0.2", &client_tls_), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, ARunningServerShowsItsNewCertificate) {
  const std::optional<Handshake> before = Shake(port_, TLS1_3_VERSION, client_tls_);
  ASSERT_TRUE(before.has_value());
  authority_.Issue(folder_.path(), "server", {.alternative_names = testing::kLoopbackNames});
  EXPECT_TRUE(Comes([&] {
    const std::optional<Handshake> now = Shake(port_, TLS1_3_VERSION, client_tls_);
    return now.has_value() && now->serial > before->serial;
  }));
  EXPECT_EQ(Call("127.0.0.1", &client_tls_), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(CredentialsTest, ARunningServerAcceptsAnAuthorityThatJoined) {
  v1::TlsConfig tls =
      stranger_.Issue(folder_.path(), "stranger", {.alternative_names = "URI:kansoku:client/x"});
  tls.set_authorities_path(client_tls_.authorities_path());
  ASSERT_EQ(Call("127.0.0.1", &tls), grpc::StatusCode::UNAVAILABLE);
  testing::WriteInOneStep(server_tls_.authorities_path(),
                          authority_.certificate_pem() + stranger_.certificate_pem());
  EXPECT_TRUE(Comes([&] { return Call("127.0.0.1", &tls) == grpc::StatusCode::UNIMPLEMENTED; }));
}

}  // namespace
}  // namespace kansoku
