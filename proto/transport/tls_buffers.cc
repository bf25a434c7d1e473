// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/tls_buffers.h"

#include <openssl/ssl.h>

namespace kansoku {
namespace {

void Release(void* connection, void* /*data*/, CRYPTO_EX_DATA* /*all_data*/, int /*index*/, long /*argument*/,
             void* /*pointer*/) {
  SSL_set_mode(static_cast<SSL*>(connection), SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

void ReleaseIdleTlsBuffers() {
  // Data of ours that every connection has: OpenSSL tells of each connection that is made.
  static const int index = SSL_get_ex_new_index(0, nullptr, Release, nullptr, nullptr);
  static_cast<void>(index);
}

}  // namespace kansoku
