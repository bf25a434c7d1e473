// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <variant>

#include "absl/time/clock.h"
#include "aggregator/ctl/answer.h"
#include "aggregator/ctl/command_line.h"

namespace kansoku::aggregator {
namespace {

int Fail(std::string_view what) {
  std::cerr << "kansokuctl: " << what << "\n";
  return kProblem;
}

}  // namespace

int Main(int argc, char** argv) {
  const absl::Time now = absl::Now();
  const std::variant<int, Question> parsed = ParseCommandLine(argc, argv, now, std::cout, std::cerr);
  if (const int* exit_status = std::get_if<int>(&parsed)) return *exit_status;
  const absl::StatusOr<Answer> answer = AnswerTo(std::get<Question>(parsed), now);
  if (!answer.ok()) return Fail(std::string(answer.status().message()));
  if (!(std::cout << answer->text << std::flush)) return Fail("cannot write the answer to standard output");
  for (const std::string& problem : answer->problems) Fail(problem);
  return answer->problems.empty() ? kOk : kProblem;
}

}  // namespace kansoku::aggregator

int main(int argc, char** argv) { return kansoku::aggregator::Main(argc, argv); }
