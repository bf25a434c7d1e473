// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/meant_revision.h"

#include <set>

#include "proto/contract/deterministic_bytes.h"

namespace kansoku::aggregator {

std::vector<v1::MeantRevision> NewRevisions(const v1::Statistics& before, const v1::Statistics& now,
                                            v1::Series series, const std::string& month) {
  std::set<std::string> known;
  for (const v1::MeantRevision& revision : before.register_().revisions()) {
    known.insert(DeterministicBytes(revision));
  }
  std::vector<v1::MeantRevision> revisions;
  for (const v1::MeantRevision& revision : now.register_().revisions()) {
    if (revision.series() != series || revision.month() != month) continue;
    if (!known.contains(DeterministicBytes(revision))) revisions.push_back(revision);
  }
  return revisions;
}

}  // namespace kansoku::aggregator
