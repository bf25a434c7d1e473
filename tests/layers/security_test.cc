// SPDX-License-Identifier: Apache-2.0
//
// SECURITY.md promises what tests show: the tests must be there.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/layers/source_tree.h"

namespace kansoku::testing {
namespace {

TEST(Security, EveryTestThatIsNamedExists) {
  std::set<std::string> tests;
  const std::regex declaration(R"(^TEST(_F|_P)?\((\w+), (\w+)\))");
  for (const SourceFile& file : FilesBelow("tests", {".cc"})) {
    for (const Line& line : file.lines) {
      std::smatch found;
      if (std::regex_search(line.text, found, declaration)) tests.insert(found.str(2) + "." + found.str(3));
    }
  }
  std::ostringstream text;
  text << std::ifstream(KANSOKU_SOURCE_DIR "/SECURITY.md").rdbuf();
  const std::string page = text.str();
  const std::regex name("`([A-Z]\\w+\\.[A-Z]\\w+)`");
  int named = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), name); it != std::sregex_iterator(); ++it) {
    ++named;
    EXPECT_TRUE(tests.contains((*it)[1]))
        << "SECURITY.md names " << (*it)[1] << ", and there is no such test";
  }
  EXPECT_GT(named, 20);
}

}  // namespace
}  // namespace kansoku::testing
