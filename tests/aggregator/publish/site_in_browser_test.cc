// SPDX-License-Identifier: Apache-2.0
//
// The site as Chromium shows it. Screenshots stay in the build's folder screenshots.
#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/site.h"
#include "aggregator/publish/site_folder.h"
#include "tests/aggregator/publish/browser.h"
#include "tests/aggregator/publish/sample_publication.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using Strings = std::vector<std::string>;

constexpr int kPhone = 390;
constexpr int kDesk = 1440;

// The shipped history where it is there, so that the screenshots show it.
aggregator::Publication PublicationWithHistory() {
  aggregator::Publication publication = SamplePublication();
  std::vector<aggregator::HistoryFile> shipped;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(KANSOKU_SOURCE_DIR) + "/deploy/reference", none)) {
    if (entry.path().extension() != ".csv") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    auto file = aggregator::ParseHistory(entry.path().filename(), text.str());
    EXPECT_TRUE(file.ok()) << file.status();
    if (file.ok()) shipped.push_back(*std::move(file));
  }
  std::sort(shipped.begin(), shipped.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (!shipped.empty()) publication.history = std::move(shipped);
  return publication;
}

// Serves a folder on loopback.
class FolderServer {
 public:
  explicit FolderServer(const std::string& folder) {
    server_.set_mount_point("/", folder);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~FolderServer() {
    server_.stop();
    thread_.join();
  }
  std::string Url(const std::string& path) const {
    return absl::StrCat("http://127.0.0.1:", port_, "/", path);
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

class SiteInBrowser : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!Browser::IsInstalled()) return;
    folder_ = std::make_unique<TempDir>();
    const auto files = aggregator::MakeSite(PublicationWithHistory(), nullptr);
    ASSERT_TRUE(files.ok()) << files.status();
    const absl::Status status = aggregator::WriteSite(*files, Folder());
    ASSERT_TRUE(status.ok()) << status;
    server_ = std::make_unique<FolderServer>(Folder());
    browser_ = std::make_unique<Browser>();
  }
  static void TearDownTestSuite() {
    browser_.reset();
    server_.reset();
    folder_.reset();
  }

  void SetUp() override {
    if (!Browser::IsInstalled()) {
      return SkipOrFail("chromium or chromedriver is missing: deploy/dependencies --for test");
    }
    ASSERT_EQ(browser_->problem(), "");
    browser_->SetWidth(kDesk);
    browser_->Requests();
    browser_->ConsoleLines();
  }

  static std::string Folder() { return folder_->File("site"); }
  static std::string Screenshot(const std::string& name) {
    return absl::StrCat(KANSOKU_SCREENSHOTS, "/", name, ".png");
  }

  // What is true of every page at every width.
  void ExpectWhole(const std::string& where) {
    const Strings charts = {"traffic", "darknet", "categories", "telescope"};
    EXPECT_EQ(browser_->Run("return document.documentElement.dataset.drawn"), "yes") << where;
    EXPECT_EQ(browser_->Run("return [...document.querySelectorAll('figure')].map((f) => f.id)"), charts);
    // Of each canvas: how many of its series' colours were painted.
    EXPECT_EQ(browser_->Run(R"js(
        const hex = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
        return [...document.querySelectorAll('figure')].map((figure) => {
          const canvas = figure.querySelector('.uplot canvas');
          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const painted = new Set();
          for (let i = 0; i < pixels.length; i += 4) {
            painted.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
          }
          const rows = [...figure.querySelectorAll('.wide tbody tr')];
          return [...figure.querySelectorAll('.wide thead th')].slice(1, -1).filter((head, i) =>
            rows.some((row) => row.cells[i + 1].dataset.value) &&
            !painted.has(parseInt(hex(head.dataset.colour).slice(1), 16))).map((head) => head.textContent);
        })
      )js"),
              (nlohmann::json{Strings(), Strings(), Strings(), Strings()}))
        << where << ": series that are in the table and not in the chart";
    EXPECT_EQ(browser_->Run("return document.documentElement.scrollWidth"),
              browser_->Run("return document.documentElement.clientWidth"))
        << where << ": something is wider than the page";
    EXPECT_EQ(browser_->ConsoleLines(), Strings()) << where;
  }

  static inline std::unique_ptr<TempDir> folder_;
  static inline std::unique_ptr<FolderServer> server_;
  static inline std::unique_ptr<Browser> browser_;
};

TEST_F(SiteInBrowser, IsWholeInBothLanguagesAndWidths) {
  for (const auto& [language, path] : {std::pair{"ja", "index.html"}, std::pair{"en", "en/index.html"}}) {
    for (const int width : {kPhone, kDesk}) {
      const std::string name = absl::StrCat(language, "-", width);
      browser_->SetWidth(width);
      browser_->Open(server_->Url(path));
      EXPECT_EQ(browser_->Run("return document.documentElement.lang"), language);
      ExpectWhole(name);
      browser_->WriteScreenshot(Screenshot(name));
    }
  }
}

TEST_F(SiteInBrowser, AsksNobodyElse) {
  browser_->Open(server_->Url("en/index.html"));
  const Strings asked = browser_->Requests();
  EXPECT_GE(asked.size(), 5u);  // the page, two styles, two scripts
  for (const std::string& url : asked) EXPECT_TRUE(url.starts_with(server_->Url(""))) << url;
}

TEST_F(SiteInBrowser, WorksFromADisk) {
  browser_->Open(absl::StrCat("file://", Folder(), "/index.html"));
  ExpectWhole("file");
}

TEST_F(SiteInBrowser, RefusesScriptsOfOthers) {
  browser_->Open(server_->Url("index.html"));
  EXPECT_EQ(browser_->Run(R"js(
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
      return document.title;
    )js"),
            "我が国のインターネットトラヒック：公表値とオープンデータ");
  browser_->ConsoleLines();  // it says so there
}

TEST_F(SiteInBrowser, IsReadWithTheKeyboard) {
  browser_->Open(server_->Url("en/index.html"));
  const auto reading = [&] {
    return browser_->Run("return document.querySelector('#traffic .reading').textContent").get<std::string>();
  };
  EXPECT_TRUE(reading().starts_with("2024-11: ")) << reading();
  EXPECT_NE(reading().find("Fixed, measured, Tbps 38.9"), std::string::npos) << reading();
  browser_->PressKey("#traffic .plot", "\uE012");  // the left arrow key of WebDriver
  EXPECT_EQ(reading(), "2024-09: Mobile, measured, Tbps 6.1234");
  browser_->PressKey("#traffic .plot", "\uE011");  // Home
  EXPECT_NE(reading().substr(0, 4), "2024");
  EXPECT_TRUE(browser_->Run("return document.activeElement.matches('#traffic .plot')"));
}

TEST_F(SiteInBrowser, IsReadWithoutScripts) {
  browser_->SetScripts(false);
  browser_->Open(server_->Url("en/index.html"));
  browser_->WriteScreenshot(Screenshot("en-without-scripts"));
  browser_->SetScripts(true);
  EXPECT_EQ(browser_->Run("return document.documentElement.dataset.drawn"), nullptr);
  EXPECT_EQ(browser_->Run("return [...document.querySelectorAll('.plot')].map((p) => p.offsetHeight)"),
            (std::vector<int>{0, 0, 0, 0}));
  EXPECT_TRUE(browser_->Run(
      "return [...document.querySelectorAll('figure table')].every((table) => table.offsetHeight > 100)"));
}

// WCAG 2.1, 1.4.3 and 1.4.11: 4.5:1 for text, 3:1 for what a chart is drawn with.
TEST_F(SiteInBrowser, HasContrast) {
  constexpr char kContrast[] = R"js(
      const channels = (text) => (text.startsWith('#')
        ? text.slice(1).match(/../g).map((two) => parseInt(two, 16))
        : text.match(/[\d.]+/g).map(Number));
      const luminance = (text) => {
        const [r, g, b] = channels(text).map((c) => c / 255)
          .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a, b) => {
        const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
      };
  )js";
  for (const std::string path : {"index.html", "en/index.html"}) {
    browser_->Open(server_->Url(path));
    EXPECT_EQ(browser_->Run(absl::StrCat(kContrast, R"js(
        const paper = (element) => {
          for (let e = element; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (!/, 0\)$/.test(colour)) return colour;
          }
          return 'rgb(255, 255, 255)';
        };
        return [...document.body.querySelectorAll('*')]
          .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
          .filter((e) => e.getClientRects().length && e.tagName !== 'SCRIPT')
          .filter((e) => ratio(getComputedStyle(e).color, paper(e)) < 4.5)
          .map((e) => e.tagName + ' ' + e.textContent.slice(0, 40))
      )js")),
              Strings())
        << path;
  }
  EXPECT_EQ(browser_->Run(absl::StrCat(kContrast, R"js(
      const style = getComputedStyle(document.documentElement);
      const value = (name) => style.getPropertyValue('--' + name).trim();
      return [...document.querySelectorAll('th[data-colour]')].map((head) => head.dataset.colour)
        .filter((name) => ratio(value(name), value('paper')) < 3)
    )js")),
            Strings());
}

TEST_F(SiteInBrowser, IsPrintedWithItsTables) {
  browser_->Open(server_->Url("index.html"));
  browser_->SetMedium("print");
  EXPECT_EQ(browser_->Run("return getComputedStyle(document.querySelector('.wide')).overflow"), "visible");
  EXPECT_EQ(browser_->Run("return getComputedStyle(document.querySelector('nav')).display"), "none");
  browser_->SetMedium("screen");
}

}  // namespace
}  // namespace kansoku::testing
