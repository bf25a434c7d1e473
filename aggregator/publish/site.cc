// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/site.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/assets.h"
#include "aggregator/publish/csvw_metadata.h"
#include "aggregator/publish/data_package.h"
#include "aggregator/publish/data_tables.h"
#include "aggregator/publish/figure_columns.h"
#include "aggregator/publish/open_data_csv.h"
#include "aggregator/publish/open_data_json.h"
#include "aggregator/publish/page.h"
#include "aggregator/publish/page_sections.h"
#include "aggregator/publish/telescope_table.h"
#include "proto/contract/public_figure.h"

namespace kansoku::aggregator {
namespace {

std::vector<SiteFile> DataFiles(const Publication& publication) {
  std::vector<SiteFile> files;
  for (const DataTable& table : DataTables(publication)) {
    const std::string path = absl::StrCat("data/", table.name);
    files.push_back({path + ".csv", OpenDataCsv(table)});
    files.push_back({path + ".json",
                     table.name == "figures" ? FiguresJson(publication) : OpenDataJson(publication, table)});
  }
  for (const HistoryFile& table : publication.history) {
    files.push_back({absl::StrCat("data/history/", table.name), table.content});
  }
  return files;
}

std::string AboutTable(const std::string& name) {
  if (name == "telescope") return "ダークネットの指標 / figures of dark addresses";
  if (name == "darknet-growth") return "公表済みのパケット数の増減 / how published packets grew";
  return "指標 / the figures";
}

std::string Readme(const Publication& publication, bool is_signed) {
  std::string text = absl::StrCat(
      "# 我が国のインターネットトラヒック：公表値 / Internet traffic of Japan: published figures\n\n",
      publication.publisher.name_ja(), " / ", publication.publisher.name_en(), " (",
      publication.publisher.contact(), ")\n\n", Citation(publication, Language::kJapanese), "\n\n",
      Citation(publication, Language::kEnglish), "\n\n",
      "- index.html, en/index.html: 図表と方法 / charts and method\n");
  for (const DataTable& table : DataTables(publication)) {
    absl::StrAppend(&text, "- data/", table.name, ".csv, data/", table.name,
                    ".json: ", AboutTable(table.name), "\n");
  }
  absl::StrAppend(
      &text, publication.history.empty() ? "" : "- data/history/: 公表済みの値 / what others published\n",
      "- datapackage.json (Frictionless), data/csv-metadata.json (CSVW): 列と単位 / columns and units\n\n"
      "ファイルの確認 / that the files are whole:\n\n    ",
      kCheckCommand, "\n");
  if (is_signed) {
    absl::StrAppend(
        &text, "\n署名の確認 / that they are the publisher's, with a publisher.pem that you trust:\n\n    ",
        kVerifyCommand, "\n");
  }
  return text;
}

}  // namespace

absl::StatusOr<std::vector<SiteFile>> MakeSite(Publication publication, const SigningKey* key) {
  for (v1::Figure& figure : publication.figures) KeepWhatIsPublic(figure);
  if (const absl::Status status = CheckFigures(publication.figures); !status.ok()) return status;
  if (const absl::Status status = CheckTelescope(publication.telescope); !status.ok()) return status;
  std::vector<SiteFile> files = DataFiles(publication);
  PageFacts facts{{}, key != nullptr};
  for (const SiteFile& file : files) facts.data_paths.push_back(file.path);
  facts.data_paths.insert(facts.data_paths.end(), {"data/csv-metadata.json", "datapackage.json"});

  const std::string package = DataPackage(publication, files);
  files.push_back({"datapackage.json", package});
  files.push_back({"data/csv-metadata.json", CsvwMetadata(publication)});
  files.push_back({"index.html", PageHtml(publication, facts, Language::kJapanese)});
  files.push_back({"en/index.html", PageHtml(publication, facts, Language::kEnglish)});
  files.push_back({"README.md", Readme(publication, facts.is_signed)});
  for (const Asset& asset : Assets()) {
    files.push_back({absl::StrCat("assets/", std::string(asset.name)), std::string(asset.content)});
  }
  if (key != nullptr) {
    absl::StatusOr<std::string> pem = key->PublicPem();
    if (!pem.ok()) return pem.status();
    files.push_back({kPublicKeyPath, *std::move(pem)});
  }
  std::string sums = Checksums(files);
  if (key != nullptr) {
    absl::StatusOr<std::string> signature = key->Sign(sums);
    if (!signature.ok()) return signature.status();
    files.push_back({kSignaturePath, *std::move(signature)});
  }
  files.push_back({kChecksumsPath, std::move(sums)});
  return files;
}

}  // namespace kansoku::aggregator
