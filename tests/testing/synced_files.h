// SPDX-License-Identifier: Apache-2.0
//
// What a power loss leaves of files: this program's fsync() and fdatasync() note what each file held when it
// was last synced. What was written since may be on the disk or not, page by page.
#pragma once

#include <cstdint>
#include <string>

namespace kansoku::testing {

// Forgets what was synced so far.
void WatchSyncs();

// Copies the files of a folder as they may be after power was lost now: each page of 4096 octets as it was
// synced last or as it was written since, which a seed decides; 0: nothing that was not synced is there.
void LosePower(const std::string& folder, uint64_t seed, const std::string& copy);

}  // namespace kansoku::testing
