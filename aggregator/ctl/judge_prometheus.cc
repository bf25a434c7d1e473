// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/judge_prometheus.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/metric_values.h"
#include "proto/contract/metric_catalog.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::json;

// A scrape and the windows that came during it.
constexpr absl::Duration kBehind = absl::Seconds(30);
// The rules want a scrape a minute at least.
constexpr absl::Duration kScrapedEvery = absl::Minutes(2);
constexpr char kProgram[] = "kansoku-aggregator";
constexpr char kRuleGroups[] = "kansoku";  // names of groups begin with it

// A target of Prometheus'.
struct Target {
  std::string url;
  std::pair<std::string, std::string> job_and_instance;
  std::string health;
  std::string error;
  absl::Time scraped_at;
};

struct Rules {
  int loaded = 0;
  std::vector<std::string> failing;
  std::vector<std::string> firing;
};

// ":9464" of http://127.0.0.1:9464/metrics.
std::string PortOf(const std::string& url) {
  const size_t host = url.find("://");
  if (host == url.npos) return "";
  const std::string authority = url.substr(host + 3, url.find('/', host + 3) - host - 3);
  const size_t colon = authority.rfind(':');
  return colon == authority.npos ? "" : authority.substr(colon);
}

absl::Time TimeOf(const std::string& rfc3339) {
  absl::Time time = absl::InfinitePast();
  absl::ParseTime(absl::RFC3339_full, rfc3339, &time, nullptr);
  return time;
}

// What these read may be anybody's answer: they throw where it is not Prometheus'.
std::vector<Target> TargetsOf(const std::string& body) {
  std::vector<Target> targets;
  const Json answer = Json::parse(body);
  for (const Json& target : answer.at("data").at("activeTargets")) {
    targets.push_back({target.at("scrapeUrl").get<std::string>(),
                       {target.at("labels").value("job", ""), target.at("labels").value("instance", "")},
                       target.at("health").get<std::string>(),
                       target.at("lastError").get<std::string>(),
                       TimeOf(target.at("lastScrape").get<std::string>())});
  }
  return targets;
}

std::set<std::pair<std::string, std::string>> AggregatorsOf(const std::string& body) {
  std::set<std::pair<std::string, std::string>> aggregators;
  const Json answer = Json::parse(body);
  for (const Json& series : answer.at("data").at("result")) {
    const Json& labels = series.at("metric");
    if (labels.value("program", "") != kProgram) continue;
    aggregators.emplace(labels.value("job", ""), labels.value("instance", ""));
  }
  return aggregators;
}

Rules RulesOf(const std::string& body) {
  Rules rules;
  const Json answer = Json::parse(body);
  for (const Json& group : answer.at("data").at("groups")) {
    if (!group.at("name").get<std::string>().starts_with(kRuleGroups)) continue;
    for (const Json& rule : group.at("rules")) {
      ++rules.loaded;
      if (rule.at("health") == "err") {
        rules.failing.push_back(
            absl::StrCat(rule.at("name").get<std::string>(), ": ", rule.value("lastError", "")));
      }
      if (rule.value("state", "") == "firing") rules.firing.push_back(rule.at("name").get<std::string>());
    }
  }
  return rules;
}

void FindTarget(const Target& target, absl::Time now, std::vector<Finding>& findings) {
  if (target.health == "down") {
    findings.push_back(
        {Verdict::kBroken, absl::StrCat("cannot scrape ", target.url, ": ", target.error),
         "can the machine of Prometheus reach that address, and does it give the certificate or "
         "password that `metrics` asks for?"});
  } else if (target.health != "up" || now - target.scraped_at > kScrapedEvery) {
    findings.push_back({Verdict::kLook, absl::StrCat(target.url, " was not scraped within two minutes"),
                        "scrape it at least once a minute"});
  }
}

void FindRules(const Rules& rules, std::vector<Finding>& findings) {
  for (const std::string& failing : rules.failing) {
    findings.push_back({Verdict::kBroken, absl::StrCat("the rule ", failing),
                        "promtool check rules kansoku.rules.yml; is it of this version?"});
  }
  for (const std::string& firing : rules.firing) {
    findings.push_back(
        {Verdict::kLook, absl::StrCat(firing, " is firing"), "its annotation says what to do"});
  }
  if (rules.loaded == 0) {
    findings.push_back({Verdict::kLook, "has none of Kansoku's rules",
                        "add rule_files: [kansoku.rules.yml] (deploy/prometheus) to its configuration"});
  }
}

Stage Unreadable(const std::string& name, const std::string& url) {
  return {name, Verdict::kBroken, absl::StrCat(url, " answers, and not as Prometheus does"),
          absl::StrCat("correct --", name)};
}

// Why a GET brought nothing.
std::optional<std::string> WhyNothing(const std::string& url, const HttpAnswer& answer) {
  if (!answer.error.empty()) return absl::StrCat(url, ": ", answer.error);
  if (answer.status == 200) return std::nullopt;
  const std::string first_line = answer.body.substr(0, answer.body.find('\n'));
  return absl::StrCat(url, " answers ", answer.status, first_line.empty() ? "" : ": ", first_line);
}

}  // namespace

Stage JudgeMetrics(const std::string& url, const HttpAnswer& metrics,
                   const absl::StatusOr<v1::ListPointsResponse>& points, absl::Time now) {
  if (metrics.error.empty() && metrics.status == 401) {
    return {"metrics", Verdict::kLook, absl::StrCat(url, " asks for a password, and tells nothing without"),
            "whether it is fresh, Prometheus says below"};
  }
  if (const auto nothing = WhyNothing(url, metrics)) {
    return {"metrics", Verdict::kBroken, *nothing,
            "compare with metrics_listen of the aggregator; --metrics says where to look, or none"};
  }
  if (!LargestOf(metrics.body, metrics::kBuildInfo.name)) {
    return {"metrics", Verdict::kBroken, absl::StrCat(url, " answers, and not as Kansoku does"),
            "correct --metrics"};
  }
  const std::optional<double> newest = LargestOf(metrics.body, metrics::kPointLastWindow.name);
  std::vector<Finding> findings;
  if (points.ok()) {
    int64_t stored = 0;
    for (const v1::Point& point : points->points()) {
      stored = std::max(stored, point.last_window().end_unix_seconds());
    }
    if (static_cast<double>(stored) - newest.value_or(0) > absl::ToDoubleSeconds(kBehind) && stored > 0) {
      findings.push_back({Verdict::kBroken, absl::StrCat(url, " is behind what is stored"),
                          "is it of this aggregator? --metrics says where to look"});
    }
  }
  const absl::Time end = absl::FromUnixSeconds(static_cast<int64_t>(newest.value_or(0)));
  return StageOf("metrics",
                 newest ? absl::StrCat(url, ", the latest window ended ", Ago(end, now))
                        : absl::StrCat(url, ", without a window"),
                 findings);
}

Stage JudgePrometheus(const std::string& url, const std::string& metrics_url,
                      const PrometheusAnswers& answers, absl::Time now) {
  for (const HttpAnswer* answer : {&answers.instances, &answers.targets, &answers.rules}) {
    const auto nothing = WhyNothing(url, *answer);
    if (!nothing) continue;
    return {"prometheus", Verdict::kBroken, *nothing,
            "start Prometheus; --prometheus says where to look, or none"};
  }
  std::vector<Finding> findings;
  size_t others = 0, ours = 0;
  int rules_loaded = 0;
  try {
    const auto aggregators = AggregatorsOf(answers.instances.body);
    for (const Target& target : TargetsOf(answers.targets.body)) {
      const bool is_ours = aggregators.contains(target.job_and_instance) ||
                           (!metrics_url.empty() && PortOf(target.url) == PortOf(metrics_url));
      (is_ours ? ours : others) += 1;
      if (is_ours) FindTarget(target, now, findings);
    }
    const Rules rules = RulesOf(answers.rules.body);
    rules_loaded = rules.loaded;
    FindRules(rules, findings);
  } catch (const Json::exception&) {
    return Unreadable("prometheus", url);
  }
  if (ours == 0) {
    findings.push_back(
        {Verdict::kBroken,
         absl::StrCat("scrapes no aggregator, but ", others, others == 1 ? " other" : " others"),
         "add the aggregator's metrics_listen to its scrape_configs"});
  }
  return StageOf("prometheus",
                 absl::StrCat(url, " scrapes ", ours, ours == 1 ? " aggregator, " : " aggregators, ",
                              rules_loaded, " rules"),
                 findings);
}

}  // namespace kansoku::aggregator
