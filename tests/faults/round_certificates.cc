// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/round_certificates.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {

RoundCertificates::RoundCertificates(std::string folder, std::vector<std::string> collectors)
    : folder_(std::move(folder)), collectors_(std::move(collectors)) {
  Rotate();
}

void RoundCertificates::Rotate() {
  authority_.Issue(folder_, "aggregator", {.alternative_names = kLoopbackNames});
  authority_.Issue(folder_, "reader", {.alternative_names = "URI:kansoku:client/reader"});
  for (const std::string& name : collectors_) {
    authority_.Issue(folder_, name, {.alternative_names = "URI:kansoku:collector/" + name});
  }
}

std::string RoundCertificates::AggregatorYaml() const {
  const v1::TlsConfig tls = PathsOf("aggregator");
  std::string yaml =
      absl::StrCat("tls: {certificate_path: ", tls.certificate_path(), ", key_path: ", tls.key_path(),
                   ", authorities_path: ", tls.authorities_path(),
                   "}\nregistry:\n  clients: [{name: reader, role: regulator}]\n  collectors:\n");
  for (const std::string& name : collectors_) {
    absl::StrAppend(&yaml, "    - {name: ", name, ", isp: test-isp, points: [", name, "-left, ", name,
                    "-right]}\n");
  }
  return yaml;
}

v1::TlsConfig RoundCertificates::PathsOf(const std::string& name) const {
  v1::TlsConfig tls;
  tls.set_certificate_path(absl::StrCat(folder_, "/", name, ".crt"));
  tls.set_key_path(absl::StrCat(folder_, "/", name, ".key"));
  tls.set_authorities_path(absl::StrCat(folder_, "/", name, ".authority.crt"));
  return tls;
}

}  // namespace kansoku::testing
