// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/live_commands.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/time_range.h"
#include "proto/contract/config_rule.h"

namespace kansoku::aggregator {
namespace {

// Empty for "none".
absl::StatusOr<std::string> UrlOf(const char* option, std::string text) {
  if (text == "none") return "";
  while (text.ends_with('/')) text.pop_back();
  for (const char* scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    if (FormatComplaint(v1::FORMAT_HOST_PORT, text.substr(std::string(scheme).size())).empty()) return text;
  }
  return absl::InvalidArgumentError(absl::StrCat(option, ": \"", absl::Utf8SafeCHexEscape(text),
                                                 "\": expected http://HOST:PORT, https://HOST:PORT or none"));
}

TopOrder OrderOf(const std::string& word) {
  if (word == "name") return TopOrder::kName;
  if (word == "drops") return TopOrder::kDrops;
  return word == "lag" ? TopOrder::kLag : TopOrder::kRate;
}

}  // namespace

LiveCommands::LiveCommands(CLI::App& app)
    : doctor_(app.add_subcommand("doctor", "Where the data stop between the collectors and Prometheus")),
      top_(app.add_subcommand("top", "Rates, drops and lag as they are now; q ends it, r n d l sort")) {
  for (CLI::App* command : {doctor_, top_}) command->fallthrough();
  doctor_
      ->add_option("--metrics", metrics_,
                   "The aggregator's /metrics, or none not to look (http://127.0.0.1:9464)")
      ->type_name("URL");
  doctor_->add_option("--prometheus", prometheus_, "Prometheus, or none not to look (http://127.0.0.1:9090)")
      ->type_name("URL");
  top_->add_option("--interval", interval_, "How often it asks again (2s)")->type_name("SPAN");
  top_->add_flag("--once", once_, "Print it once; so does what is no terminal");
  top_->add_option("--sort", order_, "Rows by rate, name, drops or lag (rate)")
      ->check(CLI::IsMember({"rate", "name", "drops", "lag"}))
      ->type_name("WORD");
}

absl::StatusOr<Request> LiveCommands::RequestOf() const {
  if (top_->parsed()) {
    const absl::StatusOr<uint32_t> seconds = ParseSeconds(interval_);
    if (!seconds.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--interval: ", seconds.status().message()));
    }
    return TopQuestion{.interval_seconds = *seconds, .once = once_, .order = OrderOf(order_)};
  }
  const absl::StatusOr<std::string> metrics = UrlOf("--metrics", metrics_);
  if (!metrics.ok()) return metrics.status();
  const absl::StatusOr<std::string> prometheus = UrlOf("--prometheus", prometheus_);
  if (!prometheus.ok()) return prometheus.status();
  return DoctorQuestion{.metrics = *metrics, .prometheus = *prometheus};
}

}  // namespace kansoku::aggregator
