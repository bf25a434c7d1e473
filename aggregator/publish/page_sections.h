// SPDX-License-Identifier: Apache-2.0
//
// What stands beneath figures and charts: the data to take along, how it was made, what may be done with it.
// Pure; any thread.
#pragma once

#include <string>

#include "aggregator/publish/language.h"
#include "aggregator/publish/page.h"

namespace kansoku::aggregator {

// Checks that a site is whole and the publisher's. In the site's folder.
inline constexpr char kVerifyCommand[] =
    "openssl pkeyutl -verify -rawin -pubin -inkey publisher.pem -in SHA256SUMS -sigfile SHA256SUMS.sig";
inline constexpr char kCheckCommand[] = "sha256sum --check --quiet SHA256SUMS";

// How the licence wants to be cited.
std::string Citation(const Publication& publication, Language language);

std::string DataSection(const PageFacts& facts, const std::string& root, Language language);
std::string MethodSection(const Publication& publication, Language language);
std::string LicenceSection(const Publication& publication, const PageFacts& facts, Language language);

}  // namespace kansoku::aggregator
