// SPDX-License-Identifier: Apache-2.0
#include "collector/source_options.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "collector/key_file.h"
#include "collector/survey_list_file.h"

namespace kansoku::collector {

absl::StatusOr<std::optional<DarkSourceOptions>> ReadSourceOptions(const v1::CollectorConfig& config,
                                                                   int64_t first_unix_ns) {
  if (!config.has_darknet_sources()) return std::nullopt;
  const v1::DarknetSourceConfig& sources = config.darknet_sources();
  const absl::StatusOr<SourceHashKey> key = ReadKeyFile(sources.key_path(), kDarknetSourceKey);
  if (!key.ok()) return key.status();
  const absl::StatusOr<SourceHash> hash = SourceHash::FromKey(*key);
  if (!hash.ok()) return hash.status();
  absl::StatusOr<SurveyLists> lists = ReadSurveyLists(sources, first_unix_ns);
  if (!lists.ok()) return lists.status();
  return DarkSourceOptions{.hash = *hash,
                           .entries = sources.entries(),
                           .max_reported = sources.max_reported(),
                           .lists = std::make_shared<const SurveyLists>(*std::move(lists))};
}

int64_t FirstPacketUnixNs(const v1::CollectorConfig& config, absl::Time now) {
  const auto& links = config.links();
  const bool reads_file = std::any_of(links.begin(), links.end(),
                                      [](const v1::LinkConfig& link) { return !link.file().empty(); });
  return reads_file ? std::numeric_limits<int64_t>::min() : absl::ToUnixNanos(now);
}

}  // namespace kansoku::collector
