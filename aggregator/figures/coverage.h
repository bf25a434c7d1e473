// SPDX-License-Identifier: Apache-2.0
//
// How much of the whole the contributors are (METRICS 3.3), and how many contracts the whole has. Pure; any
// thread.
#pragma once

#include "aggregator/figures/quantity.h"
#include "aggregator/figures/series_month.h"

namespace kansoku::aggregator {

// At whose end contracts are counted. Of the fixed series it is the last quarter before the month
// (METRICS 3.7, F8). The mobile statistics are of months that end a quarter, and their subscribers are of
// that quarter's end (METRICS 4): so of the mobile series it is the last quarter that ends with the month or
// before it.
Month ContractsQuarter(v1::Series series, Month month);

// The share of the register's basis that coverage.csv has for the month; else, of contracts, those of the
// month's members among all. Withheld: a row is missing, and which; a share that is not above 0 and at
// most 1.
Quantity CoverageOf(const SeriesMonth& month);

// Contracts of the whole market. Withheld: the row is missing, or 0.
Quantity MarketContracts(const SeriesMonth& month);

}  // namespace kansoku::aggregator
