// SPDX-License-Identifier: Apache-2.0
//
// Which addresses are dark is the secret of whoever watches them: who sends to others alone is not seen
// there. Everybody else is answered without. Pure; any thread.
#pragma once

#include <algorithm>

#include "aggregator/figures/figure_catalog.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/quarantine.pb.h"

namespace kansoku::aggregator {

// `Figures`: a vector or a repeated field of them.
template <typename Figures>
void LeaveOutPrefixes(Figures& figures) {
  const auto is_of_prefix = [](const v1::Figure& figure) {
    return figure.id() == aggregator::figures::kDarknetPrefixAddressSeconds.id;
  };
  figures.erase(std::remove_if(figures.begin(), figures.end(), is_of_prefix), figures.end());
}

inline void LeaveOutPrefixes(v1::QuarantinedReport& report) {
  if (!report.report().has_report()) return;
  v1::Measurement& measurement = *report.mutable_report()->mutable_report()->mutable_measurement();
  for (v1::DarknetTally& tally : *measurement.mutable_darknet()) tally.clear_prefixes();
}

}  // namespace kansoku::aggregator
