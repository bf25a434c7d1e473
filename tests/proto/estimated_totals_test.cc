// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/estimated_totals.h"

#include <gtest/gtest.h>

namespace kansoku {
namespace {

v1::Cell Counted(uint64_t packets, uint64_t wire_octets, uint64_t ip_octets) {
  v1::Cell cell;
  cell.set_packets(packets);
  cell.set_wire_octets(wire_octets);
  cell.set_ip_octets(ip_octets);
  return cell;
}

// One packet in ten of 114 octets each, 100 of them IP.
v1::Cell Sampled() {
  v1::Cell cell = Counted(4, 456, 400);
  cell.mutable_estimate()->set_packets(40);
  cell.mutable_estimate()->set_wire_octets(4'560);
  cell.mutable_estimate()->set_ip_octets(4'000);
  cell.mutable_estimate()->mutable_packets_variance()->set_low(360);
  cell.mutable_estimate()->mutable_wire_octets_variance()->set_low(4'678'560);
  cell.mutable_estimate()->mutable_ip_octets_variance()->set_low(3'600'000);
  return cell;
}

TEST(EstimatedTotals, CountedCellsAreExactOnEveryBasis) {
  EstimatedTotals totals;
  totals.Add(Counted(3, 342, 300));
  totals.Add(Counted(1, 60, 40));
  EXPECT_FALSE(totals.is_estimated());
  EXPECT_EQ(totals.packets(), 4);
  EXPECT_EQ(totals.octets(OctetsBasis::kL3), 340);
  EXPECT_EQ(totals.octets(OctetsBasis::kL2), 402);
  EXPECT_EQ(totals.octets(OctetsBasis::kL2Fcs), 418);
  for (const OctetsBasis basis : kOctetsBases) EXPECT_EQ(totals.octets_standard_error(basis), 0);
}

TEST(EstimatedTotals, SampledCellsAreScaledAndTheirVariancesAdd) {
  EstimatedTotals totals;
  totals.Add(Sampled());
  totals.Add(Sampled());
  totals.Add(Counted(1, 60, 40));
  EXPECT_TRUE(totals.is_estimated());
  EXPECT_EQ(totals.packets(), 81);
  EXPECT_EQ(totals.octets(OctetsBasis::kL3), 8'040);
  EXPECT_EQ(totals.octets(OctetsBasis::kL2), 9'180);
  EXPECT_EQ(totals.octets(OctetsBasis::kL2Fcs), 9'504);
  EXPECT_DOUBLE_EQ(totals.packets_standard_error() * totals.packets_standard_error(), 720);
  EXPECT_NEAR(totals.octets_standard_error(OctetsBasis::kL3), 2'683.28, 0.01);
  EXPECT_NEAR(totals.octets_standard_error(OctetsBasis::kL2), 3'058.94, 0.01);
  // All frames are equally long here, so the bound is the error itself: 118 / 114 of that of l2.
  EXPECT_NEAR(totals.octets_standard_error(OctetsBasis::kL2Fcs), 3'058.94 * 118 / 114, 0.01);
}

TEST(EstimatedTotals, SumsOutgrow64Bits) {
  EstimatedTotals totals;
  for (int i = 0; i < 3; ++i) totals.Add(Counted(1, UINT64_MAX, UINT64_MAX));
  EXPECT_EQ(totals.octets(OctetsBasis::kL3), absl::uint128(UINT64_MAX) * 3);
  EXPECT_EQ(totals.octets(OctetsBasis::kL2Fcs), absl::uint128(UINT64_MAX) * 3 + 12);
}

TEST(OctetsBasis, HasTheLabelsOfTheFigures) {
  EXPECT_EQ(Label(OctetsBasis::kL3), "l3");
  EXPECT_EQ(Label(OctetsBasis::kL2), "l2");
  EXPECT_EQ(Label(OctetsBasis::kL2Fcs), "l2_fcs");
}

}  // namespace
}  // namespace kansoku
