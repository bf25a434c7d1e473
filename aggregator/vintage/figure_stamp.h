// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// Puts figures as they were computed into the vintage; each says which vintage it is of.
void PutFigures(std::vector<v1::Figure> figures, v1::Vintage& vintage);

}  // namespace kansoku::aggregator
