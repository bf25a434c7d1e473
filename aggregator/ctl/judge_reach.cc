// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/judge_reach.h"

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

Stage NotReached(const absl::Status& status, std::string remedy) {
  return {"reach", Verdict::kBroken, std::string(status.message()), std::move(remedy)};
}

}  // namespace

Stage JudgeReach(const Server& server, const Reached& reached) {
  if (!reached.name.ok()) {
    return NotReached(
        reached.name,
        "correct the host in --aggregator or the configuration file, or the name's entry in DNS");
  }
  if (!reached.connection.ok()) {
    return NotReached(reached.connection,
                      "start the aggregator (systemctl status kansoku-aggregator), compare its `listen` with "
                      "this address, and look for a firewall between");
  }
  if (!reached.answer.ok()) {
    return NotReached(
        reached.answer,
        server.tls.has_value()
            ? "compare the authorities of both sides, the names in the aggregator's certificate "
              "and the times for which the certificates hold"
            : "if it speaks TLS, name a certificate under `tls` in the configuration file");
  }
  if (!reached.role.ok()) {
    return NotReached(
        reached.role,
        "have the registry name this certificate's client as operator or regulator, or ask with "
        "another certificate");
  }
  return {"reach", Verdict::kOk,
          absl::StrCat(server.address, " answers ", server.tls.has_value() ? "in TLS" : "in plain text"), ""};
}

Stage JudgeStore(const absl::StatusOr<bool>& takes_reports) {
  if (!takes_reports.ok()) return NotAnswered("store", takes_reports.status());
  if (*takes_reports) return {"store", Verdict::kOk, "can be written", ""};
  return {
      "store", Verdict::kBroken, "cannot be written: no report is acknowledged, and spools grow",
      "look at the disk of store_path: is it full, read-only or failing? The aggregator goes on by itself"};
}

}  // namespace kansoku::aggregator
