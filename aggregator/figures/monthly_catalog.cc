// SPDX-License-Identifier: Apache-2.0
//
// The figures of months.
#include "aggregator/figures/figure_catalog.h"

namespace kansoku::aggregator::figures {

const FigureKind kFixedMonthRate{
    "fixed_month_rate", "bit/s", 0, "group,direction",
    "8 x octets of the contributors' points of the group / seconds of the month; missing windows are filled "
    "with the median of the same slot and day type, from 95 % complete on (METRICS 3.1, 3.2)"};
const FigureKind kFixedCoverage{
    "fixed_coverage", "ratio", 4, "",
    "the share of the month in coverage.csv; else contracts of the contributors / contracts of the whole "
    "market, at the end of the quarter before the month (METRICS 3.3)"};
const FigureKind kFixedDownloadNational{
    "fixed_download_national", "bit/s", 0, "",
    "fixed_month_rate of group a1, download / fixed_coverage (METRICS 3.4)"};
const FigureKind kFixedUploadNational{"fixed_upload_national", "bit/s", 0, "",
                                      "fixed_month_rate of group a1, upload / fixed_coverage (METRICS 3.5)"};
const FigureKind kFixedDownloadGrowth{"fixed_download_growth", "ratio", 4, "lag",
                                      "fixed_download_national / the same of 12 or 6 months before - 1, "
                                      "unrounded, within one basis and across no break (METRICS 3.6)"};
const FigureKind kFixedUploadGrowth{"fixed_upload_growth", "ratio", 4, "lag",
                                    "fixed_upload_national / the same of 12 or 6 months before - 1, "
                                    "unrounded, within one basis and across no break (METRICS 3.6)"};
const FigureKind kFixedVolumePerDay{"fixed_volume_per_day", "bytes", 0, "direction",
                                    "national rate x 86400 / 8 (METRICS 3.7, F7)"};
const FigureKind kFixedPerContractRate{"fixed_per_contract_rate", "bit/s", 3, "direction",
                                       "national rate / contracts of the whole market at the end of the "
                                       "quarter before the month (METRICS 3.7, F8)"};
const FigureKind kFixedPerContractVolume{"fixed_per_contract_volume", "bytes", 0, "direction",
                                         "fixed_per_contract_rate x 30.4375 days / 8: the month is 365.25 / "
                                         "12 days long whichever it is (METRICS 3.7, F9)"};
const FigureKind kFixedPerContractVolumeMic{
    "fixed_per_contract_volume_mic", "1.048576 bytes", 0, "direction",
    "fixed_per_contract_volume / 1.048576, to compare with MIC alone: since 2021 its GB seem to be "
    "1.048576e9 bytes (METRICS 3.7, F9)"};
const FigureKind kFixedHourProfile{"fixed_hour_profile", "bit/s", 0, "direction,day_type,slot",
                                   "mean over the month's weekdays, or weekend days and public holidays, of "
                                   "group a1's rate in the two-hour slot of Japan's day (METRICS 3.8, F10)"};
const FigureKind kFixedWeekdayProfile{"fixed_weekday_profile", "bit/s", 0, "direction,weekday,slot",
                                      "mean over the month's Mondays, Tuesdays ... of group a1's rate in the "
                                      "two-hour slot of Japan's day (METRICS 3.8, F10)"};
const FigureKind kFixedPeakRate{
    "fixed_peak_rate", "bit/s", 0, "direction,day_type",
    "the highest of fixed_hour_profile: a mean of two hours, no instant's peak (METRICS 3.8, F11)"};
const FigureKind kFixedPeakSlot{"fixed_peak_slot", "hour", 0, "direction,day_type",
                                "the hour in Japan at which the slot of fixed_peak_rate begins; of equal "
                                "slots the earlier (METRICS 3.8, F11)"};
const FigureKind kFixedInterconnection{
    "fixed_interconnection", "bit/s", 0, "group,direction",
    "as fixed_month_rate, of the groups of exchange with others, not extrapolated; download flows into the "
    "contributing ISPs (METRICS 3.9, F12)"};
const FigureKind kFixedBalance{"fixed_balance", "ratio", 4, "",
                               "octets into the contributing ISPs / octets out of them, over all groups; "
                               "further than 5 % apart a label or a direction is wrong (METRICS 3.9)"};
const FigureKind kMobileRate{
    "mobile_rate", "bit/s", 0, "direction",
    "8 x octets of the operators' subscribers / seconds of the month; missing windows are filled as in "
    "fixed_month_rate, by the hour; without a share: the operators are the market (METRICS 4, M1)"};
const FigureKind kMobileVolume{"mobile_volume", "bytes", 0, "direction",
                               "octets of the month as long as it is (METRICS 4, M2)"};
const FigureKind kMobilePerSubscriberRate{
    "mobile_per_subscriber_rate", "bit/s", 3, "direction",
    "mobile_rate / subscribers of the whole market at the end of the last quarter that ends with the month "
    "or before it (METRICS 4, M3)"};
const FigureKind kMobilePerSubscriberVolume{
    "mobile_per_subscriber_volume", "bytes", 0, "direction",
    "mobile_volume / subscribers of the whole market at the end of the last quarter that ends with the month "
    "or before it (METRICS 4, M3)"};
const FigureKind kMobileGrowth{
    "mobile_growth", "ratio", 4, "direction,lag",
    "mobile_rate / the same of 12 or 6 months before - 1, unrounded, across no break (METRICS 4, M4)"};
const FigureKind kMobileHourProfile{"mobile_hour_profile", "bit/s", 0, "direction,day_type,slot",
                                    "mean over the month's weekdays, or weekend days and public holidays, of "
                                    "the rate in the hour of Japan's day (METRICS 4, M5)"};

}  // namespace kansoku::aggregator::figures
