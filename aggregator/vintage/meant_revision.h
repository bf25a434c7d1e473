// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {

// The revisions of a series and month that `now` means and `before` did not. One that the vintage was already
// computed with has had its effect: it must not let later changes pass. Pure.
std::vector<v1::MeantRevision> NewRevisions(const v1::Statistics& before, const v1::Statistics& now,
                                            v1::Series series, const std::string& month);

}  // namespace kansoku::aggregator
