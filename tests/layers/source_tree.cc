// SPDX-License-Identifier: Apache-2.0
#include "tests/layers/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace kansoku::testing {
namespace {

// What stands between `open` and `close` behind #include.
std::string Included(std::string_view line, char open, char close) {
  const auto skip_spaces = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  for (const std::string_view part : {"#", "include"}) {
    skip_spaces();
    if (!line.starts_with(part)) return "";
    line.remove_prefix(part.size());
  }
  skip_spaces();
  if (!line.starts_with(open)) return "";
  line.remove_prefix(1);
  return std::string(line.substr(0, line.find(close)));
}

SourceFile Read(const std::filesystem::path& root, const std::filesystem::path& path) {
  const std::filesystem::path relative = path.lexically_relative(root);
  SourceFile file{relative.generic_string(), relative.parent_path().generic_string(), {}};
  std::ifstream stream(path);
  for (std::string text; std::getline(stream, text);) {
    file.lines.push_back({static_cast<int>(file.lines.size()) + 1, text});
  }
  return file;
}

}  // namespace

std::string QuotedInclude(const std::string& line) { return Included(line, '"', '"'); }

std::string AnyInclude(const std::string& line) {
  const std::string bracketed = Included(line, '<', '>');
  return bracketed.empty() ? QuotedInclude(line) : bracketed;
}

std::vector<SourceFile> FilesBelow(const std::string& top, const std::vector<std::string>& extensions) {
  const std::filesystem::path root = KANSOKU_SOURCE_DIR;
  std::vector<SourceFile> files;
  if (!std::filesystem::exists(root / top)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
    const std::string extension = entry.path().extension().string();
    const bool wanted = std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
    if (entry.is_regular_file() && wanted) files.push_back(Read(root, entry.path()));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace kansoku::testing
