// SPDX-License-Identifier: Apache-2.0
//
// The rows of the catalogue of dark addresses: counters, and what shows figures of the last whole day of the
// telescopes and of their calendar years (METRICS 5). The labels of these are the figures', and the year.
#include "proto/contract/metric_catalog.h"

namespace kansoku::metrics {

const Metric kDarknetPackets{"kansoku_darknet_packets_total",
                             MetricType::kCounter,
                             "packets",
                             "sensor,class,family",
                             "Packets that reached monitored dark addresses and were looked at.",
                             "DarknetCell.packets; METRICS 5.2"};
const Metric kDarknetAddressSeconds{
    "kansoku_darknet_address_seconds_total",
    MetricType::kCounter,
    "seconds",
    "sensor",
    "Monitored IPv4 addresses x seconds they were monitored; packets divided by this are packets per address "
    "and second.",
    "DarknetTally.address_seconds; METRICS 5.4"};
const Metric kDarknetObservedAddresses{"kansoku_darknet_observed_addresses",
                                       MetricType::kGauge,
                                       "addresses",
                                       "sensor",
                                       "IPv4 addresses monitored in the sensor's last window.",
                                       "DarknetTally.address_seconds / window length; METRICS 5.3"};
const Metric kDarknetDayStart{"kansoku_darknet_day_start_timestamp_seconds",
                              MetricType::kGauge,
                              "seconds",
                              "",
                              "When the last day began in Japan whose sources were judged: the day that "
                              "kansoku_darknet_day_* are of.",
                              "Figure.period of darknet_packets"};
const Metric kDarknetDayPackets{"kansoku_darknet_day_packets",
                                MetricType::kGauge,
                                "packets",
                                "family",
                                "Packets to dark addresses on the last judged day, over all sensors.",
                                "Figure darknet_packets"};
const Metric kDarknetDayClassPackets{"kansoku_darknet_day_class_packets",
                                     MetricType::kGauge,
                                     "packets",
                                     "class,family",
                                     "Packets to dark addresses on the last judged day, by class.",
                                     "Figure darknet_class_packets"};
const Metric kDarknetDayAddresses{"kansoku_darknet_day_addresses",
                                  MetricType::kGauge,
                                  "addresses",
                                  "",
                                  "Monitored IPv4 addresses, the mean over the last judged day.",
                                  "Figure darknet_addresses"};
const Metric kDarknetDayPortPackets{"kansoku_darknet_day_port_packets",
                                    MetricType::kGauge,
                                    "packets",
                                    "rank,protocol,port,population",
                                    "Packets to each of the ten leading ports at dark addresses on the last "
                                    "judged day; population all, or without what "
                                    "survey scanners sent.",
                                    "Figure darknet_port_packets"};
const Metric kDarknetDayPortHosts{
    "kansoku_darknet_day_port_hosts",
    MetricType::kGauge,
    "hosts",
    "rank,protocol,port,population",
    "Different hosts that probed each of the ten ports with the most of them on the last judged day; "
    "population all, or without survey scanners. Absent where they are fewer than ten.",
    "Figure darknet_port_hosts"};
const Metric kDarknetDayFlaggedPackets{
    "kansoku_darknet_day_flagged_packets",
    MetricType::kGauge,
    "packets",
    "flag",
    "Packets of the last judged day that look odd, by flag; examined: all that were looked at, any: with one "
    "flag or several, but for foreign_quote. Absent where no collector looks.",
    "Figure darknet_flagged_packets"};
const Metric kDarknetDayCategory{"kansoku_darknet_day_category_ratio",
                                 MetricType::kGauge,
                                 "ratio",
                                 "category,population",
                                 "Share of the leading ports of the category on the last judged day. Absent "
                                 "where a leading port is in none.",
                                 "Figure darknet_category_share"};
const Metric kDarknetDaySurveyScan{"kansoku_darknet_day_survey_scan_ratio",
                                   MetricType::kGauge,
                                   "ratio",
                                   "rule,list",
                                   "Share of survey scanners in the packets of the last judged day: by "
                                   "behaviour, or listed on any list or on one.",
                                   "Figure darknet_survey_scan_share"};
const Metric kDarknetDayVictims{
    "kansoku_darknet_day_victim_hosts",
    MetricType::kGauge,
    "hosts",
    "",
    "Hosts whose answers to a flood reached dark addresses on the last judged day.",
    "Figure darknet_victims"};
const Metric kDarknetDayHosts{
    "kansoku_darknet_day_unique_hosts",
    MetricType::kGauge,
    "hosts",
    "family,class,protocol",
    "Different sources on the last judged day; without a class: of all of the family.",
    "Figure darknet_unique_hosts"};
const Metric kDarknetDayPacketsPerAddress{
    "kansoku_darknet_day_packets_per_address",
    MetricType::kGauge,
    "1",
    "method",
    "IPv4 packets for each monitored address on the last judged day. Of one day the methods agree.",
    "Figure darknet_packets_per_ip"};
const Metric kDarknetDayPacketInterval{
    "kansoku_darknet_day_packet_interval_seconds",
    MetricType::kGauge,
    "seconds",
    "method",
    "Seconds from one packet to the next at each monitored address on the last judged day.",
    "Figure darknet_seconds_per_packet_per_ip"};
const Metric kDarknetDayToolPackets{"kansoku_darknet_day_tool_packets",
                                    MetricType::kGauge,
                                    "packets",
                                    "tool",
                                    "Packets of sources that a scanning tool's mark gives away on the last "
                                    "judged day.",
                                    "Figure darknet_tool_packets"};
const Metric kDarknetDayToolHosts{"kansoku_darknet_day_tool_hosts",
                                  MetricType::kGauge,
                                  "hosts",
                                  "tool",
                                  "Sources that a scanning tool's mark gives away on the last judged day.",
                                  "Figure darknet_tool_sources"};
const Metric kDarknetDayBackscatterHosts{
    "kansoku_darknet_day_backscatter_hosts",
    MetricType::kGauge,
    "hosts",
    "",
    "Hosts that answered somebody who forged our addresses on the last judged day, victims of floods or not.",
    "Figure darknet_backscatter_sources"};
const Metric kDarknetDayUnjudgedPackets{
    "kansoku_darknet_day_unjudged_packets",
    MetricType::kGauge,
    "packets",
    "because",
    "Packets of the last judged day whose source could not be judged: no_room or untold; and no_port, probes "
    "of "
    "survey scanners that could not be taken out of population non_survey, and undecided, of sources that "
    "may be "
    "survey scanners and count as none.",
    "Figure darknet_unjudged_packets"};
const Metric kDarknetDayInfectedSubscribers{
    "kansoku_darknet_day_infected_subscribers",
    MetricType::kGauge,
    "subscribers",
    "evidence",
    "Subscribers who sent to dark addresses on the last judged day: reached, or scanning. Absent where no "
    "collector looks for them.",
    "Figure darknet_infected_subscribers"};
const Metric kDarknetDayUnjudgedSubscriberPackets{
    "kansoku_darknet_day_unjudged_subscriber_packets",
    MetricType::kGauge,
    "packets",
    "",
    "Packets of subscribers to dark addresses on the last judged day that found no room: above 0, some "
    "subscribers may be missing.",
    "Figure darknet_unjudged_subscriber_packets"};
const Metric kDarknetDayUncategorisedPorts{
    "kansoku_darknet_day_uncategorised_ports",
    MetricType::kGauge,
    "ports",
    "",
    "Leading ports of the last judged day, of any population, that the table of port categories does not "
    "have: above 0, shares of categories are withheld. Absent without a table.",
    "Ports of figure darknet_port_packets without a row in port_categories_path"};
const Metric kDarknetYearPackets{
    "kansoku_darknet_year_packets",
    MetricType::kGauge,
    "packets",
    "year,family",
    "Packets to dark addresses in the calendar year in Japan, over all sensors and the days that are known "
    "(kansoku_darknet_year_complete_ratio); of the last twenty years.",
    "Figure darknet_packets"};
const Metric kDarknetYearAddresses{"kansoku_darknet_year_addresses",
                                   MetricType::kGauge,
                                   "addresses",
                                   "year",
                                   "Monitored IPv4 addresses, the mean over the days of the year.",
                                   "Figure darknet_addresses"};
const Metric kDarknetYearPacketsPerAddress{
    "kansoku_darknet_year_packets_per_address",
    MetricType::kGauge,
    "1",
    "year,method",
    "IPv4 packets for each monitored address in the year, scaled to all its days where some are not known.",
    "Figure darknet_packets_per_ip"};
const Metric kDarknetYearPacketInterval{
    "kansoku_darknet_year_packet_interval_seconds",
    MetricType::kGauge,
    "seconds",
    "year,method",
    "Seconds from one packet to the next at each monitored address in the year.",
    "Figure darknet_seconds_per_packet_per_ip"};
const Metric kDarknetYearBaseRatio{
    "kansoku_darknet_year_base_ratio",
    MetricType::kGauge,
    "ratio",
    "year",
    "IPv4 packets of the year / those of 2015. Absent where not every day of both years is known.",
    "Figure darknet_ratio_to_base_year"};
const Metric kDarknetYearComplete{"kansoku_darknet_year_complete_ratio",
                                  MetricType::kGauge,
                                  "ratio",
                                  "year",
                                  "Days of the year with a window / all its days, those to come included.",
                                  "TelescopeDay.windows"};

}  // namespace kansoku::metrics
