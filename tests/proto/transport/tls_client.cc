// SPDX-License-Identifier: Apache-2.0
#include "tests/proto/transport/tls_client.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace kansoku::testing {

std::optional<Handshake> Shake(int port, int version, const v1::TlsConfig& tls) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  SSL_CTX_clear_options(context.get(), SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  SSL_CTX_use_certificate_chain_file(context.get(), tls.certificate_path().c_str());
  SSL_CTX_use_PrivateKey_file(context.get(), tls.key_path().c_str(), SSL_FILETYPE_PEM);
  constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof(kHttp2));
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_new_ssl_connect(context.get()),
                                                                 BIO_free_all);
  BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  if (BIO_do_handshake(connection.get()) != 1) return std::nullopt;
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  return Handshake{SSL_version(ssl),
                   ASN1_INTEGER_get(X509_get0_serialNumber(SSL_get0_peer_certificate(ssl)))};
}

}  // namespace kansoku::testing
