// SPDX-License-Identifier: Apache-2.0
//
// The certificates of a round, and the registry that knows their names: an aggregator, its collectors, and
// somebody who may read everything.
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/config.pb.h"
#include "tests/testing/certificate_authority.h"

namespace kansoku::testing {

class RoundCertificates {
 public:
  // In a folder of its own, which must be there. Each collector may report for "NAME-left" and "NAME-right".
  RoundCertificates(std::string folder, std::vector<std::string> collectors);

  // New keys and certificates for everyone, in the places of the old ones.
  void Rotate();

  v1::TlsConfig of_collector(const std::string& name) const { return PathsOf(name); }
  v1::TlsConfig of_reader() const { return PathsOf("reader"); }
  std::string AggregatorYaml() const;  // the keys `tls` and `registry`

 private:
  v1::TlsConfig PathsOf(const std::string& name) const;

  const std::string folder_;
  const std::vector<std::string> collectors_;
  CertificateAuthority authority_{"authority"};
};

}  // namespace kansoku::testing
