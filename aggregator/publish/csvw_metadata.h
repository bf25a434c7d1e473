// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// data/csv-metadata.json: the tables as a group of W3C's CSV on the Web, found by its readers beside the
// tables. Pure; any thread.
std::string CsvwMetadata(const Publication& publication);

}  // namespace kansoku::aggregator
