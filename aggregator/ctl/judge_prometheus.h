// SPDX-License-Identifier: Apache-2.0
//
// The last stages of `kansokuctl doctor`: whether /metrics tells what is stored, and whether Prometheus has
// it. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/ctl/doctor_evidence.h"
#include "aggregator/ctl/doctor_stage.h"

namespace kansoku::aggregator {

// `url`: where /metrics was asked for, such as http://127.0.0.1:9464.
Stage JudgeMetrics(const std::string& url, const HttpAnswer& metrics,
                   const absl::StatusOr<v1::ListPointsResponse>& points, absl::Time now);

// `url`: Prometheus' own. Of its targets those count that tell of an aggregator, or lie at the port of
// `metrics_url`, which may be empty.
Stage JudgePrometheus(const std::string& url, const std::string& metrics_url,
                      const PrometheusAnswers& answers, absl::Time now);

}  // namespace kansoku::aggregator
