// SPDX-License-Identifier: Apache-2.0
//
// Everything a site consists of. No clock: what the same publication and key give is the same to the byte.
// Any thread.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/publish/checksums.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// Not signed if `key` is null. What of the figures is for regulators is left out, whoever asked for them.
// INVALID_ARGUMENT for figures that cannot be published.
absl::StatusOr<std::vector<SiteFile>> MakeSite(Publication publication, const SigningKey* key);

}  // namespace kansoku::aggregator
