// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/name.h"

#include <gtest/gtest.h>

#include <string>

namespace kansoku {
namespace {

TEST(IsName, TakesSmallLettersDigitsAndThreeMarks) {
  for (const std::string& name : {std::string("a"), std::string("0"), std::string("tokyo-1_b.example"),
                                  std::string("z."), std::string(63, 'a')}) {
    EXPECT_TRUE(IsName(name)) << name;
  }
}

TEST(IsName, RefusesEverythingElse) {
  for (const std::string& text :
       {std::string(), std::string(64, 'a'), std::string("-a"), std::string("_a"), std::string(".a"),
        std::string("A"), std::string("aB"), std::string("a b"), std::string("a/b"), std::string("a\n"),
        std::string("a\0", 2), std::string("\xe6\x9d\xb1")}) {
    EXPECT_FALSE(IsName(text)) << text;
  }
}

}  // namespace
}  // namespace kansoku
