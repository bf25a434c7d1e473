// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/site.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/page_sections.h"
#include "aggregator/publish/site_folder.h"
#include "tests/aggregator/publish/sample_publication.h"
#include "tests/testing/child_process.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::aggregator {
namespace {

using testing::Finished;
using testing::RunProgram;
using testing::SamplePublication;
using testing::TempDir;

// Of RFC 8410, section 10.3: a key that nothing is protected with.
constexpr char kKey[] =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

std::string Content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::map<std::string, std::string> FilesIn(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[entry.path().lexically_relative(folder)] = Content(entry.path());
    }
  }
  return files;
}

void PublishTo(const std::string& folder, const Publication& publication, bool is_signed = true) {
  const absl::StatusOr<SigningKey> key = SigningKey::Parse(kKey);
  ASSERT_TRUE(key.ok()) << key.status();
  const auto files = MakeSite(publication, is_signed ? &*key : nullptr);
  ASSERT_TRUE(files.ok()) << files.status();
  const absl::Status status = WriteSite(*files, folder);
  ASSERT_TRUE(status.ok()) << status;
}

Finished RunIn(const std::string& folder, const std::string& command) {
  return RunProgram({"sh", "-c", absl::StrCat("cd '", folder, "' && ", command)});
}

TEST(Site, IsVerifiedByTheCommandsItNames) {
  const TempDir folder;
  const std::string site = folder.File("site");
  PublishTo(site, SamplePublication());
  EXPECT_EQ(RunIn(site, kVerifyCommand).out, "Signature Verified Successfully\n");
  const Finished whole = RunIn(site, kCheckCommand);
  EXPECT_EQ(whole.exit_status, 0) << whole.err;
  EXPECT_EQ(whole.out + whole.err, "");

  std::ofstream(site + "/data/figures.csv", std::ios::app) << "one more line\n";
  EXPECT_EQ(RunIn(site, kCheckCommand).exit_status, 1);
  std::ofstream(site + "/SHA256SUMS", std::ios::app) << "\n";
  EXPECT_NE(RunIn(site, kVerifyCommand).exit_status, 0);
}

TEST(Site, NamesTheCommandsThatVerifyIt) {
  const TempDir folder;
  const std::string site = folder.File("site");
  PublishTo(site, SamplePublication());
  for (const std::string page : {"/README.md", "/index.html", "/en/index.html"}) {
    EXPECT_NE(Content(site + page).find(kVerifyCommand), std::string::npos) << page;
    EXPECT_NE(Content(site + page).find(kCheckCommand), std::string::npos) << page;
  }
  const std::string document = Content(std::string(KANSOKU_SOURCE_DIR) + "/docs/open-data.md");
  EXPECT_NE(document.find(kVerifyCommand), std::string::npos);
  EXPECT_NE(document.find(kCheckCommand), std::string::npos);
}

TEST(Site, ListsEveryFileOfItsOwn) {
  const TempDir folder;
  const std::string site = folder.File("site");
  PublishTo(site, SamplePublication());
  std::string names;
  for (const auto& [name, content] : FilesIn(site)) absl::StrAppend(&names, name, "\n");
  EXPECT_EQ(names,
            "README.md\nSHA256SUMS\nSHA256SUMS.sig\nassets/charts.js\nassets/icon.svg\nassets/site.css\n"
            "assets/uPlot.LICENSE\nassets/uPlot.iife.min.js\nassets/uPlot.min.css\ndata/csv-metadata.json\n"
            "data/darknet-growth.csv\ndata/darknet-growth.json\ndata/figures.csv\ndata/figures.json\ndata/"
            "history/fixed_national_estimate.csv\n"
            "data/history/mobile.csv\ndata/history/nicter.csv\ndata/history/shares.csv\n"
            "data/telescope.csv\ndata/telescope.json\ndatapackage.json\n"
            "en/index.html\nindex.html\npublisher.pem\n");
  EXPECT_NE(Content(site + "/README.md")
                .find("\n- data/telescope.csv, data/telescope.json: ダークネットの指標 / figures of dark "
                      "addresses\n"),
            std::string::npos);
}

TEST(Site, IsTheSameToTheByteWhenPublishedTwice) {
  const TempDir folder;
  const std::string site = folder.File("site");
  PublishTo(site, SamplePublication());
  const auto first = FilesIn(site);
  PublishTo(site, SamplePublication());
  EXPECT_EQ(FilesIn(site), first);
  EXPECT_FALSE(std::filesystem::exists(site + ".new"));
}

TEST(Site, ReplacesTheOneBefore) {
  const TempDir folder;
  const std::string site = folder.File("site/");
  PublishTo(site, SamplePublication());
  Publication later = SamplePublication();
  later.history.pop_back();
  PublishTo(site, later, /*is_signed=*/false);
  EXPECT_FALSE(std::filesystem::exists(site + "/data/history/shares.csv"));
  EXPECT_FALSE(std::filesystem::exists(site + "/SHA256SUMS.sig"));
  EXPECT_EQ(Content(site + "/en/index.html").find("pkeyutl"), std::string::npos);
}

TEST(Site, NeverReplacesWhatIsNoSite) {
  const TempDir folder;
  const std::string site = folder.File("site");
  const auto refusal = [&] { return std::string(WriteSite({{"a", "b"}}, site).message()); };
  const std::string tail = "; name a folder that does not exist yet, or move this one away";

  std::ofstream(site) << "precious";
  EXPECT_EQ(refusal(), site + " is not a site that was published: it is no folder" + tail);
  EXPECT_EQ(Content(site), "precious");
  std::filesystem::remove(site);

  std::filesystem::create_directory(site);
  std::ofstream(site + "/thesis.txt") << "precious";
  EXPECT_EQ(refusal(), site + " is not a site that was published: it has no SHA256SUMS" + tail);

  std::filesystem::remove_all(site);
  PublishTo(site, SamplePublication());
  std::ofstream(site + "/data/thesis.txt") << "precious";
  EXPECT_EQ(refusal(),
            site + " is not a site that was published: SHA256SUMS does not list data/thesis.txt" + tail);
  EXPECT_EQ(Content(site + "/data/thesis.txt"), "precious");
}

TEST(Site, TakesAnEmptyFolder) {
  const TempDir folder;
  PublishTo(folder.path(), SamplePublication());
  EXPECT_TRUE(std::filesystem::exists(folder.File("index.html")));
}

TEST(Site, RefusesKeysOfOtherKinds) {
  EXPECT_EQ(SigningKey::Parse("nonsense").status().message(),
            "no private key, or an encrypted one: expected what `openssl genpkey -algorithm ed25519` writes");
  const Finished ec = RunProgram({"openssl", "genpkey", "-algorithm", "X25519"});
  EXPECT_EQ(SigningKey::Parse(ec.out).status().message(),
            "not an Ed25519 key: make one with `openssl genpkey -algorithm ed25519`");
  const Finished secret = RunProgram(
      {"sh", "-c", "openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -v2 aes256 -passout pass:x"});
  EXPECT_EQ(SigningKey::Parse(secret.out).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Site, SaysWhatIsSimulatedAndWithheld) {
  const TempDir folder;
  const std::string site = folder.File("site");
  PublishTo(site, SamplePublication());
  const std::string page = Content(site + "/en/index.html");
  EXPECT_NE(page.find("They are not real traffic."), std::string::npos);
  EXPECT_NE(page.find("Withheld: series_break: since 2024-05, &quot;9 ISPs&quot;"), std::string::npos);
  EXPECT_NE(page.find("<strong>38.9 Tbps</strong>"), std::string::npos);
  EXPECT_NE(page.find("Coverage 43.9 % (share of contracts)"), std::string::npos);
  EXPECT_NE(page.find("Office of &lt;Observed&gt; Statistics"), std::string::npos);
  EXPECT_NE(Content(site + "/index.html").find("実際の通信量ではありません"), std::string::npos);

  Publication real = SamplePublication();
  real.figures[0].clear_notes();
  PublishTo(site, real);
  EXPECT_EQ(Content(site + "/en/index.html").find("They are not real traffic."), std::string::npos);
}

// Whoever publishes may have been told more.
TEST(Site, HoldsNothingThatIsForRegulators) {
  Publication publication = SamplePublication();
  publication.figures[0].set_standard_error("0.123");
  const auto files = MakeSite(publication, nullptr);
  ASSERT_TRUE(files.ok()) << files.status();
  for (const SiteFile& file : *files) {
    EXPECT_EQ(file.content.find("116700000000000"), std::string::npos) << file.path;
    EXPECT_EQ(file.content.find("0.123"), std::string::npos) << file.path;
    if (file.path != "data/figures.json") continue;
    EXPECT_NE(file.content.find("\"base_unit\": \"bit/s\",\n      \"power_of_ten\": 12"), std::string::npos)
        << file.content;
  }
  publication.figures[0].set_error_is_of_many(true);
  const auto with_error = MakeSite(publication, nullptr);
  ASSERT_TRUE(with_error.ok()) << with_error.status();
  EXPECT_NE(with_error->front().content.find(",38.9,Tbps,0.123,"), std::string::npos);
}

std::string PageOf(const Publication& publication, const std::string& path) {
  const auto files = MakeSite(publication, nullptr);
  EXPECT_TRUE(files.ok()) << files.status();
  for (const SiteFile& file : *files) {
    if (file.path == path) return file.content;
  }
  return "";
}

TEST(Site, SaysWhyAFigureIsWithheldInTheLanguageOfThePage) {
  Publication publication = SamplePublication();
  publication.figures.clear();
  const auto& reasons = *v1::WithheldReason_descriptor();
  ASSERT_EQ(reasons.value_count(), 19);
  for (int i = 1; i < reasons.value_count(); ++i) {
    const std::string month = absl::StrCat(2020 + i / 12, i % 12 < 9 ? "-0" : "-", i % 12 + 1);
    v1::Figure figure = testing::SampleFigure(v1::SERIES_FIXED, month, "fixed_download_national", "", "Tbps");
    figure.set_withheld_reason(static_cast<v1::WithheldReason>(reasons.value(i)->number()));
    figure.set_withheld_because(absl::StrCat("in English ", i, "!"));
    const std::string japanese = WithheldText(figure, Language::kJapanese);
    EXPECT_TRUE(japanese.ends_with("ため"))
        << reasons.value(i)->name() << " has no Japanese words: " << japanese;
    publication.figures.push_back(figure);
    const std::string page = PageOf(publication, "index.html");
    EXPECT_NE(page.find("非公表：" + japanese + "</span>"), std::string::npos) << "headline, " << japanese;
    EXPECT_NE(page.find("非公表：" + japanese + "</td>"), std::string::npos) << "table, " << japanese;
    EXPECT_NE(page.find("\"withheld\">" + japanese + "</td>"), std::string::npos) << "chart, " << japanese;
  }
  EXPECT_EQ(PageOf(publication, "index.html").find("in English"), std::string::npos);
  const std::string english = PageOf(publication, "en/index.html");
  EXPECT_NE(english.find("Withheld: in English 18!</span>"), std::string::npos);
  EXPECT_NE(english.find("Withheld: in English 1!</td>"), std::string::npos);
  EXPECT_EQ(english.find("ため</"), std::string::npos);

  // Computed before reasons were told apart.
  publication.figures[0].clear_withheld_reason();
  EXPECT_NE(PageOf(publication, "index.html").find("非公表：in English 1!</td>"), std::string::npos);
}

TEST(Site, IsThereWithoutFiguresAndHistory) {
  Publication empty = SamplePublication();
  empty.figures.clear();
  empty.history.clear();
  empty.telescope.clear();
  const auto files = MakeSite(empty, nullptr);
  ASSERT_TRUE(files.ok()) << files.status();
  for (const SiteFile& file : *files) {
    if (file.path == "README.md") {
      EXPECT_EQ(file.content.find("telescope"), std::string::npos);
      EXPECT_EQ(file.content.find("data/history"), std::string::npos);
    }
    EXPECT_EQ(file.path.find("telescope"), std::string::npos);
    EXPECT_EQ(file.path.find("darknet-growth"), std::string::npos);
    if (file.path != "en/index.html") continue;
    EXPECT_EQ(file.content.find("id=\"dark\""), std::string::npos);
    EXPECT_EQ(file.content.find("#dark\""), std::string::npos);
    EXPECT_NE(file.content.find("No month has been published yet."), std::string::npos);
    EXPECT_EQ(file.content.find("<figure"), std::string::npos);
  }
}

TEST(Site, PagesAreValidHtml) {
  if (!std::filesystem::exists("/usr/bin/tidy")) {
    return testing::SkipOrFail("tidy is missing: deploy/dependencies --for test");
  }
  const TempDir folder;
  const std::string site = folder.File("site");
  PublishTo(site, SamplePublication());
  for (const std::string page : {"/index.html", "/en/index.html"}) {
    const Finished tidy = RunProgram({"tidy", "-quiet", "-errors", "-utf8", site + page});
    EXPECT_EQ(tidy.exit_status, 0) << page << ":\n" << tidy.err;
  }
}

}  // namespace
}  // namespace kansoku::aggregator
