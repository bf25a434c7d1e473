// SPDX-License-Identifier: Apache-2.0
//
// Every figure that is published: what it is called, how it is rounded and how it was computed. A figure can
// only be made from a row, so the method that a reader sees is the one that stands beside the formula.
// Constant data.
#pragma once

#include <span>
#include <string_view>

#include "aggregator/figures/rational.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

struct FigureKind {
  std::string_view id;
  std::string_view unit;    // "bit/s", "bytes", "packets", "addresses", "hosts", "seconds", "ratio" ...
  int digits;               // after the decimal point
  std::string_view labels;  // comma-separated, for the reader; a label may be absent where `method` says so
  std::string_view method;  // the formula in one line, with its section of METRICS
};

namespace figures {
extern const FigureKind kTrafficRate;
extern const FigureKind kTrafficVolume;
extern const FigureKind kDarknetPackets;
extern const FigureKind kDarknetUniqueHosts;
extern const FigureKind kDarknetObservedAddresses;
extern const FigureKind kDarknetPrefixAddressSeconds;
extern const FigureKind kDarknetPacketsPerAddress;
extern const FigureKind kDarknetSecondsPerPacketPerAddress;
extern const FigureKind kDarknetPortShare;
// Of whole days alone.
extern const FigureKind kDarknetAddresses;
extern const FigureKind kDarknetPacketsPerIp;
extern const FigureKind kDarknetSecondsPerPacketPerIp;
extern const FigureKind kDarknetSurveyScanShare;
extern const FigureKind kDarknetCategoryShare;
extern const FigureKind kDarknetClassPackets;
extern const FigureKind kDarknetFlaggedPackets;
extern const FigureKind kDarknetPortPackets;
extern const FigureKind kDarknetPortHosts;
extern const FigureKind kDarknetSurveySources;
extern const FigureKind kDarknetToolPackets;
extern const FigureKind kDarknetToolSources;
extern const FigureKind kDarknetVictimPackets;
extern const FigureKind kDarknetVictims;
extern const FigureKind kDarknetBackscatterSources;
extern const FigureKind kDarknetNonSurveyHosts;
extern const FigureKind kDarknetUnjudgedPackets;
extern const FigureKind kDarknetMostUnjudgedOfOne;
extern const FigureKind kDarknetDetectableFloodRate;
extern const FigureKind kDarknetInfectedSubscribers;
extern const FigureKind kDarknetUnjudgedSubscriberPackets;
extern const FigureKind kDarknetYoy;
extern const FigureKind kDarknetRatioToBaseYear;
// Of months (monthly_figures.h).
extern const FigureKind kFixedMonthRate;
extern const FigureKind kFixedCoverage;
extern const FigureKind kFixedDownloadNational;
extern const FigureKind kFixedUploadNational;
extern const FigureKind kFixedDownloadGrowth;
extern const FigureKind kFixedUploadGrowth;
extern const FigureKind kFixedVolumePerDay;
extern const FigureKind kFixedPerContractRate;
extern const FigureKind kFixedPerContractVolume;
extern const FigureKind kFixedPerContractVolumeMic;
extern const FigureKind kFixedHourProfile;
extern const FigureKind kFixedWeekdayProfile;
extern const FigureKind kFixedPeakRate;
extern const FigureKind kFixedPeakSlot;
extern const FigureKind kFixedInterconnection;
extern const FigureKind kFixedBalance;
extern const FigureKind kMobileRate;
extern const FigureKind kMobileVolume;
extern const FigureKind kMobilePerSubscriberRate;
extern const FigureKind kMobilePerSubscriberVolume;
extern const FigureKind kMobileGrowth;
extern const FigureKind kMobileHourProfile;
}  // namespace figures

std::span<const FigureKind* const> AllFigures();
// Those of telescopes' days (telescope_figures.h, telescope_growth.h).
std::span<const FigureKind* const> TelescopeFigureKinds();

// `frame` has what figures of one subject share: period, windows, expected windows, flags, and labels.
v1::Figure MakeFigure(const FigureKind& kind, const v1::Figure& frame, const Rational& value);
// `error` is rounded as the value is.
void SetStandardError(const FigureKind& kind, double error, v1::Figure& figure);
v1::Figure WithholdFigure(const FigureKind& kind, const v1::Figure& frame, const Withheld& why);

}  // namespace kansoku::aggregator
