// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

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
  std::variant<int, Question> parsed = ParseCommandLine(argc, argv, now, std::cout, std::cerr);
  if (const int* exit_status = std::get_if<int>(&parsed)) return *exit_status;
  Question& question = std::get<Question>(parsed);
  question.on_terminal = isatty(STDOUT_FILENO) == 1;
  const absl::StatusOr<Answer> answer = AnswerTo(question, now);
  if (!answer.ok()) return Fail(std::string(answer.status().message()));
  if (!(std::cout << answer->text << std::flush)) return Fail("cannot write the answer to standard output");
  for (const std::string& problem : answer->problems) Fail(problem);
  return answer->problems.empty() ? kOk : kProblem;
}

}  // namespace kansoku::aggregator

int main(int argc, char** argv) { return kansoku::aggregator::Main(argc, argv); }
