// SPDX-License-Identifier: Apache-2.0
//
// Habits that hold for every file of the project.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/layers/source_tree.h"

namespace kansoku::testing {
namespace {

constexpr size_t kMostLines = 400;

std::vector<SourceFile> AllSources() {
  std::vector<SourceFile> sources;
  for (const char* top : {"proto", "collector", "aggregator", "tests", "docs", "deploy", "dashboards"}) {
    for (SourceFile& file :
         FilesBelow(top, {".h", ".cc", ".proto", ".in", ".txt", ".yaml", ".sh", ".ts", ".tsx"})) {
      sources.push_back(std::move(file));
    }
  }
  return sources;
}

bool IsCode(const SourceFile& file) { return file.path.ends_with(".h") || file.path.ends_with(".cc"); }

std::string NameOf(const SourceFile& file) { return file.path.substr(file.folder.size() + 1); }

TEST(Tree, IsNotEmpty) { EXPECT_GT(AllSources().size(), 50u); }

TEST(Tree, EveryFileStatesItsLicence) {
  for (const SourceFile& file : AllSources()) {
    const auto end = file.lines.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(file.lines.size(), 2));
    const bool found = std::any_of(file.lines.begin(), end, [](const Line& line) {
      return line.text.find("SPDX-License-Identifier: Apache-2.0") != std::string::npos;
    });
    EXPECT_TRUE(found) << file.path
                       << ": begin with the line SPDX-License-Identifier: Apache-2.0, as a comment";
  }
}

TEST(Tree, FilesAreSmall) {
  for (const SourceFile& file : AllSources()) {
    EXPECT_LE(file.lines.size(), kMostLines) << file.path << ": one concept per file; take it apart";
  }
}

TEST(Tree, NamesSayWhatIsInside) {
  const std::set<std::string> empty_words = {"util",    "utils", "helper", "helpers", "common", "manager",
                                             "handler", "misc",  "base",   "impl",    "core",   "processor"};
  for (const SourceFile& file : AllSources()) {
    const std::string stem = file.path.substr(0, file.path.find_last_of('.'));
    std::string words = stem;
    std::replace_if(
        words.begin(), words.end(), [](char c) { return c == '/' || c == '_' || c == '-' || c == '.'; }, ' ');
    std::istringstream stream(words);
    for (std::string word; stream >> word;) {
      EXPECT_FALSE(empty_words.contains(word)) << file.path << ": \"" << word << "\" says nothing";
    }
  }
}

TEST(Tree, HeadersAreIncludedOnce) {
  for (const SourceFile& file : AllSources()) {
    if (!file.path.ends_with(".h")) continue;
    EXPECT_TRUE(std::any_of(file.lines.begin(), file.lines.end(),
                            [](const Line& line) { return line.text == "#pragma once"; }))
        << file.path << ": #pragma once is missing";
  }
}

// A file that no target names is neither compiled nor checked for standing alone.
TEST(Tree, EverySourceBelongsToATarget) {
  std::string targets;
  for (const char* top : {"proto", "collector", "aggregator", "tests", "docs", "deploy"}) {
    for (const SourceFile& file : FilesBelow(top, {".txt"})) {
      for (const Line& line : file.lines) targets += line.text + "\n";
    }
  }
  for (const SourceFile& file : AllSources()) {
    if (!IsCode(file) || (file.folder.starts_with("tests") && file.path.ends_with(".h"))) continue;
    EXPECT_NE(targets.find(NameOf(file)), std::string::npos) << file.path << ": no CMakeLists.txt names it";
  }
}

// One static library for each stage, named after its folder.
TEST(Tree, EveryStageIsALibrary) {
  for (const char* folder :
       {"collector/capture", "collector/decode", "collector/classify", "collector/meter", "collector/export",
        "collector/doctor", "aggregator/access", "aggregator/store", "aggregator/ingest",
        "aggregator/register", "aggregator/figures", "aggregator/vintage", "aggregator/publish",
        "aggregator/serve", "aggregator/ctl"}) {
    const std::string name = std::string(folder).substr(std::string(folder).find('/') + 1);
    const std::string library = "add_library(kansoku_" + name + " ";
    bool found = false, has_sources = false;
    for (const SourceFile& file : FilesBelow(folder, {".txt", ".cc"})) {
      has_sources = has_sources || file.path.ends_with(".cc");
      for (const Line& line : file.lines) found = found || line.text.find(library) != std::string::npos;
    }
    EXPECT_TRUE(found || !has_sources)
        << folder << "/CMakeLists.txt: add_library(kansoku_" << name << " ...)";
  }
}

}  // namespace
}  // namespace kansoku::testing
