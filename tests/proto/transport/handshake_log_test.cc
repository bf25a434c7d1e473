// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/handshake_log.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "proto/transport/credentials.h"
#include "tests/proto/transport/tls_client.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/temp_dir.h"

namespace kansoku {
namespace {

using testing::CertificateAuthority;

// gRPC's log is the process's, so one test says it all.
TEST(HandshakeLog, SaysWhyAConnectionWasRefusedAndCountsEachOne) {
  std::vector<std::string>& said = *new std::vector<std::string>;  // gRPC may speak after the test
  ListenToHandshakes([&said](const std::string& line) { said.push_back(line); });

  const testing::TempDir folder;
  CertificateAuthority authority("authority"), another("another authority");
  const v1::TlsConfig tls =
      authority.Issue(folder.path(), "server", {.alternative_names = testing::kLoopbackNames});
  v1::TlsConfig stranger = another.Issue(folder.path(), "stranger", {});
  stranger.set_authorities_path(tls.authorities_path());
  v1::Query::CallbackService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", *MakeServerCredentials(&tls), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();

  // Each returns when the server has ended the connection, after it has logged why.
  const auto call = [port](const v1::TlsConfig* credentials) {
    const auto stub = v1::Query::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), *MakeChannelCredentials(credentials)));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::ListPointsResponse response;
    return stub->ListPoints(&context, {}, &response).error_code();
  };
  EXPECT_EQ(call(&stranger), grpc::StatusCode::UNAVAILABLE);
  const uint64_t of_stranger = FailedHandshakes();
  EXPECT_GE(of_stranger, 1u);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0],
            "a TLS handshake failed: the other side's certificate has expired, or is of no authority in "
            "authorities_path (Handshake failed with fatal error SSL_ERROR_SSL: error:0A000086:SSL "
            "routines::certificate verify failed.)");

  EXPECT_EQ(call(&stranger), grpc::StatusCode::UNAVAILABLE);
  EXPECT_GT(FailedHandshakes(), of_stranger);
  EXPECT_EQ(said.size(), 1u);  // within the same minute

  EXPECT_FALSE(testing::Shake(port, TLS1_2_VERSION, tls).has_value());
  ASSERT_EQ(said.size(), 2u);
  EXPECT_NE(said[1].find("the other side cannot speak TLS 1.3"), std::string::npos) << said[1];

  const uint64_t failed = FailedHandshakes();
  gpr_log("somewhere.cc", 1, GPR_LOG_SEVERITY_ERROR, "something else");
  EXPECT_EQ(said.back(), "gRPC: something else");
  EXPECT_EQ(FailedHandshakes(), failed);
  server->Shutdown();
}

}  // namespace
}  // namespace kansoku
