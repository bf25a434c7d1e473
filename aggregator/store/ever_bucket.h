// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// Makes a sum one for Tier::kEver, of whose sensors packets alone are asked: adds up their tallies whatever
// the key and the rules, and drops the sketches. A key that changes with the month would otherwise grow the
// bucket for good. Canonical before and after.
void MakeEver(v1::Measurement& measurement);

}  // namespace kansoku::aggregator
