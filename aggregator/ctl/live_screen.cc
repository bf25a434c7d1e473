// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/live_screen.h"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "aggregator/ctl/render_top.h"

namespace kansoku::aggregator {
namespace {

// xterm's second screen, so that the first is untouched, and no cursor.
constexpr char kEnter[] = "\x1b[?1049h\x1b[?25l";
constexpr char kLeave[] = "\x1b[?25h\x1b[?1049l";
// To the upper left corner; nothing behind a line; nothing behind the last (ECMA-48, CUP, EL, ED).
constexpr char kHome[] = "\x1b[H", kEndOfLine[] = "\x1b[K\n", kEndOfPicture[] = "\x1b[K\x1b[J";

// What a signal's handler needs to put things back.
termios terminal_before;
bool has_terminal_before = false;

void Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written <= 0) return;  // nobody looks any more
    text.remove_prefix(static_cast<size_t>(written));
  }
}

// Calls only what a signal's handler may call.
void PutBack() {
  Write(std::string_view(kLeave, sizeof kLeave - 1));
  if (has_terminal_before) tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

void PutBackAndEnd(int /*signal*/) {
  PutBack();
  _exit(0);
}

void On(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigaction(signal, &action, nullptr);
}

}  // namespace

LiveScreen::LiveScreen() {
  has_terminal_before = tcgetattr(STDIN_FILENO, &terminal_before) == 0;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) On(signal, PutBackAndEnd);
  On(SIGWINCH, [](int) {});  // that it interrupts the waiting is enough
  if (has_terminal_before) {
    termios by_key = terminal_before;
    by_key.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    by_key.c_cc[VSUSP] = _POSIX_VDISABLE;  // else the shell would come back into this picture
    tcsetattr(STDIN_FILENO, TCSANOW, &by_key);
  }
  Write(kEnter);
}

LiveScreen::~LiveScreen() {
  PutBack();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}) On(signal, SIG_DFL);
}

void LiveScreen::Draw(const std::string& text) {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
  const std::string fits = Clipped(text, known ? size.ws_col : 80, known ? size.ws_row : 24);
  Write(absl::StrCat(kHome, absl::StrReplaceAll(fits, {{"\n", kEndOfLine}}), kEndOfPicture));
}

std::optional<char> LiveScreen::WaitForKey(absl::Duration time) {
  pollfd keys{STDIN_FILENO, POLLIN, 0};
  if (poll(&keys, 1, static_cast<int>(absl::ToInt64Milliseconds(time))) <= 0) return std::nullopt;
  char key = 'q';
  return read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

}  // namespace kansoku::aggregator
