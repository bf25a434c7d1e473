// SPDX-License-Identifier: Apache-2.0
//
// A headless Chromium, told what to do over WebDriver. One session; closed by the destructor.
#pragma once

#include <httplib.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/testing/child_process.h"

namespace kansoku::testing {

class Browser {
 public:
  static bool IsInstalled();

  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // Empty, or why no session came about.
  const std::string& problem() const { return problem_; }

  void SetWidth(int pixels);
  void SetScripts(bool are_run);
  void SetMedium(const std::string& medium);  // "print" or "screen"
  void Open(const std::string& url);
  // The value of a function's body.
  nlohmann::json Run(const std::string& script);
  void PressKey(const std::string& css_selector, const std::string& key);
  // Of the whole page.
  void WriteScreenshot(const std::string& path);

  // Since the last call. Every address that was asked for, and what the console showed.
  std::vector<std::string> Requests();
  std::vector<std::string> ConsoleLines();

 private:
  nlohmann::json Post(const std::string& path, const nlohmann::json& body);
  nlohmann::json Devtools(const std::string& command, const nlohmann::json& parameters);

  std::unique_ptr<ChildProcess> driver_;
  std::unique_ptr<httplib::Client> client_;
  std::string session_;
  std::string problem_;
};

}  // namespace kansoku::testing
