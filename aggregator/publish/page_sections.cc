// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/page_sections.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/figure_names.h"
#include "aggregator/publish/html_text.h"

namespace kansoku::aggregator {
namespace {

std::string Section(const std::string& id, Words title, Language language, const std::string& content) {
  return absl::StrCat("<section id=\"", id, "\" aria-labelledby=\"", id, "-title\">\n<h2 id=\"", id,
                      "-title\">", title.In(language), "</h2>\n", content, "</section>\n");
}

struct Term {
  Words term, meaning;
};

constexpr Term kMethodTerms[] = {
    {{"期間", "Periods"},
     {"月は日本時間（Asia/Tokyo）の1日0時から翌月1日0時の前まで。時刻帯は2時間ごと。",
      "A month runs from its first midnight in Japan (Asia/Tokyo) to the next month's. Hours of the day are "
      "in slots "
      "of two."}},
    {{"方向", "Directions"},
     {"利用者から見た方向。ダウンロードは利用者が受け取る通信。",
      "As subscribers see them: download is what they receive."}},
    {{"単位と端数", "Units and rounding"},
     {"接頭語は10進（1 Tbps = 10の12乗ビット毎秒、1 GB = "
      "10の9乗バイト）。増減率は丸める前の値から計算し、公表時に一度だけ四捨五入する。",
      "Prefixes are decimal (1 Tbps is 10^12 bit/s, 1 GB is 10^9 bytes). Growth is computed from values that "
      "are not "
      "rounded; each is rounded once, half away from zero."}},
    {{"推計", "National estimate"},
     {"協力ISPの通信量をカバー率で割る。測定点が欠けるとカバー率が下がり、通信量を減らしたことにはしない。",
      "What the cooperating ISPs carried, divided by their coverage. A point that is missing lowers "
      "coverage, not "
      "traffic."}},
    {{"状態と版", "State and vintage"},
     {"暫定値は猶予期間が終わるまでの値。その後の最初の版が確定値、以後の版は改定値。改定しても以前の版は残る"
      "。",
      "A value is provisional until its time of grace is over. The first after it is final, any later one "
      "revised. "
      "Earlier vintages are kept."}},
    {{"非公表", "Withheld"},
     {"比較できない月や欠測が多い月などの値は公表せず、理由を示す。",
      "A value that would mislead, as across a break of the series or with too much missing, is withheld and "
      "says "
      "why."}},
    {{"公表済みの値（図表）", "Published values in the charts"},
     {"他の機関が公表した値で、根拠を三つに分ける。「確認」は資料で見た値、「算出」は見た値から計算した値、「"
      "記憶」は資料を見ずに記した値で、引用前に確かめる必要がある。"
      "「実測」は本サイトの指標。基準の異なる値は線を分け、互いに比べない。",
      "What others published, in three degrees. Seen: read in a source. Derived: computed from values that "
      "were seen. "
      "Recalled: written down without a source at hand, to be checked before it is relied on. Measured are "
      "this "
      "site's own figures. Values of different bases are separate lines and are not compared."}},
    {{"ダークネット", "Dark addresses"},
     {"未使用のIPアドレスに届いたパケットの数で、攻撃の件数ではない。過去の値は版により改められている。",
      "Packets that reach unused addresses; not a number of attacks. Past values were restated from vintage "
      "to "
      "vintage."}},
};

std::string MethodsOfFigures(const Publication& publication, Language language) {
  std::map<std::string, std::string> methods;  // of the latest month of each
  for (const v1::Figure& figure : publication.figures) methods[figure.id()] = figure.method();
  for (const v1::Figure& figure : publication.telescope) methods[figure.id()] = figure.method();
  if (methods.empty()) return "";
  std::string html = absl::StrCat(
      "<h3>", Words{"指標ごとの算出方法", "How each figure is computed"}.In(language), "</h3>\n<dl>\n");
  for (const auto& [id, method] : methods) {
    absl::StrAppend(&html, "<dt>", Escaped(FigureName(id, language)), " <code>", Escaped(id),
                    "</code></dt><dd>", Escaped(method), "</dd>\n");
  }
  return absl::StrCat(html, "</dl>\n");
}

}  // namespace

std::string Citation(const Publication& publication, Language language) {
  const Licence& licence = publication.licence;
  if (language == Language::kJapanese) {
    return absl::StrCat("出典：「我が国のインターネットトラヒック：公表値」（",
                        publication.publisher.name_ja(), "）、", licence.id, "（", licence.url,
                        "）。加工した場合は「…を加工して作成」と書き添える。");
  }
  return absl::StrCat("Source: \"Internet traffic of Japan: published figures\" (",
                      publication.publisher.name_en(), "), ", licence.id, " (", licence.url,
                      "). When processed, add that it was made by processing these.");
}

std::string DataSection(const PageFacts& facts, const std::string& root, Language language) {
  std::string html = absl::StrCat(
      "<p>",
      Words{"文字コードはUTF-8（BOMなし）、1セルに1データ、数値に桁区切りを付けず、単位は別の列にある。",
            "UTF-8 without a byte order mark; one datum in each cell, numbers without separators, units in a "
            "column of "
            "their own."}
          .In(language),
      "</p>\n<ul>\n");
  for (const std::string& path : facts.data_paths) {
    absl::StrAppend(&html, "<li><a href=\"", root, path, "\">", path, "</a></li>\n");
  }
  return Section("data", {"データ", "Data"}, language, absl::StrCat(html, "</ul>\n"));
}

std::string MethodSection(const Publication& publication, Language language) {
  std::string html = "<dl>\n";
  for (const Term& term : kMethodTerms) {
    absl::StrAppend(&html, "<dt>", term.term.In(language), "</dt><dd>", term.meaning.In(language), "</dd>\n");
  }
  return Section("method", {"方法", "Method"}, language,
                 absl::StrCat(html, "</dl>\n", MethodsOfFigures(publication, language)));
}

std::string LicenceSection(const Publication& publication, const PageFacts& facts, Language language) {
  const Licence& licence = publication.licence;
  std::string html = absl::StrCat(
      "<p>", Words{"指標は次の条件で利用できる：", "The figures may be used under "}.In(language),
      "<a href=\"", licence.url, "\">", licence.name.In(language), "</a> (", licence.id, ")</p>\n<p>",
      Escaped(Citation(publication, language)), "</p>\n<p>",
      Words{"公表済みの値は各行に示した出典のものであり、引用時はその出典を示す。本サイトは総務省や情報通信研"
            "究機構の公表物そのものではない。",
            "Values of the published history are those of the sources named in their rows; cite these. This "
            "site is "
            "not a publication of the ministry or of NICT."}
          .In(language),
      "</p>\n<p>",
      Words{"内容には注意を払うが、利用の結果について公表者は責任を負わない。誤りは新しい版で正し、以前の版を"
            "消さない。",
            "Care is taken, and no liability for use. Errors are mended in a new vintage; earlier ones are "
            "not erased."}
          .In(language),
      "</p>\n<p>", Words{"連絡先：", "Contact: "}.In(language), Escaped(publication.publisher.contact()),
      "</p>\n<h3>", Words{"真正性の確認", "Checking that it is genuine"}.In(language), "</h3>\n");
  if (facts.is_signed) {
    absl::StrAppend(&html, "<p>",
                    Words{"公開鍵 publisher.pem が公表者のものであることを別の経路で確かめてから：",
                          "Once you know from elsewhere that publisher.pem is the publisher's key:"}
                        .In(language),
                    "</p>\n<pre><code>", kVerifyCommand, "</code></pre>\n");
  }
  absl::StrAppend(&html, "<p>",
                  Words{"ファイルが揃っていることの確認：", "That the files are whole:"}.In(language),
                  "</p>\n<pre><code>", kCheckCommand, "</code></pre>\n");
  return Section("licence", {"利用条件", "Licence"}, language, html);
}

}  // namespace kansoku::aggregator
