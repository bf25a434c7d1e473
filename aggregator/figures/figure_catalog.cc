// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/figure_catalog.h"

#include <array>
#include <cmath>
#include <string>

#include "absl/strings/str_format.h"

namespace kansoku::aggregator {
namespace figures {

const FigureKind kTrafficRate{"traffic_rate", "bit/s", 0, "group,access,direction,octets_basis",
                              "8 x octets of the windows present / seconds of the period; nothing is filled "
                              "in for missing windows; where "
                              "packets were sampled, octets x the sampling interval (METRICS 3.1, 3.2)"};
const FigureKind kTrafficVolume{
    "traffic_volume", "bytes", 0, "group,access,direction,octets_basis",
    "octets of the windows present; nothing is filled in for missing windows; where "
    "packets were sampled, octets x the sampling interval (METRICS 3.7)"};
const FigureKind kDarknetPackets{
    "darknet_packets", "packets", 0, "sensor,family",
    "packets to monitored dark addresses, backscatter and survey scans included; without a sensor label: all "
    "sensors (METRICS 5.2)"};
const FigureKind kDarknetUniqueHosts{
    "darknet_unique_hosts", "hosts", 0, "family,class,protocol",
    "different source addresses, by the union of sketches over the period and all sensors, with a standard "
    "error of "
    "0.81 %; without a class label: of all classes and protocols (METRICS 5.10)"};
const FigureKind kDarknetObservedAddresses{"darknet_observed_addresses", "addresses", 1, "sensor",
                                           "monitored IPv4 addresses x seconds / seconds observed, the mean "
                                           "over the period; without a sensor label: "
                                           "all sensors (METRICS 5.3)"};
const FigureKind kDarknetPrefixAddressSeconds{"darknet_prefix_address_seconds", "address-seconds", 0,
                                              "sensor,prefix",
                                              "monitored IPv4 addresses of the dark prefix x seconds they "
                                              "were monitored; prefix other: those beyond the "
                                              "1024 of most seconds; for their owner alone (METRICS 5.3)"};
const FigureKind kDarknetPacketsPerAddress{
    "darknet_packets_per_address", "packets", 3, "sensor",
    "IPv4 packets x seconds observed / (monitored addresses x seconds); without a sensor label: all sensors "
    "(METRICS 5.4, one period)"};
const FigureKind kDarknetSecondsPerPacketPerAddress{
    "darknet_seconds_per_packet_per_address", "seconds", 3, "sensor",
    "seconds observed / IPv4 packets per address; without a sensor label: all sensors (METRICS 5.5)"};
const FigureKind kDarknetPortShare{
    "darknet_port_share", "ratio", 4, "rank,protocol,port,population",
    "IPv4 packets of the port / IPv4 packets of all ports and protocols, the ten "
    "leading ports over all sensors; population all, "
    "or over whole days also without what survey scanners sent: non_survey by "
    "their behaviour, non_listed by lists; but for probes of theirs whose port "
    "found no room (METRICS 5.8)"};

}  // namespace figures

std::span<const FigureKind* const> AllFigures() {
  using namespace figures;
  static constexpr std::array kAll = {
      &kTrafficRate,
      &kTrafficVolume,
      &kDarknetPackets,
      &kDarknetUniqueHosts,
      &kDarknetObservedAddresses,
      &kDarknetPrefixAddressSeconds,
      &kDarknetPacketsPerAddress,
      &kDarknetSecondsPerPacketPerAddress,
      &kDarknetPortShare,
      &kDarknetAddresses,
      &kDarknetPacketsPerIp,
      &kDarknetSecondsPerPacketPerIp,
      &kDarknetSurveyScanShare,
      &kDarknetCategoryShare,
      &kDarknetClassPackets,
      &kDarknetFlaggedPackets,
      &kDarknetPortPackets,
      &kDarknetPortHosts,
      &kDarknetSurveySources,
      &kDarknetToolPackets,
      &kDarknetToolSources,
      &kDarknetVictimPackets,
      &kDarknetVictims,
      &kDarknetBackscatterSources,
      &kDarknetNonSurveyHosts,
      &kDarknetUnjudgedPackets,
      &kDarknetMostUnjudgedOfOne,
      &kDarknetDetectableFloodRate,
      &kDarknetInfectedSubscribers,
      &kDarknetUnjudgedSubscriberPackets,
      &kDarknetYoy,
      &kDarknetRatioToBaseYear,
      &kFixedMonthRate,
      &kFixedCoverage,
      &kFixedDownloadNational,
      &kFixedUploadNational,
      &kFixedDownloadGrowth,
      &kFixedUploadGrowth,
      &kFixedVolumePerDay,
      &kFixedPerContractRate,
      &kFixedPerContractVolume,
      &kFixedPerContractVolumeMic,
      &kFixedHourProfile,
      &kFixedWeekdayProfile,
      &kFixedPeakRate,
      &kFixedPeakSlot,
      &kFixedInterconnection,
      &kFixedBalance,
      &kMobileRate,
      &kMobileVolume,
      &kMobilePerSubscriberRate,
      &kMobilePerSubscriberVolume,
      &kMobileGrowth,
      &kMobileHourProfile,
  };
  return kAll;
}

v1::Figure MakeFigure(const FigureKind& kind, const v1::Figure& frame, const Rational& value) {
  v1::Figure figure = frame;
  figure.set_id(std::string(kind.id));
  figure.set_unit(std::string(kind.unit));
  figure.set_method(std::string(kind.method));
  figure.set_value(ToDecimal(value, kind.digits));
  return figure;
}

void SetStandardError(const FigureKind& kind, double error, v1::Figure& figure) {
  // printf rounds a half to even.
  const double scale = std::pow(10, kind.digits);
  figure.set_standard_error(absl::StrFormat("%.*f", kind.digits, std::round(error * scale) / scale));
}

v1::Figure WithholdFigure(const FigureKind& kind, const v1::Figure& frame, const Withheld& why) {
  v1::Figure figure = MakeFigure(kind, frame, Rational{});
  Withhold(why, figure);
  return figure;
}

}  // namespace kansoku::aggregator
