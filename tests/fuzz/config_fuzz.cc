// SPDX-License-Identifier: Apache-2.0
//
// Any text as a configuration: read, or refused with the file's name.
#include <string_view>

#include "absl/strings/match.h"
#include "collector/config.h"
#include "kansoku/v1/config.pb.h"
#include "proto/contract/config_text.h"
#include "tests/fuzz/expect.h"

namespace {

void Judge(const absl::Status& status) {
  if (status.ok()) kansoku::fuzz::input_was_taken = true;
  kansoku::fuzz::Expect(status.ok() || absl::StartsWith(status.message(), "fuzz.yaml"),
                        "a refusal begins with the file's name");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view yaml(reinterpret_cast<const char*>(data), size);
  // A configuration may name files to read, and these may be anything.
  if (yaml.find("subscriber_files") == yaml.npos) {
    Judge(kansoku::collector::CompileConfig(yaml, "fuzz.yaml").status());
  }
  kansoku::v1::AggregatorConfig aggregator;
  Judge(kansoku::ParseConfig(yaml, "fuzz.yaml", aggregator).status());
  kansoku::v1::CtlConfig ctl;
  Judge(kansoku::ParseConfig(yaml, "fuzz.yaml", ctl).status());
  return 0;
}
