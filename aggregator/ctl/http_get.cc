// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/http_get.h"

#include <httplib.h>

#include <csignal>

namespace kansoku::aggregator {
namespace {

std::string Why(httplib::Error error, bool is_tls) {
  switch (error) {
    case httplib::Error::Connection:
      return "nobody listens there";
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return "no TLS connection: one side does not accept the other's certificate";
    case httplib::Error::Read:
    case httplib::Error::Write:
      return is_tls ? "no answer in time, or it wants another certificate" : "no answer in time";
    default:
      return httplib::to_string(error);
  }
}

// A server that refuses a client's certificate ends a connection of TLS 1.3 while the question is still being
// written.
class WithoutBrokenPipes {
 public:
  WithoutBrokenPipes() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~WithoutBrokenPipes() { std::signal(SIGPIPE, before_); }
  WithoutBrokenPipes(const WithoutBrokenPipes&) = delete;
  WithoutBrokenPipes& operator=(const WithoutBrokenPipes&) = delete;

 private:
  void (*before_)(int);
};

}  // namespace

HttpAnswer HttpGet(const Server& server, const std::string& url, const std::string& path) {
  const bool has_tls = server.tls.has_value();
  httplib::Client client(url, has_tls ? server.tls->certificate_path() : "",
                         has_tls ? server.tls->key_path() : "");
  if (has_tls) client.set_ca_cert_path(server.tls->authorities_path());
  client.set_connection_timeout(server.timeout_seconds);
  client.set_read_timeout(server.timeout_seconds);
  const WithoutBrokenPipes no_signal;
  const httplib::Result answer = client.Get(path);
  if (!answer) return {.error = Why(answer.error(), url.starts_with("https:"))};
  return {.status = answer->status, .body = answer->body};
}

}  // namespace kansoku::aggregator
