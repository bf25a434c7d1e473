// SPDX-License-Identifier: Apache-2.0
#include "proto/terminal/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku {
namespace {

constexpr absl::Duration kDrawnEvery = absl::Milliseconds(100);
// An estimate from less than that says nothing.
constexpr absl::Duration kEnoughToEstimate = absl::Seconds(1);
// To the line's beginning, and nothing behind it (ECMA-48, EL).
constexpr char kClearLine[] = "\r\x1b[K";

// A line that wraps could not be drawn over. A process whose system calls are filtered is not told any more.
size_t ColumnsOf(int descriptor, size_t otherwise) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : otherwise;
}

// Whoever closed the terminal does not want to know.
void Write(int descriptor, const std::string& text) {
  [[maybe_unused]] const ssize_t written = write(descriptor, text.data(), text.size());
}

}  // namespace

std::string ProgressText(std::string_view what, uint64_t begun_with, uint64_t done, uint64_t total,
                         absl::Duration spent) {
  const std::string name(what);
  if (total == 0 || done > total) return absl::StrCat(name, " ...");
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const std::string text = absl::StrCat(name, ": ", static_cast<int>(100 * share), " %");
  if (done <= begun_with || done == total || spent < kEnoughToEstimate) return text;
  const double times = static_cast<double>(total - done) / static_cast<double>(done - begun_with);
  return absl::StrCat(text, ", about ", absl::FormatDuration(absl::Ceil(spent * times, absl::Seconds(1))),
                      " left");
}

const char* OverProgress(bool is_terminal) { return is_terminal ? kClearLine : ""; }

Progress::Progress(int descriptor, std::string what)
    : descriptor_(descriptor),
      what_(std::move(what)),
      is_terminal_(isatty(descriptor) == 1),
      columns_(ColumnsOf(descriptor, 80)) {}

Progress::~Progress() {
  if (is_terminal_ && has_begun_) Write(descriptor_, kClearLine);
}

void Progress::Tell(uint64_t done, uint64_t total, absl::Time now) {
  if (!is_terminal_) return;
  if (!has_begun_) {
    begun_with_ = done;
    begun_at_ = now;
  } else if (now - drawn_at_ < kDrawnEvery) {
    return;
  }
  has_begun_ = true;
  drawn_at_ = now;
  const std::string text = ProgressText(what_, begun_with_, done, total, now - begun_at_);
  columns_ = ColumnsOf(descriptor_, columns_);
  size_t end = std::min(text.size(), columns_ - 1);
  while (end < text.size() && (text[end] & 0xc0) == 0x80) --end;  // not within a character
  Write(descriptor_, kClearLine + text.substr(0, end));
}

}  // namespace kansoku
