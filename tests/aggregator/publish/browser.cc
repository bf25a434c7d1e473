// SPDX-License-Identifier: Apache-2.0
#include "tests/aggregator/publish/browser.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace kansoku::testing {
namespace {

using nlohmann::json;

constexpr char kDriver[] = "/usr/bin/chromedriver";
constexpr char kStarted[] = "started successfully on port ";

}  // namespace

bool Browser::IsInstalled() {
  return std::filesystem::exists(kDriver) && std::filesystem::exists("/usr/bin/chromium");
}

Browser::Browser() {
  driver_ = std::make_unique<ChildProcess>(std::vector<std::string>{kDriver, "--port=0"});
  const std::string line = driver_->WaitForLine(kStarted);
  if (line.empty()) {
    problem_ = "chromedriver did not start";
    return;
  }
  client_ = std::make_unique<httplib::Client>(
      "127.0.0.1", std::stoi(line.substr(line.find(kStarted) + std::string_view(kStarted).size())));
  client_->set_read_timeout(60);
  const json options = {{"args",
                         {"--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                          "--force-device-scale-factor=1", "--no-first-run",
                          "--disable-background-networking", "--disable-component-update"}}};
  const json answer =
      Post("/session", {{"capabilities",
                         {{"alwaysMatch",
                           {{"browserName", "chrome"},
                            {"goog:chromeOptions", options},
                            {"goog:loggingPrefs", {{"browser", "ALL"}, {"performance", "ALL"}}}}}}}});
  if (!answer.contains("sessionId")) {
    problem_ = absl::StrCat("no session: ", answer.dump());
    return;
  }
  session_ = absl::StrCat("/session/", answer["sessionId"].get<std::string>());
}

Browser::~Browser() {
  if (!session_.empty()) client_->Delete(session_);
}

json Browser::Post(const std::string& path, const json& body) {
  const auto answer = client_->Post(session_ + path, body.dump(), "application/json");
  if (!answer) return {{"error", absl::StrCat(path, ": no answer")}};
  const json value = json::parse(answer->body)["value"];
  EXPECT_EQ(answer->status, 200) << path << ": " << value.dump();
  return value;
}

json Browser::Devtools(const std::string& command, const json& parameters) {
  return Post("/goog/cdp/execute", {{"cmd", command}, {"params", parameters}});
}

void Browser::SetWidth(int pixels) {
  Devtools("Emulation.setDeviceMetricsOverride",
           {{"width", pixels}, {"height", 900}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

void Browser::SetScripts(bool are_run) {
  Devtools("Emulation.setScriptExecutionDisabled", {{"value", !are_run}});
}

void Browser::SetMedium(const std::string& medium) {
  Devtools("Emulation.setEmulatedMedia", {{"media", medium}});
}

void Browser::Open(const std::string& url) { Post("/url", {{"url", url}}); }

json Browser::Run(const std::string& script) {
  return Post("/execute/sync", {{"script", script}, {"args", json::array()}});
}

void Browser::PressKey(const std::string& css_selector, const std::string& key) {
  const json element = Post("/element", {{"using", "css selector"}, {"value", css_selector}});
  Post(absl::StrCat("/element/", element.begin().value().get<std::string>(), "/value"), {{"text", key}});
}

void Browser::WriteScreenshot(const std::string& path) {
  const json shot = Devtools("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", true}});
  std::string octets;
  ASSERT_TRUE(absl::Base64Unescape(shot["data"].get<std::string>(), &octets));
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << octets;
}

std::vector<std::string> Browser::Requests() {
  std::vector<std::string> urls;
  for (const json& entry : Post("/se/log", {{"type", "performance"}})) {
    const json message = json::parse(entry["message"].get<std::string>())["message"];
    if (message["method"] == "Network.requestWillBeSent") urls.push_back(message["params"]["request"]["url"]);
  }
  return urls;
}

std::vector<std::string> Browser::ConsoleLines() {
  std::vector<std::string> lines;
  for (const json& entry : Post("/se/log", {{"type", "browser"}})) lines.push_back(entry["message"]);
  return lines;
}

}  // namespace kansoku::testing
