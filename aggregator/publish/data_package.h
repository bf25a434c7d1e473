// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// datapackage.json (Frictionless Data Package and Table Schema): what each of `data` is, whose names are
// known to the publication; with sizes, digests, columns and, as a property of our own, units. Pure; any
// thread.
std::string DataPackage(const Publication& publication, const std::vector<SiteFile>& data);

}  // namespace kansoku::aggregator
