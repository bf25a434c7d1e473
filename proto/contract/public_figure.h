// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kansoku/v1/figure.pb.h"

namespace kansoku {

// Takes away what of a published figure is for regulators. An ISP's late data makes another vintage, and
// what two vintages differ by is its octets; the error of what one ISP samples is its own. So `exact` goes,
// steps keep as many digits as the value has, those of a withheld figure go, and so does an error of few.
// `power_of_ten` is set in its place. Pure; any thread.
void KeepWhatIsPublic(v1::Figure& figure);

}  // namespace kansoku
