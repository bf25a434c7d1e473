// SPDX-License-Identifier: Apache-2.0
//
// The charts of the white paper, from the published history with the measured figures after it. Pure; any
// thread.
#pragma once

#include "aggregator/publish/chart.h"
#include "aggregator/publish/language.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// In the manner of 図表Ⅱ-1-2-7: download of fixed and mobile subscribers, by month. Series that cannot be
// compared are lines of their own.
Chart TrafficChart(const Publication& publication, Language language);

// In the manner of 図表Ⅱ-1-10-3: packets at dark addresses, by year, and for each address.
Chart DarknetChart(const Publication& publication, Language language);

// In the manner of 図表Ⅱ-1-10-4: what these packets were after, by year.
Chart CategoryChart(const Publication& publication, Language language);

// The same as it was measured, by month: of the population that is shown (telescope_html.h).
Chart TelescopeChart(const Publication& publication, Language language);

}  // namespace kansoku::aggregator
