// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "aggregator/figures/group_month.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// How the subscribers' traffic of those contributors grew that are measured in both months, whatever breaks
// lie between and whatever their share is: the growth of their mean rates. fixed_download_growth,
// fixed_upload_growth (not of the total), or mobile_growth by direction; labelled with the lag and noted as
// MATCHED_PANEL. Its steps are the two rates. Both inputs are of the same series, of valid months and of what
// the register asks for. Withheld: the rate of a month is, with what withholds it; the earlier one is 0; the
// panel would tell of few (panel_members.h). Pure; any thread.
v1::Figure MatchedPanelGrowth(const v1::MonthInputs& earlier, const v1::MonthInputs& later,
                              const v1::Statistics& statistics, Flow flow);

}  // namespace kansoku::aggregator
