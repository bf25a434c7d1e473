// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/tls_buffers.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

namespace kansoku {
namespace {

TEST(TlsBuffers, AreReleasedByConnectionsThatOthersMake) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()), SSL_CTX_free);
  const auto mode = [&context] {
    const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context.get()), SSL_free);
    return SSL_get_mode(connection.get()) & SSL_MODE_RELEASE_BUFFERS;
  };
  EXPECT_EQ(mode(), 0);
  ReleaseIdleTlsBuffers();
  EXPECT_EQ(mode(), SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace
}  // namespace kansoku
