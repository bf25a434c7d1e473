// SPDX-License-Identifier: Apache-2.0
//
// Figures on a page, each with what a reader needs to judge it. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/publish/language.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// Those of the latest month of each series that the white paper prints.
std::string HeadlineHtml(const Publication& publication, Language language);

// Every figure but the profiles of hours and weekdays, which are many and stand in the data.
std::string FigureTableHtml(const Publication& publication, Language language);

}  // namespace kansoku::aggregator
