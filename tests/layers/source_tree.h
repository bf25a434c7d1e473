// SPDX-License-Identifier: Apache-2.0
//
// The project's own files as text, for tests that judge the tree itself.
#pragma once

#include <string>
#include <vector>

namespace kansoku::testing {

struct Line {
  int number = 0;
  std::string text;
};

struct SourceFile {
  std::string path;    // from the repository's root: "collector/decode/decoder.h"
  std::string folder;  // "collector/decode"
  std::vector<Line> lines;

  std::string At(const Line& line) const { return path + ":" + std::to_string(line.number); }
};

// What the line includes in quotes, or in quotes or brackets, without them; empty if it includes nothing so.
std::string QuotedInclude(const std::string& line);
std::string AnyInclude(const std::string& line);

// Files below `top` (from the root) whose extension is in `extensions` (".h"); sorted by path.
std::vector<SourceFile> FilesBelow(const std::string& top, const std::vector<std::string>& extensions);

}  // namespace kansoku::testing
