// SPDX-License-Identifier: Apache-2.0
//
// Fields that a newer version wrote and this one does not know. Pure functions; any thread.
#pragma once

#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// Whether the report holds any, at any depth.
bool HasUnknownFields(const v1::SequencedReport& report);

// Removes them. Costs next to nothing where there are none, unlike the message's own function, which enters a
// set for them into each of its parts.
void RemoveUnknownFields(v1::SequencedReport& report);

}  // namespace kansoku::aggregator
