// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/public_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "proto/contract/exact_number.h"

namespace kansoku {
namespace {

// Of a decimal, without the zeros before its first: "0.4390" has four.
int SignificantDigits(const std::string& value) {
  const size_t first = value.find_first_of("123456789");
  if (first == value.npos) return 1;
  const auto digits =
      std::count_if(value.begin() + static_cast<std::ptrdiff_t>(first), value.end(), absl::ascii_isdigit);
  return std::min(static_cast<int>(digits), std::numeric_limits<double>::digits10);
}

// Rounding moves a value that is not 0 by less than the third part of a power of ten, so the nearest power is
// that of the unit.
int PowerOfTen(double value, double exact) {
  return value == 0 || exact == 0 ? 0 : static_cast<int>(std::lround(std::log10(exact / value)));
}

}  // namespace

void KeepWhatIsPublic(v1::Figure& figure) {
  const std::optional<double> value = NearestDouble(figure.value()), exact = NearestDouble(figure.exact());
  if (value.has_value() && exact.has_value()) figure.set_power_of_ten(PowerOfTen(*value, *exact));
  figure.clear_exact();
  if (!figure.error_is_of_many()) figure.clear_standard_error();
  if (figure.value().empty()) figure.clear_steps();
  for (v1::FigureStep& step : *figure.mutable_steps()) {
    const std::optional<double> number = NearestDouble(step.value());
    step.set_value(number.has_value() ? absl::StrFormat("%.*g", SignificantDigits(figure.value()), *number)
                                      : "");
  }
}

}  // namespace kansoku
