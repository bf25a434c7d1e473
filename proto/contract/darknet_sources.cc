// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/darknet_sources.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "proto/contract/merge_sorted.h"

namespace kansoku {
namespace {

void Add(const v1::ScanMarks& from, v1::ScanMarks& into) {
  into.set_mirai(into.mirai() + from.mirai());
  into.set_zmap(into.zmap() + from.zmap());
  into.set_masscan(into.masscan() + from.masscan());
  into.set_nmap(into.nmap() + from.nmap());
  into.set_unicornscan(into.unicornscan() + from.unicornscan());
  into.set_pairs(into.pairs() + from.pairs());
}

void Add(const v1::PortPackets& from, v1::PortPackets& into) {
  into.set_packets(into.packets() + from.packets());
}

void Add(const v1::DarknetSource& from, v1::DarknetSource& into) {
  into.set_probe_packets(into.probe_packets() + from.probe_packets());
  MergeSorted(
      from.ports(), *into.mutable_ports(),
      [](const v1::PortPackets& port) { return std::tuple(port.protocol(), port.port()); },
      [](const v1::PortPackets& port, v1::PortPackets& sum) { Add(port, sum); });
  into.set_further_packets(into.further_packets() + from.further_packets());
  into.set_backscatter_packets(into.backscatter_packets() + from.backscatter_packets());
  into.set_other_packets(into.other_packets() + from.other_packets());
  into.set_tcp_syns(into.tcp_syns() + from.tcp_syns());
  if (from.has_marks()) Add(from.marks(), *into.mutable_marks());
  into.set_addresses(into.addresses() | from.addresses());
  into.set_lists(into.lists() | from.lists());
  into.set_family(std::max(into.family(), from.family()));  // which one, whoever says it
}

bool HasListsOf(const v1::DarknetSources& a, const v1::DarknetSources& b) {
  return std::equal(a.lists().begin(), a.lists().end(), b.lists().begin(), b.lists().end(),
                    [](const v1::SurveyList& x, const v1::SurveyList& y) {
                      return x.name() == y.name() && x.version() == y.version();
                    });
}

absl::Status NotTheSame(const v1::DarknetSources& sources, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat("sources of sensor ", sources.sensor(), ": ", what,
                                                    "; they can only be told apart, not added up"));
}

}  // namespace

absl::Status Merge(const v1::DarknetSources& from, v1::DarknetSources& into) {
  if (into.source_key() == 0) {
    into = from;
    return absl::OkStatus();
  }
  if (from.source_key() != into.source_key()) return NotTheSame(from, "were hashed with another key");
  if (from.rules() != into.rules()) {
    return NotTheSame(from,
                      absl::StrCat("were judged by rules ", from.rules(), ", the others by ", into.rules()));
  }
  if (!HasListsOf(from, into)) return NotTheSame(from, "were looked up in other survey lists");
  MergeSorted(
      from.sources(), *into.mutable_sources(), [](const v1::DarknetSource& source) { return source.id(); },
      [](const v1::DarknetSource& source, v1::DarknetSource& sum) { Add(source, sum); });
  into.set_further_packets(into.further_packets() + from.further_packets());
  into.set_most_of_one(into.most_of_one() + from.most_of_one());
  return absl::OkStatus();
}

uint64_t EstimateAddresses(uint64_t bitmap) {
  constexpr int kParts = 64;
  const int zeros = std::max(1, kParts - std::popcount(bitmap));
  return static_cast<uint64_t>(std::lround(kParts * std::log(static_cast<double>(kParts) / zeros)));
}

}  // namespace kansoku
