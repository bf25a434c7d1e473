// SPDX-License-Identifier: Apache-2.0
//
// Decimals are strings, as a reader that takes them for floating-point numbers would lose digits; a cell that
// is empty is left out. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/publish/data_table.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// The figures of months, and in what unit and power of ten their values are; exact values are not public.
std::string FiguresJson(const Publication& publication);

// Any table of the publication.
std::string OpenDataJson(const Publication& publication, const DataTable& table);

}  // namespace kansoku::aggregator
