// SPDX-License-Identifier: Apache-2.0
//
// A small publication with everything that a site can show: measured, withheld, provisional and simulated
// figures, and tables of history with restated, derived and recalled values.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "aggregator/publish/publication.h"
#include "proto/contract/month.h"
#include "tests/aggregator/publish/sample_telescope.h"

namespace kansoku::testing {

inline v1::Figure SampleFigure(v1::Series series, const std::string& month, const std::string& id,
                               const std::string& value, const std::string& unit) {
  const Month parsed = *ParseMonth(month);
  v1::Figure figure;
  figure.set_id(id);
  figure.set_series(series);
  figure.set_month(month);
  figure.set_value(value);
  figure.set_unit(unit);
  figure.mutable_period()->set_start_unix_seconds(StartUnixSeconds(parsed));
  figure.mutable_period()->set_end_unix_seconds(EndUnixSeconds(parsed));
  figure.set_method("8 x octets / seconds of the month, \"as seen\" & < 1 (METRICS 3.4)");
  figure.set_windows(4319);
  figure.set_expected_windows(4320);
  figure.set_vintage(1);
  figure.set_state(v1::VINTAGE_STATE_FINAL);
  figure.set_computed_unix_seconds(1'735'000'000);
  figure.set_register_digest("ab12");
  return figure;
}

inline v1::Figure FixedDownload() {
  v1::Figure figure = SampleFigure(v1::SERIES_FIXED, "2024-11", "fixed_download_national", "38.9", "Tbps");
  figure.set_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  figure.set_coverage("0.4390");
  figure.set_exact("116700000000000/3");
  figure.set_base_unit("bit/s");
  figure.add_notes(v1::FIGURE_NOTE_SIMULATED);
  figure.add_notes(v1::FIGURE_NOTE_IMPUTED);
  figure.add_flags(v1::QUALITY_FLAG_PARTIAL);
  return figure;
}

inline v1::Figure WithheldGrowth() {
  v1::Figure figure = SampleFigure(v1::SERIES_FIXED, "2024-11", "fixed_download_growth", "", "%");
  figure.set_withheld_reason(v1::WITHHELD_REASON_SERIES_BREAK);
  figure.set_withheld_because("series_break: since 2024-05, \"9 ISPs\"");
  (*figure.mutable_labels())["lag"] = "12_months";
  figure.set_vintage(2);
  figure.set_state(v1::VINTAGE_STATE_REVISED);
  return figure;
}

inline v1::Figure MobileRate(const std::string& month, const std::string& value) {
  v1::Figure figure = SampleFigure(v1::SERIES_MOBILE, month, "mobile_rate", value, "Gbps");
  (*figure.mutable_labels())["direction"] = "download";
  figure.set_state(v1::VINTAGE_STATE_PROVISIONAL);
  return figure;
}

inline aggregator::HistoryFile Table(const std::string& name, const std::string& rows) {
  auto file =
      aggregator::ParseHistory(name, "period,value,unit,source,seen_or_recalled,series,basis,note\n" + rows);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : aggregator::HistoryFile();
}

inline aggregator::Publication SamplePublication() {
  aggregator::Publication publication;
  publication.publisher.set_name_ja("観測統計局");
  publication.publisher.set_name_en("Office of <Observed> Statistics");
  publication.publisher.set_contact("figures@example.jp");
  publication.licence = *aggregator::FindLicence("pdl-1.0");
  publication.figures = {FixedDownload(), WithheldGrowth(), MobileRate("2024-09", "6123.4")};
  publication.telescope = SampleTelescope();
  publication.history = {
      Table(
          "fixed_national_estimate.csv",
          "2009-11,1362.9,Gbps,Press 2010,seen,fixed_download_national_estimate,ix_share;6isp,old basis\n"
          "2014-11,3600,Gbps,Press 2015,seen,fixed_download_national_estimate,contract_share;6isp,\n"
          "2014-11,3500,Gbps,Press 2016,seen,fixed_download_national_estimate,contract_share;5isp,restated\n"
          "2022-11,29200,Gbps,computed,derived,fixed_download_national_estimate,contract_share;9isp,\n"
          "2023-11,34500,Gbps,\"Release, 2024\",seen,fixed_download_national_estimate,contract_share;9isp,\n"
          "2011-05,692.2,Gbps,Press 2011,seen,fixed_upload_national_estimate,contract_share;6isp,\n"),
      Table("mobile.csv", "2019-09,3082,Gbps,White paper 2020,seen,mobile_download_avg,,\n"),
      Table("nicter.csv",
            "2014,25660000000,packets,Report,seen,total_packets,vintage 2017 report,\n"
            "2015,54510000000,packets,Report,seen,total_packets,vintage 2017 report,\n"
            "2015,63200000000,packets,White paper,seen,total_packets,vintage 2022 report and later,\n"
            "2015,63160000000,packets,memory,recalled,total_packets,vintage 2024 report,\n"
            "2024,686200000000,packets,White paper,seen,total_packets,vintage 2024 report,\n"
            "2024,686200000000,packets,memory,recalled,total_packets,vintage 2024 report,\n"
            "2024,2430000,packets per address,computed,derived,packets_per_ip_per_year,vintage 2025 report,\n"
            "2024,2427977,packets per address,memory,recalled,packets_per_ip_per_year,vintage 2024 report,\n"
            "2020-Q1,118400000000,packets,Report,seen,total_packets,quarterly,\n"),
      Table("shares.csv",
            "2023,30,percent,White paper 2024,seen,category_share_iot,figure,about\n"
            "2024,30.5,percent,White paper 2025,seen,category_share_iot,figure,about\n"
            "2024,20.25,percent,White paper 2025,derived,category_share_http,figure,made up\n"),
  };
  return publication;
}

}  // namespace kansoku::testing
