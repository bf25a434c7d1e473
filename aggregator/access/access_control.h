// SPDX-License-Identifier: Apache-2.0
//
// Who may say and read what: from the URIs of a peer's certificate and the registry to what it is allowed.
// The services ask here, and nowhere else.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// Who reads, and what it sees.
struct ReadScope {
  std::string client;                   // as the registry has it; empty where nobody can be told apart
  std::optional<std::string> isp = {};  // this one's points only; without it all
};

// A value that never changes; any thread.
class AccessControl {
 public:
  // For plain text on loopback: nobody can be told apart, and everyone may do everything.
  static AccessControl Open() { return AccessControl(); }
  // A registry that CheckRegistry accepted.
  static AccessControl By(const v1::RegistryConfig& registry);

  // `uris`: those among the subject alternative names of the peer's verified certificate. UNAUTHENTICATED: it
  // does not say whose it is. PERMISSION_DENIED says what is not allowed, and why.
  absl::Status MayReport(std::span<const std::string> uris, const v1::Hello& hello) const;
  absl::StatusOr<ReadScope> MayRead(std::span<const std::string> uris) const;

 private:
  struct Collector {
    std::string isp;
    absl::flat_hash_set<std::string> points;
  };
  struct Client {
    v1::Role role = v1::ROLE_UNSPECIFIED;
    std::string isp;
  };

  AccessControl() = default;

  bool is_open_ = true;
  absl::flat_hash_map<std::string, Collector> collectors_;
  absl::flat_hash_map<std::string, Client> clients_;
};

}  // namespace kansoku::aggregator
