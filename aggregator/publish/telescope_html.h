// SPDX-License-Identifier: Apache-2.0
//
// Figures of telescopes on a page: what packets were after by month, and the ten leading ports of the last
// month. Of the packets without those of survey scanners, where sources were told apart; else of all. Pure;
// any thread.
#pragma once

#include <string>

#include "aggregator/publish/language.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// "non_survey", or "all" where there is no value of that population.
std::string ShownPopulation(const Publication& publication);

// Empty where nothing of a telescope is published.
std::string TelescopeHtml(const Publication& publication, Language language);

}  // namespace kansoku::aggregator
