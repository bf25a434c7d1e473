// SPDX-License-Identifier: Apache-2.0
//
// Adding measurements: the one operation behind rollups over time, sums over points and answers to queries.
// It is associative and commutative, so the order of arrival never shows in a result. Any thread.
#pragma once

#include "kansoku/v1/report.pb.h"

namespace kansoku {

// Adds `from` to `into`. Both must be canonical (see below); the result is. Counters add modulo 2^64. A cell
// that is estimated in one of them is estimated in the result: what the other counted is certain.
void Merge(const v1::Measurement& from, v1::Measurement& into);
void Merge(const v1::Ledger& from, v1::Ledger& into);
void Merge(const v1::DarknetTally& from, v1::DarknetTally& into);  // of one key and set of rules
void Merge(const v1::SoftFlags& from, v1::SoftFlags& into);
void Merge(const v1::DarknetSubscribers& from, v1::DarknetSubscribers& into);
void Merge(const v1::Cell& from, v1::Cell& into);                  // whatever the class of `from`
void Merge(const v1::FlowStatistics& from, v1::FlowStatistics& into);

// Sorts every repeated field by its key and adds up entries of the same key, buckets of histograms and
// registers of sketches included.
void Canonicalize(v1::Measurement& measurement);

// True if every repeated field is sorted by its key and holds no key twice.
bool IsCanonical(const v1::Measurement& measurement);

// A measurement that says nothing but "one window of this point was lost".
v1::Measurement EvictedWindow();

}  // namespace kansoku
