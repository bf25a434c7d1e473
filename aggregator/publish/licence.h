// SPDX-License-Identifier: Apache-2.0
//
// What others may do with what is published (METRICS 11). Constant data.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "aggregator/publish/language.h"

namespace kansoku::aggregator {

struct Licence {
  const char* id;  // "PDL-1.0"
  Words name;
  const char* url;
};

// By its id in lower case: pdl-1.0 or cc-by-4.0.
absl::StatusOr<Licence> FindLicence(std::string_view word);

}  // namespace kansoku::aggregator
