// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku {

// Whether the three files can be used now: there, readable, PEM, in their period of validity, the key that of
// the certificate and closed to other users. gRPC itself would only log what is wrong, and refuse every
// connection. NOT_FOUND or FAILED_PRECONDITION says key, path and what to do. Any thread.
absl::Status CheckCertificateFiles(const v1::TlsConfig& tls, absl::Time now);

// When the first of the certificates in a file ends: from then on the file cannot be used. Errors as above.
// Any thread.
absl::StatusOr<absl::Time> CertificateExpiry(const std::string& certificate_path);

// The same of certificates in PEM; none if the text holds none, or is damaged. Any thread.
std::optional<absl::Time> PemExpiry(const std::string& text);

}  // namespace kansoku
