// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/figure_names.h"

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "aggregator/publish/figure_columns.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

using Dictionary = std::map<std::string_view, Words>;

const Dictionary& Names() {
  static const Dictionary names = {
      {"fixed_month_rate", {"協力ISPの月平均トラヒック", "Mean rate of the cooperating ISPs"}},
      {"fixed_coverage", {"協力ISPのカバー率", "Coverage of the cooperating ISPs"}},
      {"fixed_download_national",
       {"固定系総ダウンロードトラヒック（推計）", "Fixed download, national estimate"}},
      {"fixed_upload_national",
       {"固定系総アップロードトラヒック（推計）", "Fixed upload, national estimate"}},
      {"fixed_download_growth", {"固定系ダウンロードの増減率", "Growth of fixed download"}},
      {"fixed_upload_growth", {"固定系アップロードの増減率", "Growth of fixed upload"}},
      {"fixed_volume_per_day", {"固定系の1日当たり通信量", "Fixed volume a day"}},
      {"fixed_per_contract_rate", {"1契約当たり平均トラヒック", "Mean rate for each contract"}},
      {"fixed_per_contract_volume", {"1契約当たり1か月の通信量", "Volume a month for each contract"}},
      {"fixed_per_contract_volume_mic",
       {"1契約当たり1か月の通信量（総務省の単位に相当）",
        "Volume a month for each contract, in MIC's apparent unit"}},
      {"fixed_hour_profile", {"固定系の時刻帯別トラヒック", "Fixed traffic by hours"}},
      {"fixed_weekday_profile", {"固定系の曜日・時刻帯別トラヒック", "Fixed traffic by weekday and hours"}},
      {"fixed_peak_rate", {"固定系のピーク時トラヒック", "Peak rate of fixed traffic"}},
      {"fixed_peak_slot", {"固定系のピーク時刻帯", "Peak hours of fixed traffic"}},
      {"fixed_interconnection", {"相互接続トラヒック", "Interconnection traffic"}},
      {"fixed_balance", {"流入と流出の収支", "Balance of in and out"}},
      {"mobile_rate", {"移動系月平均トラヒック", "Mobile mean rate"}},
      {"mobile_volume", {"移動系月間延べトラヒック", "Mobile volume of the month"}},
      {"mobile_per_subscriber_rate",
       {"移動系1加入者当たり平均トラヒック", "Mobile mean rate for each subscriber"}},
      {"mobile_per_subscriber_volume",
       {"移動系1加入者当たり月間通信量", "Mobile volume for each subscriber"}},
      {"mobile_growth", {"移動系の増減率", "Growth of mobile traffic"}},
      {"mobile_hour_profile", {"移動系の時間帯別トラヒック", "Mobile traffic by hour"}},
      {"darknet_packets", {"総観測パケット数", "Packets at dark addresses"}},
      {"darknet_class_packets", {"種別ごとのパケット数", "Packets by class"}},
      {"darknet_flagged_packets", {"特異な特徴のあるパケット数", "Packets that look odd"}},
      {"darknet_addresses", {"観測IPアドレス数", "Monitored addresses"}},
      {"darknet_prefix_address_seconds", {"プレフィックス別の観測時間", "Seconds monitored, by prefix"}},
      {"darknet_packets_per_ip", {"1 IPアドレス当たりのパケット数", "Packets for each address"}},
      {"darknet_seconds_per_packet_per_ip",
       {"1アドレスに1パケットが届く間隔", "Seconds for each packet at an address"}},
      {"darknet_port_share", {"宛先ポート別の割合", "Share of a port"}},
      {"darknet_port_packets", {"宛先ポート別のパケット数", "Packets to a port"}},
      {"darknet_port_hosts", {"宛先ポート別の送信元数", "Sources of a port"}},
      {"darknet_category_share", {"区分別の割合", "Share of a category"}},
      {"darknet_unique_hosts", {"送信元数", "Different sources"}},
      {"darknet_non_survey_hosts",
       {"調査目的のスキャンを除く送信元数", "Sources that are no survey scanners"}},
      {"darknet_survey_scan_share", {"調査目的とみられるスキャンの割合", "Share of survey scans"}},
      {"darknet_survey_sources", {"調査目的とみられる送信元数", "Sources of survey scans"}},
      {"darknet_tool_sources", {"スキャンツールの送信元数", "Sources that use a scanning tool"}},
      {"darknet_tool_packets", {"スキャンツールのパケット数", "Packets of a scanning tool"}},
      {"darknet_victims", {"攻撃を受けたホスト数（跳ね返り観測）", "Victims of floods"}},
      {"darknet_backscatter_sources", {"跳ね返りパケットの送信元数", "Sources of backscatter"}},
      {"darknet_victim_packets", {"攻撃を受けたホストからの応答", "Answers of victims of floods"}},
      {"darknet_detectable_flood_rate", {"検知できる攻撃の下限", "Weakest flood that is noticed"}},
      {"darknet_unjudged_packets", {"送信元を判定できないパケット数", "Packets whose source was not judged"}},
      {"darknet_most_unjudged_of_one",
       {"1送信元当たりの判定できないパケット数の上限", "Most packets of one source that were not judged"}},
      {"darknet_infected_subscribers", {"感染の疑いのある利用者数", "Subscribers that seem infected"}},
      {"darknet_unjudged_subscriber_packets",
       {"判定できない利用者のパケット数", "Packets of subscribers that were not judged"}},
      {"darknet_yoy", {"パケット数の前年比", "Packets, on the year before"}},
      {"darknet_ratio_to_base_year", {"パケット数の基準年比", "Packets, against the base year"}},
  };
  return names;
}

const Dictionary& Vocabulary() {
  static const Dictionary words = {
      {"download", {"ダウンロード", "download"}},
      {"upload", {"アップロード", "upload"}},
      {"total", {"上下合計", "total"}},
      {"weekday", {"平日", "weekdays"}},
      {"holiday", {"休日", "weekends and holidays"}},
      {"mon", {"月曜", "Monday"}},
      {"tue", {"火曜", "Tuesday"}},
      {"wed", {"水曜", "Wednesday"}},
      {"thu", {"木曜", "Thursday"}},
      {"fri", {"金曜", "Friday"}},
      {"sat", {"土曜", "Saturday"}},
      {"sun", {"日曜", "Sunday"}},
      {"12_months", {"前年同月比", "on the year before"}},
      {"6_months", {"前半期比", "on the half-year before"}},
      {"provisional", {"暫定値", "provisional"}},
      {"final", {"確定値", "final"}},
      {"revised", {"改定値", "revised"}},
      {"contract_share", {"契約数シェア", "share of contracts"}},
      {"ix_share", {"主要IXトラヒックのシェア", "share of major exchanges' traffic"}},
      {"complete", {"欠測なし", "complete"}},
      {"simulated", {"模擬入力", "simulated"}},
      {"imputed", {"補完あり", "imputed"}},
      {"sampled", {"標本推計", "sampled"}},
      {"offloaded", {"一部観測外のおそれ", "offloaded"}},
      {"partial", {"一部欠測", "partial"}},
      {"drops", {"パケット損失あり", "packets lost"}},
      {"late_packets", {"遅着パケットあり", "late packets"}},
      {"flow_table_full", {"フロー数は上限値", "flows are upper bounds"}},
      {"capture_damaged", {"収集の中断", "capture cut short"}},
      {"merged_packets", {"パケット数は下限値", "packets are lower bounds"}},
      {"one_sided", {"片方向のみ観測", "one-sided"}},
      {"interface_down", {"回線断", "interface down"}},
      {"merging_interface", {"結合受信の設定あり", "interface merges packets"}},
      {"bypass_possible", {"観測外の転送経路あり", "a way past the capture"}},
      {"clock_unsynchronised", {"時刻同期なし", "clock not kept right"}},
      {"little_headroom", {"処理余力不足", "little headroom"}},
      {"partial_member", {"途中加入・脱退あり", "members changed"}},
      {"matched_panel", {"同一協力者による比較", "matched panel"}},
      {"mic_unit", {"総務省相当単位", "MIC's apparent unit"}},
      {"unbalanced", {"収支不一致", "unbalanced"}},
      {"all", {"全パケット", "all packets"}},
      {"non_survey", {"調査目的のスキャンを除く", "without survey scanners"}},
      {"non_listed", {"リスト上の調査スキャナを除く", "without listed survey scanners"}},
      {"iot", {"IoT機器", "IoT devices"}},
      {"http", {"HTTP・HTTPS", "HTTP and HTTPS"}},
      {"windows", {"Windows", "Windows"}},
      {"other", {"その他", "other"}},
      {"behaviour", {"挙動による判定", "by behaviour"}},
      {"listed", {"リストによる判定", "by lists"}},
      {"daily", {"日ごとに除す", "day by day"}},
      {"mean", {"平均で除す", "by the mean"}},
      {"lastday", {"最終日の値で除す", "by the last day"}},
      {"reached", {"ダークネットに到達", "reached dark addresses"}},
      {"scanning", {"スキャン", "scanning"}},
      {"examined", {"特徴を調べた全パケット", "examined"}},
      {"high_ttl", {"TTLが200以上", "high time to live"}},
      {"network_source", {"送信元が.0又は.255", "from .0 or .255"}},
      {"own_source", {"送信元と宛先が同じ", "from their own destination"}},
      {"port_zero", {"ポート番号0", "port 0"}},
      {"any", {"いずれか", "any of these"}},
      {"foreign_quote", {"送っていないパケットへのICMPエラー", "ICMP errors about packets of others"}},
      {"no_room", {"記録容量の不足", "no room"}},
      {"no_port", {"宛先ポートの記録容量の不足", "no room for their port"}},
      {"undecided", {"調査目的か否か判定不能", "survey scanner or not"}},
      {"untold", {"送信元の区別なし", "sources not told apart"}},
  };
  return words;
}

// Empty where the reason was not told apart.
const char* InJapanese(v1::WithheldReason reason) {
  switch (reason) {
    case v1::WITHHELD_REASON_OTHER_OCTETS:
      return "この月の観測値と統計台帳とでオクテットの数え方が異なるため";
    case v1::WITHHELD_REASON_NO_POINTS:
      return "対象となる測定点が統計台帳にないため";
    case v1::WITHHELD_REASON_INCOMPLETE:
      return "欠測が多いため";
    case v1::WITHHELD_REASON_UNFILLABLE:
      return "欠測を補完するための同種の時刻帯の観測値がないため";
    case v1::WITHHELD_REASON_FEW_CONTRIBUTORS:
      return "協力ISPが少なく、個々のISPの値が推測されるおそれがあるため";
    case v1::WITHHELD_REASON_NO_CONTRACTS:
      return "その時期の契約数またはカバー率が統計台帳にないため";
    case v1::WITHHELD_REASON_BAD_SHARE:
      return "統計台帳によるカバー率が0より大きく1以下の値でないため";
    case v1::WITHHELD_REASON_NO_SUCH_DAY:
      return "この月に該当する日の時刻帯がないため";
    case v1::WITHHELD_REASON_SERIES_BREAK:
      return "系列に断絶があり、比較対象の月と比べられないため";
    case v1::WITHHELD_REASON_NO_EARLIER:
      return "比較対象の月の値が公表されていないため";
    case v1::WITHHELD_REASON_EARLIER_WITHHELD:
      return "比較対象の月の値が非公表であるため";
    case v1::WITHHELD_REASON_OTHER_BASIS:
      return "比較対象の月と推計の基準が異なるため";
    case v1::WITHHELD_REASON_NOTHING_COUNTED:
      return "除数となる値が0であるため";
    case v1::WITHHELD_REASON_SAMPLED:
      return "ダークネットに届いたパケットが標本抽出されていたため";
    case v1::WITHHELD_REASON_NO_DARK_ADDRESSES:
      return "観測対象の未使用アドレスがなかったため";
    case v1::WITHHELD_REASON_UNSETTLED:
      return "対象の期間が終わっていないか、終わってから1時間を経ていないため";
    case v1::WITHHELD_REASON_PORT_WITHOUT_CATEGORY:
      return "上位10ポートのいずれかが分類表にないため";
    case v1::WITHHELD_REASON_OTHER_KEYS:
      return "送信元の識別に複数の鍵または判定規則が用いられたか、一部で識別されていなかったため";
    default:
      return "";
  }
}

}  // namespace

std::string WithheldText(const v1::Figure& figure, Language language) {
  const std::string japanese = InJapanese(figure.withheld_reason());
  return language == Language::kEnglish || japanese.empty() ? figure.withheld_because() : japanese;
}

std::string FigureName(std::string_view id, Language language) {
  const auto found = Names().find(id);
  return std::string(found == Names().end() ? id : found->second.In(language));
}

std::string LabelWords(const v1::Figure& figure, Language language) {
  std::string text;
  for (const char* const key :
       {"group",  "direction", "day_type", "weekday",  "slot",     "lag",    "population",
        "rank",   "port",      "protocol", "category", "rule",     "list",   "tool",
        "family", "class",     "flag",     "method",   "evidence", "because"}) {
    const auto found = figure.labels().find(key);
    if (found == figure.labels().end()) continue;
    absl::StrAppend(&text, text.empty() ? "" : Words{"・", ", "}.In(language),
                    WordIn(found->second, language));
    if (std::string_view(key) == "slot") absl::StrAppend(&text, Words{"時", " h"}.In(language));
  }
  return text;
}

std::string MonthWords(const std::string& month, Language language) {
  static constexpr const char* kEnglish[] = {"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};
  const absl::StatusOr<Month> parsed = ParseMonth(month);
  if (!parsed.ok()) return month;
  if (language == Language::kJapanese) return absl::StrCat(parsed->year, "年", parsed->month, "月");
  return absl::StrCat(kEnglish[parsed->month - 1], " ", parsed->year);
}

std::string WordIn(const std::string& word, Language language) {
  const auto found = Vocabulary().find(word);
  return found == Vocabulary().end() ? word : std::string(found->second.In(language));
}

std::string QualityText(const v1::Figure& figure, Language language) {
  std::vector<std::string> words = absl::StrSplit(QualityWords(figure), ' ');
  for (std::string& word : words) word = WordIn(word, language);
  return absl::StrJoin(words, Words{"、", ", "}.In(language));
}

}  // namespace kansoku::aggregator
