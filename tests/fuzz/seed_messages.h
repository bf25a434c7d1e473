// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace kansoku::fuzz {

// Inputs by name: what a collector says on a stream, what an aggregator answers, every question, what
// operators decide, and files of spools.
std::map<std::string, std::string> StreamSeeds();
std::map<std::string, std::string> AnswerSeeds();
std::map<std::string, std::string> QuerySeeds();
std::map<std::string, std::string> DecisionSeeds();
std::map<std::string, std::string> SpoolSeeds();

}  // namespace kansoku::fuzz
