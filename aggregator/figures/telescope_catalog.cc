// SPDX-License-Identifier: Apache-2.0
//
// The figures of telescopes' whole days.
#include <array>

#include "aggregator/figures/figure_catalog.h"

namespace kansoku::aggregator {
namespace figures {

const FigureKind kDarknetAddresses{
    "darknet_addresses", "addresses", 1, "",
    "monitored IPv4 addresses x seconds / 86400, the mean over days on which any "
    "was monitored; all sensors (METRICS 5.3)"};
const FigureKind kDarknetPacketsPerIp{"darknet_packets_per_ip", "packets", 0, "method",
                                      "method daily: the sum over days of IPv4 packets / addresses, times "
                                      "days of the period / days on which any was "
                                      "monitored; mean: packets / mean addresses; lastday: packets / "
                                      "addresses of the last such day (METRICS 5.4)"};
const FigureKind kDarknetSecondsPerPacketPerIp{
    "darknet_seconds_per_packet_per_ip", "seconds", 0, "method",
    "seconds of the period / packets per address of the same method (METRICS 5.5)"};
const FigureKind kDarknetSurveyScanShare{
    "darknet_survey_scan_share", "ratio", 4, "rule,list",
    "IPv4 packets of survey scanners / all IPv4 packets, of days on which sources "
    "were told apart; rule behaviour: sources with "
    "as many TCP SYN and UDP packets on a day as there are addresses where sources are told apart, "
    "and 30 ports; listed: on a list of scanners, any "
    "or the one named (METRICS 5.7)"};
const FigureKind kDarknetCategoryShare{"darknet_category_share", "ratio", 4, "category,population",
                                       "IPv4 packets of those of the ten leading ports that belong to the "
                                       "category / all packets of the population; other: "
                                       "what is outside the ten (METRICS 5.9)"};
const FigureKind kDarknetClassPackets{
    "darknet_class_packets", "packets", 0, "class,family",
    "packets of the class, over all sensors; the version of the rules that classes are told by is in "
    "darknet_rules (METRICS 5.1)"};
const FigureKind kDarknetFlaggedPackets{
    "darknet_flagged_packets", "packets", 0, "flag",
    "packets that look odd, of those of flag examined; they are left out of no other figure: high_ttl, a "
    "time "
    "to live of 200 or more without the mark of Masscan; network_source, from an IPv4 address that ends in "
    ".0 "
    "or .255; own_source, from the very address they are for; port_zero, TCP or UDP from or to port 0; any, "
    "one of these or several; and, not in any, foreign_quote, ICMP errors about a packet that the address "
    "they are for did not send (METRICS 5.1, DARKNET 1, 2.1, 2.2)"};
const FigureKind kDarknetPortPackets{
    "darknet_port_packets", "packets", 0, "rank,protocol,port,population",
    "IPv4 packets of each of the ten leading ports of the population, of which "
    "darknet_port_share is the share (METRICS 5.8)"};
const FigureKind kDarknetPortHosts{
    "darknet_port_hosts", "hosts", 0, "rank,protocol,port,population",
    "different IPv4 sources of TCP SYNs and UDP probes to the port, of those that found "
    "room; the ten leading ports by them; population all, or without survey scanners by behaviour: "
    "non_survey, withheld of days that were judged before these were counted by port; of a single day, for "
    "hosts of several do not add up (METRICS 5.7, 5.10)"};
const FigureKind kDarknetSurveySources{"darknet_survey_sources", "hosts", 0, "rule,list",
                                       "IPv4 sources whose packets are in darknet_survey_scan_share of the "
                                       "same rule; of a single day (METRICS 5.7)"};
const FigureKind kDarknetToolPackets{
    "darknet_tool_packets", "packets", 0, "tool",
    "all packets of IPv4 sources that the tool's mark gives away: three SYNs and nine of ten carry it, of "
    "nmap and unicornscan of pairs with different sequence numbers, or for mirai any does at three "
    "addresses; a source may show several (METRICS 5, DARKNET 2.3)"};
const FigureKind kDarknetToolSources{
    "darknet_tool_sources", "hosts", 0, "tool",
    "IPv4 sources whose packets are in darknet_tool_packets; of a single day (METRICS 5, DARKNET 2.3)"};
const FigureKind kDarknetVictimPackets{
    "darknet_victim_packets", "packets", 0, "",
    "answers of victims of floods to addresses that the flood forged (METRICS 5.1, DARKNET 1)"};
const FigureKind kDarknetVictims{"darknet_victims", "hosts", 0, "",
                                 "hosts that answered a flood from forged addresses: 25 packets over 60 "
                                 "seconds with 30 packets in some 60 "
                                 "seconds, and no pause above 300; of a single day (METRICS 5.1, DARKNET 1)"};
const FigureKind kDarknetBackscatterSources{"darknet_backscatter_sources", "hosts", 0, "",
                                            "hosts that answered somebody who forged our addresses, whether "
                                            "or not with as many packets as make one of "
                                            "darknet_victims; absent of days that were judged before they "
                                            "were counted; of a single day (METRICS 5.1, "
                                            "DARKNET 1)"};
const FigureKind kDarknetNonSurveyHosts{
    "darknet_non_survey_hosts", "hosts", 0, "family",
    "different IPv4 sources that were no survey scanners by behaviour on some day, by the union of the days' "
    "HyperLogLog sketches; of sources that found room and were told apart (darknet_unjudged_packets are of "
    "others), of days on which sources were judged (METRICS 5.7, 5.10)"};
const FigureKind kDarknetUnjudgedPackets{
    "darknet_unjudged_packets", "packets", 0, "because",
    "packets whose source could not be judged: no_room, it found no room here or at a collector; untold, "
    "nobody "
    "told it apart, or they came after the day was judged; and of IPv4 sources that were judged no_port, "
    "probes of survey scanners whose port "
    "found no room: they could not be taken out of population non_survey; and undecided, of sources with as "
    "many "
    "probes as a survey scanner that may have had 30 ports, had all found room: they count as none (METRICS "
    "5.7, 5.8)"};
const FigureKind kDarknetMostUnjudgedOfOne{
    "darknet_most_unjudged_of_one", "packets", 0, "",
    "no source was denied more of its packets than so many, where it found no room here or at a collector: "
    "one "
    "that sent less than a survey scanner by no more than that may be one; of a single day (METRICS 5.7)"};
const FigureKind kDarknetDetectableFloodRate{"darknet_detectable_flood_rate", "packets/s", 0, "",
                                             "30 packets in 60 seconds x 2^32 / darknet_addresses: the "
                                             "weakest flood from evenly forged addresses that "
                                             "is seen (METRICS 5.3, DARKNET 1)"};
const FigureKind kDarknetInfectedSubscribers{
    "darknet_infected_subscribers", "subscribers", 0, "evidence",
    "subscribers of the collectors' own links who sent to dark addresses: reached, a TCP SYN or UDP probe; "
    "scanning, to three or with the mark of Mirai; one counts at each point and after each restart; of a "
    "single "
    "day (METRICS 5.1, DARKNET 1)"};
const FigureKind kDarknetUnjudgedSubscriberPackets{
    "darknet_unjudged_subscriber_packets", "packets", 0, "",
    "packets to dark addresses from subscribers that found no room, so that they may be missing in "
    "darknet_infected_subscribers; of a single day (METRICS 5.1, DARKNET 1)"};
const FigureKind kDarknetYoy{
    "darknet_yoy", "ratio", 4, "",
    "IPv4 packets of the year / those of the year before - 1, unrounded; of whole years "
    "(METRICS 5.6, D6)"};
const FigureKind kDarknetRatioToBaseYear{
    "darknet_ratio_to_base_year", "ratio", 4, "",
    "IPv4 packets of the year / those of 2015, unrounded; of whole years (METRICS 5.6, D5)"};

}  // namespace figures

std::span<const FigureKind* const> TelescopeFigureKinds() {
  using namespace figures;
  static constexpr std::array kKinds = {
      &kDarknetPackets,
      &kDarknetClassPackets,
      &kDarknetFlaggedPackets,
      &kDarknetAddresses,
      &kDarknetPrefixAddressSeconds,
      &kDarknetDetectableFloodRate,
      &kDarknetPacketsPerIp,
      &kDarknetSecondsPerPacketPerIp,
      &kDarknetPortPackets,
      &kDarknetPortShare,
      &kDarknetPortHosts,
      &kDarknetCategoryShare,
      &kDarknetSurveyScanShare,
      &kDarknetSurveySources,
      &kDarknetToolPackets,
      &kDarknetToolSources,
      &kDarknetVictimPackets,
      &kDarknetVictims,
      &kDarknetBackscatterSources,
      &kDarknetUnjudgedPackets,
      &kDarknetMostUnjudgedOfOne,
      &kDarknetUniqueHosts,
      &kDarknetNonSurveyHosts,
      &kDarknetInfectedSubscribers,
      &kDarknetUnjudgedSubscriberPackets,
      &kDarknetYoy,
      &kDarknetRatioToBaseYear,
  };
  return kKinds;
}

}  // namespace kansoku::aggregator
