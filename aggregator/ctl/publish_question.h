// SPDX-License-Identifier: Apache-2.0
//
// What `kansokuctl publish` is told. Plain data.
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

struct PublishQuestion {
  std::vector<v1::GetFiguresRequest> requests;  // one for each series
  // Of telescopes, as they may be published: of each month, of each whole year, then of each of the last
  // days.
  std::vector<v1::GetFiguresRequest> telescope;
  v1::Publisher publisher;
  std::string licence;         // as typed, and known
  std::string history_folder;  // empty: the figures stand alone
  std::string key_path;        // empty: not signed
  std::string out;
};

}  // namespace kansoku::aggregator
