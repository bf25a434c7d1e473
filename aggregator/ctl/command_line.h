// SPDX-License-Identifier: Apache-2.0
//
// The words of the command line, and the file that --config names, to one question.
#pragma once

#include <iosfwd>
#include <variant>

#include "absl/time/time.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Exit statuses of kansokuctl.
inline constexpr int kOk = 0;
inline constexpr int kProblem = 1;  // a violated identity, a silent point, no answer
inline constexpr int kBadUse = 2;

// An exit status if there is nothing to ask: after --help, --version and --check-config, printed to `out`,
// and after bad use, explained on `err`.
std::variant<int, Question> ParseCommandLine(int argc, const char* const* argv, absl::Time now,
                                             std::ostream& out, std::ostream& err);

}  // namespace kansoku::aggregator
