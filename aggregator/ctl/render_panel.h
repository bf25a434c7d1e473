// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl figures panel`. Pure; any thread.
#pragma once

#include <string>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Which vintages of which months are compared, then a row for each direction.
std::string ToText(const v1::GetMatchedPanelRequest& request, const v1::GetMatchedPanelResponse& response);

// The columns of other figures of months, and the month and vintage that each is compared with.
std::string ToCsv(const v1::GetMatchedPanelRequest& request, const v1::GetMatchedPanelResponse& response);

}  // namespace kansoku::aggregator
