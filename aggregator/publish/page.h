// SPDX-License-Identifier: Apache-2.0
//
// The page of a site: headline figures, charts, tables, method and licence. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "aggregator/publish/language.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

struct PageFacts {
  std::vector<std::string> data_paths;  // in the site, to be linked
  bool is_signed = false;
};

// index.html for Japanese, en/index.html for English. Asks no other host for anything.
std::string PageHtml(const Publication& publication, const PageFacts& facts, Language language);

}  // namespace kansoku::aggregator
