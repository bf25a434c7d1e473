// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/publish.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/ask.h"
#include "aggregator/publish/site.h"
#include "aggregator/publish/site_folder.h"

namespace kansoku::aggregator {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return text.str();
}

// Every table of the folder, by name.
absl::StatusOr<std::vector<HistoryFile>> ReadHistory(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".csv") paths.push_back(entry.path());
  }
  if (error) return absl::NotFoundError(absl::StrCat("--history: ", folder, ": ", error.message()));
  if (paths.empty()) return absl::NotFoundError(absl::StrCat("--history: ", folder, " holds no .csv file"));
  std::sort(paths.begin(), paths.end());
  std::vector<HistoryFile> history;
  for (const std::filesystem::path& path : paths) {
    const absl::StatusOr<std::string> content = ReadFile(path);
    if (!content.ok()) return content.status();
    absl::StatusOr<HistoryFile> file = ParseHistory(path.filename(), *content);
    if (!file.ok()) return file.status();
    history.push_back(*std::move(file));
  }
  return history;
}

absl::StatusOr<std::optional<SigningKey>> ReadKey(const std::string& path) {
  if (path.empty()) return std::nullopt;
  const absl::StatusOr<std::string> pem = ReadFile(path);
  if (!pem.ok()) return pem.status();
  absl::StatusOr<SigningKey> key = SigningKey::Parse(*pem);
  if (!key.ok())
    return absl::InvalidArgumentError(absl::StrCat("--key: ", path, ": ", key.status().message()));
  return *std::move(key);
}

}  // namespace

absl::StatusOr<std::string> Publish(const Server& server, const PublishQuestion& question) {
  Publication publication;
  publication.publisher = question.publisher;
  const absl::StatusOr<Licence> licence = FindLicence(question.licence);
  if (!licence.ok()) return licence.status();
  publication.licence = *licence;
  if (!question.history_folder.empty()) {
    absl::StatusOr<std::vector<HistoryFile>> history = ReadHistory(question.history_folder);
    if (!history.ok()) return history.status();
    publication.history = *std::move(history);
  }
  const absl::StatusOr<std::optional<SigningKey>> key = ReadKey(question.key_path);
  if (!key.ok()) return key.status();
  for (const v1::GetFiguresRequest& request : question.requests) {
    const absl::StatusOr<v1::GetFiguresResponse> answer = Ask(server, request);
    if (!answer.ok()) return answer.status();
    publication.figures.insert(publication.figures.end(), answer->figures().begin(), answer->figures().end());
  }
  const absl::StatusOr<std::vector<SiteFile>> files =
      MakeSite(publication, key->has_value() ? &**key : nullptr);
  if (!files.ok()) return files.status();
  if (const absl::Status status = WriteSite(*files, question.out); !status.ok()) return status;
  return absl::StrCat(question.out, ": ", publication.figures.size(), " figures in ", files->size(), " files",
                      key->has_value() ? ", signed" : "", "\n");
}

}  // namespace kansoku::aggregator
