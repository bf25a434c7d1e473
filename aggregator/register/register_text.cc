// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/register_text.h"

#include <google/protobuf/descriptor.h>
#include <openssl/sha.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/register/contributor_rules.h"
#include "aggregator/register/message_table.h"
#include "aggregator/register/presentation_check.h"
#include "aggregator/register/table_rules.h"
#include "proto/contract/config_text.h"

namespace kansoku::aggregator {
namespace {

using google::protobuf::FieldDescriptor;

std::string Sha256Text(const std::string& bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::vector<const FieldDescriptor*> Tables() {
  std::vector<const FieldDescriptor*> tables;
  const auto& type = *v1::Statistics::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->is_repeated()) tables.push_back(type.field(i));
  }
  return tables;
}

std::string FileOf(const FieldDescriptor& table) { return table.name() + ".csv"; }

absl::Status Missing(const std::string& file, std::string_view why) {
  return absl::NotFoundError(absl::StrCat(file, ": missing; ", std::string(why)));
}

}  // namespace

std::string RegisterFileNames() {
  std::vector<std::string> names{kSettingsFile};
  for (const FieldDescriptor* table : Tables()) names.push_back(FileOf(*table));
  return absl::StrJoin(names, ", ");
}

bool IsRegisterFile(const std::string& name) {
  for (const FieldDescriptor* table : Tables()) {
    if (name == FileOf(*table)) return true;
  }
  return name == kSettingsFile;
}

absl::StatusOr<Register> ParseRegister(const RegisterFiles& files, const std::string& folder) {
  const auto path = [&](const std::string& name) { return absl::StrCat(folder, "/", name); };
  const auto settings_file = files.find(kSettingsFile);
  if (settings_file == files.end())
    return Missing(path(kSettingsFile), "it says who publishes and who contributes");
  if (!files.contains("holidays.csv"))
    return Missing(path("holidays.csv"), "without it holidays would count as weekdays");

  Register read;
  v1::StatisticsRegister& settings = *read.statistics.mutable_register_();
  const absl::StatusOr<ConfigPlaces> places =
      ParseConfig(settings_file->second, path(kSettingsFile), settings);
  if (!places.ok()) return places.status();
  if (absl::Status status = CheckContributors(settings, *places); !status.ok()) return status;
  PlacesOfTables places_of_tables;
  for (const FieldDescriptor* table : Tables()) {
    const auto file = files.find(FileOf(*table));
    if (file == files.end()) continue;
    absl::StatusOr<TablePlaces> rows = ParseTable(file->second, path(file->first), *table, read.statistics);
    if (!rows.ok()) return rows.status();
    places_of_tables.emplace(table->number(), *std::move(rows));
  }
  if (absl::Status status = CheckTables(read.statistics, places_of_tables); !status.ok()) return status;
  if (absl::Status status = CheckPresentations(read.statistics, places_of_tables); !status.ok())
    return status;
  read.digest = RegisterDigest(files);
  return read;
}

std::string RegisterDigest(const RegisterFiles& files) {
  std::string sums;
  for (const auto& [name, bytes] : files) absl::StrAppend(&sums, Sha256Text(bytes), "  ", name, "\n");
  return Sha256Text(sums);
}

}  // namespace kansoku::aggregator
