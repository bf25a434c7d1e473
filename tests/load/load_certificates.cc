// SPDX-License-Identifier: Apache-2.0
//
// Certificates of one authority for an aggregator on this machine and for each simulated collector, in a
// folder. As deploy/certificates makes them, in one process: ten thousand take seconds.
#include <CLI/CLI.hpp>
#include <string>

#include "tests/testing/certificate_authority.h"

int main(int argc, char** argv) {
  CLI::App app("Certificates for an aggregator and for simulated collectors.", "load_certificates");
  std::string folder;
  int collectors = 0;
  app.add_option("--folder", folder, "Where they go")->required()->check(CLI::ExistingDirectory);
  app.add_option("--collectors", collectors, "For how many")->required();
  CLI11_PARSE(app, argc, argv);

  kansoku::testing::CertificateAuthority authority("load");
  authority.Issue(folder, "aggregator", {.alternative_names = kansoku::testing::kLoopbackNames});
  for (int i = 0; i < collectors; ++i) {
    const std::string name = "load-" + std::to_string(i);
    authority.Issue(folder, name, {.alternative_names = "URI:kansoku:collector/" + name});
  }
}
