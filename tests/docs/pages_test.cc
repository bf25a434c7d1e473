// SPDX-License-Identifier: Apache-2.0
//
// Runs the commands of pages for people and compares what they print. A block marked `sh` is run by bash with
// the built programs first on the path, in a folder that all blocks of the page share and in which `deploy`
// is the repository's; a block marked `text` after it is what it must print. With KANSOKU_REFRESH_PAGES=1 in
// the environment the page is corrected instead.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

// A page as it alternates between prose and fenced blocks.
struct Part {
  std::string fence;  // the word after the fence; empty for prose
  std::string text;   // each line with its end
};

std::vector<Part> ReadPage(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::vector<Part> parts(1);
  for (std::string line; std::getline(file, line);) {
    const bool is_in_block = !parts.back().fence.empty();
    if (!line.starts_with("```")) {
      parts.back().text += line + "\n";
    } else {
      parts.push_back({is_in_block ? "" : line.substr(3), ""});
    }
  }
  return parts;
}

void WritePage(const std::vector<Part>& parts, const std::string& path) {
  std::ofstream file(path);
  for (const Part& part : parts) {
    if (part.fence.empty()) {
      file << part.text;
    } else {
      file << "```" << part.fence << "\n" << part.text << "```\n";
    }
  }
  EXPECT_TRUE(file.flush()) << path;
}

// Runs every command of the page; returns how many outputs were compared.
int CheckPage(const std::string& path) {
  const bool refresh = std::getenv("KANSOKU_REFRESH_PAGES") != nullptr;
  const TempDir folder;
  std::filesystem::create_directory_symlink(absl::StrCat(KANSOKU_SOURCE_DIR, "/deploy"),
                                            folder.File("deploy"));
  std::vector<Part> parts = ReadPage(path);
  int compared = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].fence != "sh") continue;
    const Finished run = RunProgram({"bash", "-c",
                                     absl::StrCat("set -euo pipefail\ncd '", folder.path(), "'\nPATH='",
                                                  KANSOKU_BIN, "':$PATH\n", parts[i].text)});
    EXPECT_EQ(run.exit_status, 0) << parts[i].text << run.err;
    // Only blank lines may stand between a command and its output.
    if (i + 2 >= parts.size() || parts[i + 2].fence != "text" || parts[i + 1].text != "\n") continue;
    ++compared;
    if (refresh) {
      parts[i + 2].text = run.out;
    } else {
      EXPECT_EQ(run.out, parts[i + 2].text) << "The page says otherwise than its command prints:\n"
                                            << parts[i].text;
    }
  }
  if (refresh) WritePage(parts, path);
  return compared;
}

TEST(Pages, SecuritySetupWorksAsItSays) {
  EXPECT_EQ(CheckPage(absl::StrCat(KANSOKU_SOURCE_DIR, "/docs/security-setup.md")), 6);
}

TEST(Pages, MeasurementPrintsWhatItSays) {
  EXPECT_EQ(CheckPage(absl::StrCat(KANSOKU_SOURCE_DIR, "/docs/measurement.md")), 3);
}

}  // namespace
}  // namespace kansoku::testing
