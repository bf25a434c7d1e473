// SPDX-License-Identifier: Apache-2.0
//
// Who may say and read what: from the URIs of a peer's certificate and the registry to what it is allowed.
// The services ask here, and nowhere else.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
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
  // What fewer ISPs contribute to is not for this one, nor what would tell it by subtraction.
  uint32_t fewest_isps = 1;
  // The same of what is asked for as it may be published, whoever asks.
  uint32_t fewest_isps_of_public = 1;
  bool published_only = false;  // neither measurements nor what became of them

  // Which addresses are dark is the secret of whoever watches them, whose numbers others may know or not.
  bool sees_dark_prefixes() const { return isp.has_value() || client.empty(); }

  // Exact values of published figures are for who oversees all ISPs (proto/contract/public_figure.h).
  bool sees_exact_values() const { return !isp.has_value() && !published_only; }
};

// Any thread.
class AccessControl {
 public:
  // For plain text on loopback: nobody can be told apart, and everyone may do everything.
  static AccessControl Open() { return AccessControl(nullptr); }
  // A registry that CheckRegistry accepted.
  static AccessControl By(const v1::RegistryConfig& registry);

  // From now on. Not of an open one.
  void Replace(const v1::RegistryConfig& registry);

  // What fewer ISPs contribute to is withheld from somebody who oversees them all. 1: nothing is, or there is
  // nobody.
  uint32_t FewestIspsOfRegulators() const;

  // Whose share of what is there for all a peer takes: its name, or one that all without a name have. Nothing
  // where nobody can be told apart.
  std::optional<std::string> HolderOf(std::span<const std::string> uris) const;

  // `uris`: those among the subject alternative names of the peer's verified certificate. UNAUTHENTICATED: it
  // does not say whose it is. PERMISSION_DENIED says what is not allowed, and why.
  absl::Status MayReport(std::span<const std::string> uris, const v1::Hello& hello) const;
  absl::StatusOr<ReadScope> MayRead(std::span<const std::string> uris) const;
  // The same of what may be published, which is for every client: those who may read nothing else, too.
  absl::StatusOr<ReadScope> MayReadPublished(std::span<const std::string> uris) const;

 private:
  struct Collector {
    std::string isp;
    absl::flat_hash_set<std::string> points;
  };
  struct Client {
    v1::Role role = v1::ROLE_UNSPECIFIED;
    std::string isp;
  };

  struct Rules {
    explicit Rules(const v1::RegistryConfig& registry);

    absl::flat_hash_map<std::string, Collector> collectors;
    absl::flat_hash_map<std::string, Client> clients;
    uint32_t fewest_isps = 1;
  };

  explicit AccessControl(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
  std::shared_ptr<const Rules> rules() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Rules> rules_;  // guarded by mutex_; none: open
};

}  // namespace kansoku::aggregator
