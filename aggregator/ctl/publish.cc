// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/publish.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/ask.h"
#include "aggregator/ctl/file_content.h"
#include "aggregator/ctl/history_folder.h"
#include "aggregator/publish/site.h"
#include "aggregator/publish/site_folder.h"

namespace kansoku::aggregator {
namespace {

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
