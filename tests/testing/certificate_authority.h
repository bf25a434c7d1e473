// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::testing {

// A certificate authority of the test's own.
class CertificateAuthority {
 public:
  struct Contents {
    // As openssl writes it: "URI:kansoku:client/x,DNS:localhost,IP:127.0.0.1".
    std::string alternative_names;
    absl::Time not_before = absl::FromUnixSeconds(1'700'000'000);  // 2023
    absl::Time not_after = absl::FromUnixSeconds(4'100'000'000);   // 2099
  };

  explicit CertificateAuthority(const std::string& name);
  ~CertificateAuthority();

  // Writes NAME.crt, NAME.key and NAME.authority.crt to the folder, each in one step over what was there. The
  // serial number is new each time.
  v1::TlsConfig Issue(const std::string& folder, const std::string& name, const Contents& contents);

  std::string certificate_pem() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// What the other program's server shows for `localhost` and 127.0.0.1.
inline constexpr char kLoopbackNames[] = "DNS:localhost,IP:127.0.0.1";

// The file appears, or changes, in one step.
void WriteInOneStep(const std::string& path, const std::string& text, unsigned mode = 0600);

}  // namespace kansoku::testing
