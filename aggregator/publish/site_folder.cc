// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/site_folder.h"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "aggregator/publish/checksums.h"

namespace kansoku::aggregator {
namespace {

namespace fs = std::filesystem;

// Of "<64 hexadecimal digits>  <path>".
constexpr size_t kDigestColumns = 66;

std::set<std::string> ListedFiles(const fs::path& folder) {
  std::set<std::string> listed = {kChecksumsPath, kSignaturePath};
  std::ifstream sums(folder / kChecksumsPath);
  for (std::string line; std::getline(sums, line);) {
    if (line.size() > kDigestColumns) listed.insert(line.substr(kDigestColumns));
  }
  return listed;
}

absl::Status CheckIsSite(const fs::path& folder) {
  const auto refuse = [&](const std::string& why) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder.string(), " is not a site that was published: ", why,
                     "; name a folder that does not exist yet, or move this one away"));
  };
  std::error_code error;
  if (!fs::is_directory(folder, error)) return refuse("it is no folder");
  if (fs::is_empty(folder, error) && !error) return absl::OkStatus();
  if (!fs::is_regular_file(folder / kChecksumsPath, error)) {
    return refuse(absl::StrCat("it has no ", kChecksumsPath));
  }
  const std::set<std::string> listed = ListedFiles(folder);
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->is_directory(error) && !entry->is_symlink(error)) continue;
    const std::string path = entry->path().lexically_relative(folder).generic_string();
    if (!listed.contains(path)) return refuse(absl::StrCat(kChecksumsPath, " does not list ", path));
  }
  return error ? refuse(error.message()) : absl::OkStatus();
}

absl::Status WriteFiles(const std::vector<SiteFile>& files, const fs::path& folder) {
  for (const SiteFile& file : files) {
    const fs::path path = folder / file.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream out(path, std::ios::binary);
    out << file.content;
    if (error || !out.flush()) {
      return absl::UnavailableError(
          absl::StrCat("cannot write ", path.string(), ": ", error ? error.message() : std::strerror(errno)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteSite(const std::vector<SiteFile>& files, const std::string& folder) {
  const fs::path place = fs::absolute(folder).lexically_normal();
  const fs::path target = place.has_filename() ? place : place.parent_path();
  const bool is_there = fs::symlink_status(target).type() != fs::file_type::not_found;
  if (is_there) {
    if (const absl::Status status = CheckIsSite(target); !status.ok()) return status;
  }
  const fs::path fresh = target.string() + ".new";
  std::error_code error;
  if (!fs::create_directory(fresh, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot create ", fresh.string(), ": ",
                     error ? error.message() : "it exists; is another publication running? else remove it"));
  }
  const auto remove_fresh = absl::MakeCleanup([&] { fs::remove_all(fresh, error); });
  if (const absl::Status status = WriteFiles(files, fresh); !status.ok()) return status;
  // Exchanging leaves no moment without a site; the old one is removed after it.
  const unsigned flags = is_there ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), flags) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot put the site at ", target.string(), ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
