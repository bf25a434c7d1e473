// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/publish.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/ctl/ask.h"
#include "aggregator/ctl/file_content.h"
#include "aggregator/ctl/history_folder.h"
#include "aggregator/publish/site.h"
#include "aggregator/publish/site_folder.h"
#include "proto/terminal/progress.h"

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

// Whether an answer means that the aggregator is older than the figures of telescopes, or does not tell of
// them. Others may be well the next time, and the site is not to lose its figures for that.
bool TellsOfNoTelescope(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsUnimplemented(status) || absl::IsNotFound(status) ||
         absl::IsPermissionDenied(status);
}

// It tells as much of telescopes as whoever asks may know, for it does not know TelescopeSelection.as_public.
bool IsOfAnOlderAggregator(const v1::Figure& figure) {
  return figure.windows() > 0 && figure.darknet_revision() == 0;
}

// Adds what is known of telescopes; nothing where nobody ever measured. Why there is none, where the
// aggregator tells of none.
absl::StatusOr<std::string> AddTelescope(const Server& server,
                                         const std::vector<v1::GetFiguresRequest>& requests,
                                         std::vector<v1::Figure>& figures) {
  std::vector<v1::Figure> all;
  Progress progress(STDERR_FILENO, "asking for telescopes");
  uint64_t asked = 0;
  for (const v1::GetFiguresRequest& request : requests) {
    progress.Tell(asked++, requests.size(), absl::Now());
    const absl::StatusOr<v1::GetFiguresResponse> answer = Ask(server, request);
    if (!answer.ok() && TellsOfNoTelescope(answer.status())) return std::string(answer.status().message());
    if (!answer.ok()) return answer.status();
    all.insert(all.end(), answer->figures().begin(), answer->figures().end());
  }
  const bool was_measured = std::any_of(all.begin(), all.end(), [](const v1::Figure& figure) {
    return !figure.value().empty() || figure.expected_windows() > 0;
  });
  if (!was_measured) return std::string();
  if (std::any_of(all.begin(), all.end(), IsOfAnOlderAggregator)) {
    return std::string(
        "the aggregator is older than kansokuctl and tells what not everyone may know: upgrade it first");
  }
  figures = std::move(all);
  return std::string();
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
  const absl::StatusOr<std::string> no_telescope =
      AddTelescope(server, question.telescope, publication.telescope);
  if (!no_telescope.ok()) return no_telescope.status();
  const absl::StatusOr<std::vector<SiteFile>> files =
      MakeSite(publication, key->has_value() ? &**key : nullptr);
  if (!files.ok()) return files.status();
  if (const absl::Status status = WriteSite(*files, question.out); !status.ok()) return status;
  std::string of_telescopes;
  if (!publication.telescope.empty()) {
    of_telescopes = absl::StrCat(" and ", publication.telescope.size(), " of telescopes");
  }
  return absl::StrCat(question.out, ": ", publication.figures.size(), " figures", of_telescopes, " in ",
                      files->size(), " files", key->has_value() ? ", signed" : "",
                      no_telescope->empty() ? "" : "; none of telescopes: ", *no_telescope, "\n");
}

}  // namespace kansoku::aggregator
