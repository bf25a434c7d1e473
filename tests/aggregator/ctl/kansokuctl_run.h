// SPDX-License-Identifier: Apache-2.0
//
// Runs the real program against a real server with canned answers.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/aggregator/ctl/canned_query.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {

template <typename Message>
void Fill(const char* text, Message& message) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
}

class Kansokuctl : public ::testing::Test {
 protected:
  Finished Run(std::vector<std::string> words) {
    words.insert(words.begin(), {KANSOKU_CTL, "--aggregator", server_.address()});
    return RunProgram(words);
  }

  // Runs it and expects success and silence on standard error.
  std::string Output(const std::vector<std::string>& words) {
    const Finished finished = Run(words);
    EXPECT_EQ(finished.exit_status, 0);
    EXPECT_EQ(finished.err, "");
    return finished.out;
  }

  CannedQuery server_;
};

}  // namespace kansoku::testing
