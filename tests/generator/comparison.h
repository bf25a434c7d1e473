// SPDX-License-Identifier: Apache-2.0
//
// Whether what an aggregator answers is what the generator wrote.
#pragma once

#include <string>
#include <vector>

namespace kansoku::generator {

struct Comparison {
  std::vector<std::string> differences;  // one line for each
  std::string summary;                   // what was compared, in one line
};

// `truths`: the texts of TruthJson, added up. `traffic`: a GetTrafficResponse as protobuf JSON with original
// field names, by access, technology, direction, family, carrier and transport. `darknet`: a
// GetDarknetResponse by sensor, class, family, protocol and port. Rows of several times are added up. Text
// that is not such JSON is a difference, too.
Comparison Compare(const std::vector<std::string>& truths, const std::string& traffic,
                   const std::string& darknet);

}  // namespace kansoku::generator
