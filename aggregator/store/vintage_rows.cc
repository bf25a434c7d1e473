// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/vintage_rows.h"

#include <limits>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "aggregator/store/compression.h"
#include "proto/contract/deterministic_bytes.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// What ToMessage reads, in its order.
constexpr char kColumns[] =
    "series, month, number, state, computed_unix_seconds, computed_by, because, method_version, "
    "register_digest, month_changes";
constexpr int kColumnCount = 10;

v1::Vintage ToMessage(const Statement& row) {
  v1::Vintage vintage;
  vintage.set_series(static_cast<v1::Series>(row.Int(0)));
  vintage.set_month(std::string(row.Bytes(1)));
  vintage.set_number(static_cast<uint32_t>(row.Int(2)));
  vintage.set_state(static_cast<v1::VintageState>(row.Int(3)));
  vintage.set_computed_unix_seconds(row.Int(4));
  vintage.set_by(std::string(row.Bytes(5)));
  vintage.set_because(std::string(row.Bytes(6)));
  vintage.set_method_version(std::string(row.Bytes(7)));
  vintage.set_register_digest(std::string(row.Bytes(8)));
  vintage.set_month_changes(row.Unsigned(9));
  return vintage;
}

std::string Name(v1::Series series, const std::string& month, uint32_t number) {
  return absl::StrCat("vintage ", number, " of ", EnumLabel(series), " ", month);
}

std::string Packed(const google::protobuf::MessageLite& message) {
  return Compress(DeterministicBytes(message));
}

// Adds to the message what the column holds of it.
absl::Status Unpack(std::string_view column, const std::string& of, google::protobuf::MessageLite& message) {
  const absl::StatusOr<std::string> bytes = Decompress(column);
  if (bytes.ok() && message.MergeFromString(*bytes)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the store's ", of, " cannot be read; restore the store from a copy"));
}

absl::Status CheckNumber(Database& database, const v1::Vintage& vintage) {
  Statement read = database.Prepare("SELECT max(number) FROM vintage WHERE series = ? AND month = ?");
  absl::StatusOr<bool> found = read.Bind(static_cast<int>(vintage.series()), vintage.month()).Step();
  if (!found.ok()) return found.status();
  const int64_t last = read.Int(0);
  if (vintage.number() == last + 1) return absl::OkStatus();
  const std::string name = Name(vintage.series(), vintage.month(), vintage.number());
  if (vintage.number() > last || vintage.number() == 0) {
    return absl::FailedPreconditionError(absl::StrCat(name, ": ", last + 1, " is the next number"));
  }
  return absl::AlreadyExistsError(absl::StrCat(name, ": is kept already, and never changes"));
}

}  // namespace

PackedVintage Pack(const v1::Vintage& vintage, const v1::Statistics& statistics) {
  v1::Vintage figures;
  *figures.mutable_figures() = vintage.figures();
  return {Packed(statistics), Packed(figures), Packed(vintage.inputs())};
}

absl::Status WriteVintage(Database& database, const v1::Vintage& vintage, const PackedVintage& packed) {
  if (absl::Status next = CheckNumber(database, vintage); !next.ok()) return next;
  absl::Status done = database.Prepare("INSERT OR IGNORE INTO register (digest, statistics) VALUES (?, ?)")
                          .Bind(vintage.register_digest(), Blob{packed.statistics})
                          .Run();
  if (!done.ok()) return done;
  return database
      .Prepare(absl::StrCat("INSERT INTO vintage (", kColumns,
                            ", figures, inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))
      .Bind(static_cast<int>(vintage.series()), vintage.month(), vintage.number(),
            static_cast<int>(vintage.state()), vintage.computed_unix_seconds(), vintage.by(),
            vintage.because(), vintage.method_version(), vintage.register_digest(), vintage.month_changes(),
            Blob{packed.figures}, Blob{packed.inputs})
      .Run();
}

absl::StatusOr<std::vector<v1::Vintage>> ReadVintages(Database& database, const VintageFilter& filter) {
  Statement read = database.Prepare(absl::StrCat(
      "SELECT ", kColumns, filter.with_figures ? ", figures" : "",
      " FROM vintage WHERE (?1 = 0 OR series = ?1) AND month >= ?2 AND (?3 = '' OR month <= ?3) AND "
      "computed_unix_seconds <= ?4 AND (NOT ?5 OR number = (SELECT max(number) FROM vintage AS other WHERE "
      "other.series = vintage.series AND other.month = vintage.month AND other.computed_unix_seconds <= ?4)) "
      "ORDER BY series, month, number"));
  read.Bind(static_cast<int>(filter.series), filter.first_month, filter.last_month,
            filter.as_published_unix_seconds.value_or(std::numeric_limits<int64_t>::max()),
            static_cast<int>(filter.latest_only));
  std::vector<v1::Vintage> vintages;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return vintages;
    v1::Vintage& vintage = vintages.emplace_back(ToMessage(read));
    if (!filter.with_figures) continue;
    const std::string name = Name(vintage.series(), vintage.month(), vintage.number());
    if (absl::Status done = Unpack(read.Bytes(kColumnCount), name, vintage); !done.ok()) return done;
  }
}

absl::StatusOr<v1::Vintage> ReadVintage(Database& database, v1::Series series, const std::string& month,
                                        uint32_t number) {
  Statement read =
      database.Prepare(absl::StrCat("SELECT ", kColumns,
                                    ", figures, inputs FROM vintage WHERE series = ? AND month = ? AND "
                                    "number = ?"));
  absl::StatusOr<bool> found = read.Bind(static_cast<int>(series), month, number).Step();
  if (!found.ok()) return found.status();
  const std::string name = Name(series, month, number);
  if (!*found) return absl::NotFoundError(absl::StrCat("there is no ", name));
  v1::Vintage vintage = ToMessage(read);
  absl::Status done = Unpack(read.Bytes(kColumnCount), name, vintage);
  if (done.ok()) done = Unpack(read.Bytes(kColumnCount + 1), name, *vintage.mutable_inputs());
  if (!done.ok()) return done;
  return vintage;
}

absl::StatusOr<v1::Statistics> ReadStoredRegister(Database& database, const std::string& digest) {
  Statement read = database.Prepare("SELECT statistics FROM register WHERE digest = ?");
  absl::StatusOr<bool> found = read.Bind(digest).Step();
  if (!found.ok()) return found.status();
  if (!*found) return absl::NotFoundError(absl::StrCat("no vintage was computed with the register ", digest));
  v1::Statistics statistics;
  if (absl::Status done = Unpack(read.Bytes(0), absl::StrCat("register ", digest), statistics); !done.ok()) {
    return done;
  }
  return statistics;
}

}  // namespace kansoku::aggregator
