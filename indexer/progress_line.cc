#include "indexer/progress_line.h"

#include <cstdio>

#include <unistd.h>

#include "indexer/output.h"

namespace footnote {

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressLine::Update(const std::string& what, uint64_t done,
                          uint64_t total) {
  constexpr auto kInterval = std::chrono::milliseconds(100);
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || (drawn_ && now - last_ < kInterval)) {
    return;
  }
  last_ = now;
  drawn_ = true;
  constexpr double kPercent = 100;
  const double part =
      total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
  constexpr size_t kColumns = 79;
  const std::string line =
      Fixed(part * kPercent, 0) + " % of " + Printable(what);
  std::fprintf(stderr, "\r\033[K%s", line.substr(0, kColumns).c_str());
  std::fflush(stderr);
}

void ProgressLine::Finish() const {
  if (drawn_) {
    std::fputs("\r\033[K", stderr);
  }
}

}  // namespace footnote
