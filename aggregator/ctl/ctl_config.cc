// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/ctl_config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/config_text.h"
#include "proto/contract/loopback.h"

namespace kansoku::aggregator {

absl::StatusOr<v1::CtlConfig> LoadCtlConfig(const std::string& path) {
  std::ostringstream yaml;
  if (!path.empty()) {
    errno = 0;
    // Inserting the buffer, unlike iterating over it, does not throw on a folder.
    yaml << std::ifstream(path, std::ios::binary).rdbuf();
    if (errno != 0)
      return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  v1::CtlConfig config;
  const auto places = ParseConfig(yaml.str(), path, config);
  if (!places.ok()) return places.status();
  if (const absl::Status status = CheckAggregatorAddress(config.aggregator(), config.has_tls());
      !status.ok()) {
    return places->At("aggregator", std::string(status.message()));
  }
  return config;
}

absl::Status CheckAggregatorAddress(const std::string& address, bool has_tls) {
  const std::string complaint = FormatComplaint(v1::FORMAT_HOST_PORT, address);
  if (complaint.empty() && (has_tls || IsLoopback(address))) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", absl::Utf8SafeCHexEscape(address), "\": ",
      complaint.empty()
          ? "without tls in the configuration file plain text is spoken, so only loopback addresses "
            "are accepted"
          : complaint));
}

}  // namespace kansoku::aggregator
