// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/synced_files.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>

namespace kansoku::testing {
namespace {

constexpr size_t kPageOctets = 4096;

struct Watched {
  std::mutex mutex;
  std::map<std::string, std::string> contents;  // by path, as synced last
};

Watched& Files() {
  static Watched files;
  return files;
}

std::string ContentOf(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

void Note(int descriptor) {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error);
  if (error || !std::filesystem::is_regular_file(path, error)) return;
  const std::lock_guard lock(Files().mutex);
  Files().contents[path] = ContentOf(path);
}

}  // namespace

void WatchSyncs() {
  const std::lock_guard lock(Files().mutex);
  Files().contents.clear();
}

void LosePower(const std::string& folder, uint64_t seed, const std::string& copy) {
  std::filesystem::remove_all(copy);
  std::filesystem::create_directory(copy);
  std::mt19937_64 random(seed);
  const std::lock_guard lock(Files().mutex);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto known = Files().contents.find(std::filesystem::canonical(entry.path()));
    std::string left = known == Files().contents.end() ? "" : known->second;
    const std::string written = ContentOf(entry.path());
    for (size_t at = 0; seed != 0 && at < std::max(left.size(), written.size()); at += kPageOctets) {
      if (random() % 2 == 0 || at >= written.size()) continue;
      const std::string page = written.substr(at, kPageOctets);
      left.resize(std::max(left.size(), at + page.size()), '\0');
      left.replace(at, page.size(), page);
    }
    std::ofstream(std::filesystem::path(copy) / entry.path().filename(), std::ios::binary) << left;
  }
}

}  // namespace kansoku::testing

// In the place of the C library's, for every library of this program.
extern "C" int fsync(int descriptor) {
  const long result = syscall(SYS_fsync, descriptor);
  if (result == 0) kansoku::testing::Note(descriptor);
  return static_cast<int>(result);
}

extern "C" int fdatasync(int descriptor) {
  const long result = syscall(SYS_fdatasync, descriptor);
  if (result == 0) kansoku::testing::Note(descriptor);
  return static_cast<int>(result);
}
