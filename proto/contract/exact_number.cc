// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/exact_number.h"

#include <cstdlib>

namespace kansoku {

std::optional<double> NearestDouble(const std::string& exact) {
  char* end = nullptr;
  const long double numerator = std::strtold(exact.c_str(), &end);
  if (end == exact.c_str()) return std::nullopt;
  if (*end == '\0') return static_cast<double>(numerator);
  if (*end != '/') return std::nullopt;
  const char* const denominator_text = end + 1;
  const long double denominator = std::strtold(denominator_text, &end);
  if (end == denominator_text || *end != '\0' || denominator == 0) return std::nullopt;
  return static_cast<double>(numerator / denominator);
}

}  // namespace kansoku
