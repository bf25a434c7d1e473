// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/repeated_field.h>

#include <algorithm>

namespace kansoku {

// Adds the entries of one list to another by key, linear in both: `key` of an entry rises in either, and
// `add` adds an entry to the one of the same key. New keys are appended and moved to their place once, at the
// end. Pure; any thread.
template <typename Entry, typename Key, typename Add>
void MergeSorted(const google::protobuf::RepeatedPtrField<Entry>& from,
                 google::protobuf::RepeatedPtrField<Entry>& into, Key key, Add add) {
  const int known = into.size();
  int at = 0;
  for (const Entry& entry : from) {
    while (at < known && key(into.Get(at)) < key(entry)) ++at;
    if (at < known && key(into.Get(at)) == key(entry)) {
      add(entry, *into.Mutable(at));
    } else {
      *into.Add() = entry;
    }
  }
  if (into.size() == known) return;
  std::inplace_merge(into.pointer_begin(), into.pointer_begin() + known, into.pointer_end(),
                     [&](const Entry* a, const Entry* b) { return key(*a) < key(*b); });
}

}  // namespace kansoku
