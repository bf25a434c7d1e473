// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl figures`. Pure; any thread.
#pragma once

#include <string>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Rates and volumes carry a prefix, other values are as published, estimates with their standard error; a
// withheld one says why.
std::string ToText(const v1::GetFiguresRequest& request, const v1::GetFiguresResponse& response);

// Values as published, with method and quality. Labels are "key=value", sorted, joined by semicolons.
std::string ToCsv(const v1::GetFiguresRequest& request, const v1::GetFiguresResponse& response);

// What ToText says of the value: "38.90 Tbit/s ± 1.25 Gbit/s", "1,234,567 packets", "withheld".
std::string ValueText(const v1::Figure& figure);

}  // namespace kansoku::aggregator
