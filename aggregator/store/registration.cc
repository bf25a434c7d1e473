// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/registration.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

absl::Status RegisterPoint(Database& database, const v1::Hello& hello,
                           const v1::PointDescription& described) {
  Statement find = database.Prepare("SELECT collector, window_seconds FROM point WHERE name = ?");
  absl::StatusOr<bool> known = find.Bind(described.point()).Step();
  if (!known.ok()) return known.status();
  if (!*known) {
    return database
        .Prepare(
            "INSERT INTO point (name, collector, isp, traffic_group, window_seconds, region) "
            "VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(described.point(), hello.collector(), hello.isp(), static_cast<int>(described.group()),
              described.window_seconds(), described.region())
        .Run();
  }
  if (find.Bytes(0) != hello.collector()) {
    return absl::FailedPreconditionError(
        absl::StrCat("point ", described.point(), " belongs to collector ", std::string(find.Bytes(0)),
                     ", not to ", hello.collector(), "; give the link another point name"));
  }
  if (find.Int(1) != int64_t{described.window_seconds()}) {
    return absl::FailedPreconditionError(absl::StrCat(
        "point ", described.point(), " has windows of ", find.Int(1), " s in the store, not of ",
        described.window_seconds(), " s; set window_seconds back, or give the link another point name"));
  }
  return database.Prepare("UPDATE point SET isp = ?, traffic_group = ?, region = ? WHERE name = ?")
      .Bind(hello.isp(), static_cast<int>(described.group()), described.region(), described.point())
      .Run();
}

}  // namespace

absl::StatusOr<uint64_t> Register(Database& database, const v1::Hello& hello, absl::Time now) {
  Statement find = database.Prepare("SELECT committed_through FROM epoch WHERE collector = ? AND epoch = ?");
  absl::StatusOr<bool> known = find.Bind(hello.collector(), hello.epoch()).Step();
  if (!known.ok()) return known.status();
  const uint64_t committed = *known ? find.Unsigned(0) : 0;

  // What lies before first_sequence will never come; passing over it here is what counts it once.
  const uint64_t next = committed + 1;
  const uint64_t missing = hello.first_sequence() > next ? hello.first_sequence() - next : 0;

  absl::Status done = database
                          .Prepare(
                              "INSERT INTO collector (name, isp, software_version, epoch, missing_reports, "
                              "last_heard_unix_ns) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO UPDATE SET isp = ?2, "
                              "software_version = ?3, "
                              "epoch = ?4, missing_reports = missing_reports + ?5, last_heard_unix_ns = ?6")
                          .Bind(hello.collector(), hello.isp(), hello.software_version(), hello.epoch(),
                                missing, absl::ToUnixNanos(now))
                          .Run();
  if (!done.ok()) return done;
  done = database
             .Prepare(
                 "INSERT INTO epoch (collector, epoch, committed_through) VALUES (?1, ?2, ?3) "
                 "ON CONFLICT (collector, epoch) DO UPDATE SET committed_through = ?3")
             .Bind(hello.collector(), hello.epoch(), committed + missing)
             .Run();
  if (!done.ok()) return done;
  for (const v1::PointDescription& point : hello.points()) {
    if (done = RegisterPoint(database, hello, point); !done.ok()) return done;
  }
  return committed + missing;
}

}  // namespace kansoku::aggregator
