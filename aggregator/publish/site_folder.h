// SPDX-License-Identifier: Apache-2.0
//
// A site on disk. Readers see the old one or the new one, and never half of either.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// Writes a folder beside `folder`, then puts it in its place. What stands there is replaced only if it is a
// site: a folder of which SHA256SUMS lists every file; else FAILED_PRECONDITION, and nothing is touched.
absl::Status WriteSite(const std::vector<SiteFile>& files, const std::string& folder);

}  // namespace kansoku::aggregator
