// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/mapped_file_source.h"

namespace kansoku::collector {
namespace {

constexpr int kBurstsPerPoll = 32;

}  // namespace

absl::StatusOr<std::unique_ptr<PacketSource>> MappedFileSource::Open(const std::string& path) {
  absl::StatusOr<MappedFile> file = MappedFile::Open(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<CaptureReader> reader = CaptureReader::Open(file->bytes(), path);
  if (!reader.ok()) return reader.status();
  return std::unique_ptr<PacketSource>(new MappedFileSource(*std::move(file), *std::move(reader)));
}

absl::StatusOr<PollState> MappedFileSource::Poll(Sink sink) {
  for (int bursts = 0; bursts < kBurstsPerPoll; ++bursts) {
    if (absl::Status status = file_.Advance(reader_.position()); !status.ok()) return status;
    const absl::StatusOr<size_t> packets = reader_.Read(burst_);
    if (!packets.ok()) return packets.status();
    if (*packets == 0) return PollState::kEnd;
    sink({burst_.data(), *packets});
  }
  return PollState::kMore;
}

}  // namespace kansoku::collector
